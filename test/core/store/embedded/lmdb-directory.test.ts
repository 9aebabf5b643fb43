import { systemClock } from '../../../../services/core/runtime/clock';
import { Damaged } from '../../../../services/core/runtime/errors';
import { Environment } from '../../../../services/core/store/embedded/environment';
import { LmdbDirectory } from '../../../../services/core/store/embedded/lmdb-directory';
import { temporaryFolder } from './temporary-folder';

test.each(['', '{', 'null', '{}', '"text"', '{"login":"a"}'])('an entry stored as %j is damage, not an unknown login', async (stored) => {
  const folder = await temporaryFolder();
  const environment = await Environment.open(folder.path, systemClock);
  const directory = new LmdbDirectory(environment);
  await environment.table<string>('directory', true).put('a', Buffer.from(stored), 1);
  await expect(directory.get('a')).rejects.toBeInstanceOf(Damaged);
  expect(await directory.get('b')).toBeNull();
  await environment.close();
  await folder.remove();
});

test('an entry that was stored before there were aliases is none', async () => {
  const folder = await temporaryFolder();
  const environment = await Environment.open(folder.path, systemClock);
  const directory = new LmdbDirectory(environment);
  const old = { login: 'a', accountId: 'b', passwordHash: null, credentialVersion: 1, disabled: false, removed: false, highestUidValidity: 0 };
  await environment.table<string>('directory', true).put('a', Buffer.from(JSON.stringify(old)), 1);
  expect(await directory.get('a')).toEqual({ ...old, aliasOf: null, version: 1 });
  for await (const each of directory.list()) expect(each.aliasOf).toBeNull();
  await environment.close();
  await folder.remove();
});

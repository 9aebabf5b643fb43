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

// A client that moves with its cache to a server that took the account over: it is told what it lacks, and downloads nothing again.
import { join } from 'node:path';
import { MessageBodies } from '../../../services/core/account/message-bodies';
import { systemClock } from '../../../services/core/runtime/clock';
import { systemRandom } from '../../../services/core/runtime/random';
import { MemoryBlobStore } from '../../../services/core/store/memory/memory-blob-store';
import { claimFolder } from '../../../services/cli/export/export-folder';
import { Exporter } from '../../../services/cli/export/exporter';
import { Importer } from '../../../services/cli/import/importer';
import { openSource } from '../../../services/cli/import/open-source';
import { keptUids } from '../../../services/cli/import/placement';
import type { ImapClient } from '../../support/imap-client';
import { ImapWorld } from '../../support/imap-world';
import { removeFolder, temporaryFolder } from './moved-account';

let world: ImapWorld;
let folder: string;

beforeEach(async () => {
  world = await ImapWorld.open();
  folder = await temporaryFolder();
  await world.addUser('old');
  await world.addUser('new');
});

afterEach(async () => {
  await world.close();
  await removeFolder(folder);
});

function report(place: string, reason: string): void {
  throw new Error(`${place}: ${reason}`);
}

async function move(): Promise<void> {
  const blobs = new MemoryBlobStore(world.tier, systemClock);
  await claimFolder(join(folder, 'out'));
  await world.withAccount('old', (account) =>
    new Exporter(new MessageBodies(blobs, systemClock, account.id), account.id, account.state, { onMessage: () => undefined, say: () => undefined }).run(join(folder, 'out')),
  );
  const source = await openSource(join(folder, 'out'), null, report);
  await world.withAccount('new', async (account) => {
    await account.refresh();
    await new Importer({ blobs, clock: systemClock, random: systemRandom }, account, report, () => undefined, keptUids(source, systemClock)).run(source);
  });
}

const numberIn = (lines: readonly string[], code: string): string => new RegExp(`\\[${code} (\\d+)\\]`).exec(lines.join('\n'))![1]!;

function flagsByUid(lines: readonly string[]): Map<number, string> {
  const found = lines.flatMap((line) => [...line.matchAll(/FETCH \(UID (\d+) (?:MODSEQ \(\d+\) )?FLAGS \(([^)]*)\)/g)]);
  return new Map(found.map(([, uid, flags]) => [Number(uid), flags!.split(' ').filter((flag) => flag !== '\\Recent').sort().join(' ')]));
}

function vanishedIn(lines: readonly string[]): number[] {
  const sets = lines.flatMap((line) => /^\* VANISHED \(EARLIER\) (\S+)$/.exec(line)?.[1]?.split(',') ?? []);
  return sets.flatMap((range) => {
    const [first, last = first] = range.split(':').map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

async function append(client: ImapClient, text: string, flags = ''): Promise<void> {
  await client.command('p', `APPEND INBOX (${flags}) {${text.length}+}\r\n${text}`);
}

const enabled = async (login: string): Promise<ImapClient> => {
  const client = await world.signIn(login);
  await client.command('e', 'ENABLE QRESYNC');
  return client;
};

test('a QRESYNC client finds its cache as good as it was: what is gone is told, flags are, and nothing else', async () => {
  const client = await enabled('old');
  for (let i = 1; i <= 9; i += 1) await append(client, `Subject: ${i}\r\n\r\nbody ${i}\r\n`, i % 2 ? '\\Seen work' : '');
  await client.command('s', 'SELECT INBOX');
  await client.command('x', 'UID STORE 2,5 +FLAGS.SILENT (\\Deleted)');
  await client.command('x', 'EXPUNGE');
  const greeting = await client.command('s', 'SELECT INBOX');
  const [uidValidity, modSeq] = [numberIn(greeting, 'UIDVALIDITY'), numberIn(greeting, 'HIGHESTMODSEQ')];
  const cache = flagsByUid(await client.command('f', 'UID FETCH 1:* (FLAGS)'));
  expect([...cache.keys()]).toEqual([1, 3, 4, 6, 7, 8, 9]);
  client.destroy();

  // What it does not see: on the old server, and then on the new one.
  const other = await enabled('old');
  await other.command('s', 'SELECT INBOX');
  await other.command('x', 'UID STORE 3,9 +FLAGS.SILENT (\\Deleted)');
  await other.command('x', 'EXPUNGE');
  await other.command('x', 'UID STORE 4 +FLAGS.SILENT (later)');
  await append(other, 'Subject: ten\r\n\r\n');
  await append(other, 'Subject: eleven\r\n\r\n');
  await other.command('x', 'UID STORE 11 +FLAGS.SILENT (\\Deleted)');
  await other.command('x', 'EXPUNGE');
  await move();
  const here = await enabled('new');
  await here.command('s', 'SELECT INBOX');
  await here.command('x', 'UID STORE 8 +FLAGS.SILENT (\\Deleted)');
  await here.command('x', 'EXPUNGE');
  await append(here, 'Subject: twelve\r\n\r\n');

  const moved = await enabled('new');
  const resumed = await moved.command('s', `SELECT INBOX (QRESYNC (${uidValidity} ${modSeq} 1:9))`);
  expect([numberIn(resumed, 'UIDVALIDITY'), numberIn(resumed, 'UIDNEXT')]).toEqual([uidValidity, '13']);
  expect(Number(numberIn(resumed, 'HIGHESTMODSEQ'))).toBeGreaterThan(Number(modSeq));
  expect(vanishedIn(resumed)).toEqual([2, 3, 5, 8, 9]);
  for (const uid of vanishedIn(resumed)) cache.delete(uid);
  for (const [uid, flags] of flagsByUid(resumed)) cache.set(uid, flags);
  const truth = flagsByUid(await moved.command('f', 'UID FETCH 1:* (FLAGS)'));
  expect([...truth.keys()]).toEqual([1, 4, 6, 7, 10, 12]);
  // Those behind what it knows it was not told of: it asks for them by UIDNEXT.
  expect(cache).toEqual(new Map([...truth].filter(([uid]) => uid <= 9)));
  expect(resumed.filter((line) => /BODY|ENVELOPE|RFC822/.test(line))).toEqual([]);
  const bodies = await moved.command('b', 'UID FETCH 4,6 (BODY.PEEK[TEXT])');
  expect(bodies.join('\n')).toMatch(/UID 4 [^]*body 4\r\n[^]*UID 6 [^]*body 6\r\n/);
});

test('a client that is up to date hears nothing but flags, and next time nothing at all', async () => {
  const client = await enabled('old');
  for (let i = 1; i <= 3; i += 1) await append(client, `Subject: ${i}\r\n\r\n`);
  const greeting = await client.command('s', 'SELECT INBOX');
  await move();
  const moved = await enabled('new');
  const known = `${numberIn(greeting, 'UIDVALIDITY')} ${numberIn(greeting, 'HIGHESTMODSEQ')}`;
  const resumed = await moved.command('s', `SELECT INBOX (QRESYNC (${known}))`);
  expect(vanishedIn(resumed)).toEqual([]);
  expect([...flagsByUid(resumed).keys()]).toEqual([1, 2, 3]);
  const again = await moved.command('s', `SELECT INBOX (QRESYNC (${numberIn(resumed, 'UIDVALIDITY')} ${numberIn(resumed, 'HIGHESTMODSEQ')}))`);
  expect(again.filter((line) => /VANISHED|FETCH/.test(line))).toEqual([]);
});

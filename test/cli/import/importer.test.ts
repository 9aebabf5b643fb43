import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMailbox, type AccountState } from '../../../services/core/account/account-state';
import { deleteMailbox } from '../../../services/core/account/decide/folders';
import { flagName } from '../../../services/core/account/flag';
import { Unavailable } from '../../../services/core/runtime/errors';
import { readWhole } from '../../../services/core/store/blob-store';
import { blobPrefix } from '../../../services/core/store/blob-key';
import { Importer, type ImportResult } from '../../../services/cli/import/importer';
import { openSource } from '../../../services/cli/import/open-source';
import type { Source, SourceMessage } from '../../../services/cli/import/source';
import { closeMemoryNodes, memoryNode, type MemoryNode } from '../../support/memory-node';

let folder: string;
let node: MemoryNode;
let reports: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isomail-test-'));
  node = memoryNode();
  reports = [];
  await node.users.add('joe', 'secret');
});

afterEach(async () => {
  closeMemoryNodes();
  await rm(folder, { recursive: true, force: true });
});

const report = (place: string, reason: string): void => void reports.push(`${place}: ${reason}`);

async function importFrom(source: Source, from = node): Promise<ImportResult> {
  const { accountId } = await from.users.find('joe');
  return from.users.withAccount(accountId, async (account) => {
    await account.refresh();
    return new Importer(from, account, report, () => undefined).run(source);
  });
}

async function importPath(path: string, mailbox: string | null = null): Promise<ImportResult> {
  return importFrom(await openSource(path, mailbox, report));
}

async function state(): Promise<AccountState> {
  const { accountId } = await node.users.find('joe');
  return node.users.withAccount(accountId, async (account) => {
    await account.refresh();
    return account.state;
  });
}

/** By UID: the body's first line, flags and date. */
async function messagesIn(mailboxName: string) {
  const now = await state();
  const { accountId } = await node.users.find('joe');
  const { mailbox } = findMailbox(now, mailboxName)!;
  const messages: { uid: number; body: string; flags: string[]; date: string }[] = [];
  for (let i = 0; i < mailbox.exists; i += 1) {
    const { uid, blobId, flags, internalDateMs } = mailbox.at(i)!;
    const body = await readWhole(node.blobs, blobPrefix(accountId) + Buffer.from(blobId).toString('hex'));
    messages.push({ uid, body: body.toString('latin1'), flags: flags.map((flag) => flagName(flag, now.keywords)), date: new Date(internalDateMs).toISOString() });
  }
  return messages;
}

const subjectsIn = async (mailbox: string): Promise<string[]> => (await messagesIn(mailbox)).map(({ body }) => /Subject: (.*)\r\n/.exec(body)![1]!);

function mboxOf(count: number, more = ''): string {
  return Array.from({ length: count }, (_, i) => `From joe Sat Aug 12 10:11:12 2017\nSubject: ${i}\n${more}\nbody ${i}\n>From me\n\n`).join('');
}

test('an mbox keeps its order, its flags, its dates and every octet, with CRLF', async () => {
  const path = join(folder, 'old.mbox');
  await writeFile(path, mboxOf(3, 'Status: RO\nX-Keywords: work\n'));
  expect(await importPath(path)).toEqual({ added: 3, known: 0, skipped: 0 });
  expect(await messagesIn('INBOX')).toEqual(
    [0, 1, 2].map((i) => ({
      uid: i + 1,
      body: `Subject: ${i}\r\nStatus: RO\r\nX-Keywords: work\r\n\r\nbody ${i}\r\nFrom me\r\n`,
      flags: ['\\Seen', 'work'],
      date: '2017-08-12T10:11:12.000Z',
    })),
  );
});

test('a second import of the same file adds nothing and stores nothing', async () => {
  const path = join(folder, 'old.mbox');
  await writeFile(path, mboxOf(200));
  await importPath(path);
  const blobs = node.tier.blobs.size;
  expect(await importPath(path)).toEqual({ added: 0, known: 200, skipped: 0 });
  expect(node.tier.blobs.size).toBe(blobs);
  expect(await subjectsIn('INBOX')).toEqual(Array.from({ length: 200 }, (_, i) => `${i}`));
});

test('a folder that was deleted since comes back whole', async () => {
  const path = join(folder, 'mail.mbox');
  await writeFile(path, mboxOf(3));
  await importPath(path, 'Old');
  const { accountId } = await node.users.find('joe');
  await node.users.withAccount(accountId, (account) => account.commit(deleteMailbox('Old')));
  expect(await importPath(path, 'Old')).toEqual({ added: 3, known: 0, skipped: 0 });
  expect(await subjectsIn('Old')).toEqual(['0', '1', '2']);
});

test('two equal messages of one file are two messages', async () => {
  const path = join(folder, 'twice.mbox');
  await writeFile(path, mboxOf(1) + mboxOf(1));
  expect(await importPath(path)).toMatchObject({ added: 2 });
  expect(await importPath(path)).toMatchObject({ added: 0, known: 2 });
});

test.each([1, 17, 60, 150])('an import cut off after %d bodies is finished by the next, in order, with nothing doubled', async (bodies) => {
  const path = join(folder, 'old.mbox');
  await writeFile(path, mboxOf(200));
  let left = bodies;
  const cut = memoryNode({
    tier: node.tier,
    blobs: (inner) => ({
      put: (key, body) => (left-- > 0 ? inner.put(key, body) : Promise.reject(new Unavailable('the process is dead'))),
      read: (key, range) => inner.read(key, range),
      list: (prefix) => inner.list(prefix),
      delete: (key) => inner.delete(key),
      close: () => inner.close(),
    }),
  });
  await expect(importFrom(await openSource(path, null, report), cut)).rejects.toBeInstanceOf(Unavailable);
  const result = await importPath(path);
  expect(result.added + result.known).toBe(200);
  expect(await subjectsIn('INBOX')).toEqual(Array.from({ length: 200 }, (_, i) => `${i}`));
});

test('many messages share an entry', async () => {
  const path = join(folder, 'old.mbox');
  await writeFile(path, mboxOf(500));
  const slow = memoryNode({
    tier: node.tier,
    log: (inner) => ({
      append: async (...request) => {
        await new Promise(setImmediate);
        return inner.append(...request);
      },
      readTail: (...request) => inner.readTail(...request),
      readPointer: (...request) => inner.readPointer(...request),
      movePointer: (...request) => inner.movePointer(...request),
      deleteEntries: (...request) => inner.deleteEntries(...request),
      close: () => inner.close(),
    }),
  });
  await importFrom(await openSource(path, null, report), slow);
  const { accountId } = await node.users.find('joe');
  expect(node.tier.logs.get(accountId)!.entries.length).toBeLessThan(120);
});

test('a Maildir keeps folders, flags, keywords and times; what is in tmp is not delivered', async () => {
  for (const name of ['', '.Sent', '.Lists.N&APY-de', '.Empty']) for (const part of ['cur', 'new', 'tmp']) await mkdir(join(folder, name, part), { recursive: true });
  await writeFile(join(folder, 'dovecot-keywords'), '0 $Junk\n1 work\n2 (bad\n');
  const put = async (path: string, subject: string): Promise<void> => {
    await writeFile(join(folder, path), `Subject: ${subject}\n\nbody\n`);
    await utimes(join(folder, path), 1_000_000_000, 1_000_000_000);
  };
  await put('cur/200.b.host:2,FSab', 'second');
  await put('cur/1000.c.host:2,c', 'third');
  await put('new/100.a.host', 'first');
  await put('tmp/1.x', 'not yet');
  await put('.Sent/cur/1.s.host:2,RS', 'sent');
  await put('.Lists.N&APY-de/new/1.l', 'list');
  expect(await importPath(folder)).toEqual({ added: 5, known: 0, skipped: 0 });
  expect((await messagesIn('INBOX')).map(({ flags, date }) => [flags, date])).toEqual([
    [[], '2001-09-09T01:46:40.000Z'],
    [['\\Seen', '\\Flagged', '$Junk', 'work'], '2001-09-09T01:46:40.000Z'],
    [[], '2001-09-09T01:46:40.000Z'],
  ]);
  expect(await subjectsIn('INBOX')).toEqual(['first', 'second', 'third']);
  expect((await messagesIn('Sent'))[0]!.flags).toEqual(['\\Seen', '\\Answered']);
  expect(await subjectsIn('Lists/Nöde')).toEqual(['list']);
  const now = await state();
  expect(findMailbox(now, 'Empty')).toBeDefined();
  expect([...now.subscriptions]).toEqual(expect.arrayContaining(['Lists/Nöde', 'Empty']));
});

test('a Maildir message that was read between two imports is not added twice', async () => {
  for (const part of ['cur', 'new']) await mkdir(join(folder, part));
  await writeFile(join(folder, 'new', '1.a'), 'Subject: x\n\n');
  await importPath(folder);
  await rm(join(folder, 'new', '1.a'));
  await writeFile(join(folder, 'cur', '1.a:2,S'), 'Subject: x\n\n');
  expect(await importPath(folder)).toEqual({ added: 0, known: 1, skipped: 0 });
});

test('a tree of .eml files keeps its folders; dates come from headers, else from the file', async () => {
  await mkdir(join(folder, 'work/2017'), { recursive: true });
  await writeFile(join(folder, 'a.eml'), 'Subject: top\nDate: Sat, 12 Aug 2017 10:11:12 +0000\n\nbody\n');
  await writeFile(join(folder, 'readme.txt'), 'no mail');
  await writeFile(join(folder, 'work/2017/B.EML'), 'Subject: deep\n\nbody\n');
  await utimes(join(folder, 'work/2017/B.EML'), 1_000_000_000, 1_000_000_000);
  expect(await importPath(folder)).toEqual({ added: 2, known: 0, skipped: 0 });
  expect((await messagesIn('INBOX'))[0]!.date).toBe('2017-08-12T10:11:12.000Z');
  expect((await messagesIn('work/2017'))[0]!.date).toBe('2001-09-09T01:46:40.000Z');
  expect(findMailbox(await state(), 'work')).toBeDefined();
});

test('with --mailbox everything goes there, and folders below it', async () => {
  await mkdir(join(folder, 'sub'));
  await writeFile(join(folder, 'a.eml'), 'Subject: top\n\n');
  await writeFile(join(folder, 'sub/b.eml'), 'Subject: below\n\n');
  await importPath(folder, 'Old/Mail');
  expect(await subjectsIn('Old/Mail')).toEqual(['top']);
  expect(await subjectsIn('Old/Mail/sub')).toEqual(['below']);
});

test('one .eml file is one message', async () => {
  await writeFile(join(folder, 'a.eml'), 'Subject: one\n\nFrom me\n');
  expect(await importPath(join(folder, 'a.eml'))).toEqual({ added: 1, known: 0, skipped: 0 });
});

test('NUL is stored as 0x80', async () => {
  await writeFile(join(folder, 'a.eml'), 'Subject: nul\n\na\0b\n');
  await importPath(folder);
  expect((await messagesIn('INBOX'))[0]!.body).toBe('Subject: nul\r\n\r\na\x80b\r\n');
});

test('what cannot be followed or made is reported, and the rest comes in', async () => {
  await mkdir(join(folder, 'bad\u0001name'));
  await writeFile(join(folder, 'bad\u0001name/b.eml'), 'Subject: x\n\n');
  await writeFile(join(folder, 'a.eml'), 'Subject: good\n\n');
  await symlink(folder, join(folder, 'loop'));
  expect(await importPath(folder)).toMatchObject({ added: 1 });
  expect(reports).toEqual([expect.stringContaining('symbolic link'), expect.stringContaining('control character'), expect.stringContaining('could not be made')]);
});

test.each([
  ['a tree of .eml files', 'bad', 'good'],
  ['a Maildir', '.bad', '.good'],
])('in %s, a folder that cannot be read is reported, and the rest comes in', async (_name, bad, good) => {
  const isTree = bad === 'bad';
  for (const part of isTree ? [good] : ['cur', 'new', `${good}/cur`, `${good}/new`]) await mkdir(join(folder, part), { recursive: true });
  await writeFile(join(folder, good, isTree ? 'a.eml' : 'new/1'), 'Subject: good\n\n');
  await mkdir(join(folder, bad));
  await symlink('cur', join(folder, bad, 'cur')); // A loop: not even root can look at it.
  expect(await importPath(folder)).toEqual({ added: 1, known: 0, skipped: 0 });
  expect(reports).toEqual([expect.stringMatching(/bad: .*\(ELOOP\)$/)]);
  expect(await subjectsIn('good')).toEqual(['good']);
});

test('a note that is no message counts as done', async () => {
  const path = join(folder, 'uw.mbox');
  await writeFile(path, mboxOf(1, 'X-IMAP: 1 2\n') + mboxOf(1));
  const source = await openSource(path, null, report);
  const { accountId } = await node.users.find('joe');
  let done = 0;
  await node.users.withAccount(accountId, (account) => new Importer(node, account, report, (weight) => (done += weight)).run(source));
  expect(done).toBe(source.total);
});

test('a file that is gone when its turn comes is reported', async () => {
  await writeFile(join(folder, 'a.eml'), 'Subject: a\n\n');
  await writeFile(join(folder, 'b.eml'), 'Subject: b\n\n');
  const source = await openSource(folder, null, report);
  await rm(join(folder, 'a.eml'));
  expect(await importFrom(source)).toEqual({ added: 1, known: 0, skipped: 1 });
  expect(reports).toEqual([expect.stringMatching(/^a\.eml: no such file or directory \(ENOENT\)$/)]);
});

/** Messages made on the way, so that large ones take no disk. */
function sourceOf(sizes: readonly number[]): Source {
  const messages = async function* (): AsyncIterable<SourceMessage> {
    for (const [i, size] of sizes.entries()) {
      const body = async function* (): AsyncIterable<Buffer> {
        yield Buffer.from(`Subject: ${i}\r\n\r\n`);
        for (let left = size; left > 0; left -= 65_536) yield Buffer.alloc(Math.min(left, 65_536), 'x');
      };
      yield { mailbox: 'INBOX', place: `message ${i}`, identity: `${i}`, body: body(), describe: () => ({ flags: [], internalDateMs: null, isMessage: true }), weight: 1 };
    }
  };
  return { total: sizes.length, unit: 'messages', mailboxes: ['INBOX'], messages };
}

test('what is not read to its end is closed', async () => {
  let isClosed = false;
  async function* large(): AsyncGenerator<Buffer> {
    try {
      for (let chunk = 0; chunk < 4; chunk += 1) yield Buffer.alloc(1024 * 1024, 'x');
    } finally {
      isClosed = true;
    }
  }
  const note: SourceMessage = { mailbox: 'INBOX', place: 'note', identity: 'note', body: large(), describe: () => ({ flags: [], internalDateMs: null, isMessage: false }), weight: 1 };
  const source: Source = {
    total: 1,
    unit: 'messages',
    mailboxes: ['INBOX'],
    async *messages() {
      yield note;
    },
  };
  expect(await importFrom(source)).toEqual({ added: 0, known: 0, skipped: 0 });
  expect(isClosed).toBe(true);
});

test('a large message keeps its place between small ones', async () => {
  expect(await importFrom(sourceOf([10, 3 << 20, 10, 2 << 20, 10]))).toEqual({ added: 5, known: 0, skipped: 0 });
  expect(await subjectsIn('INBOX')).toEqual(['0', '1', '2', '3', '4']);
  expect(await importFrom(sourceOf([10, 3 << 20, 10, 2 << 20, 10]))).toEqual({ added: 0, known: 5, skipped: 0 });
});

test('a message over 64 MiB is reported, and leaves no blob', async () => {
  expect(await importFrom(sourceOf([10, (64 << 20) + 1, 10]))).toEqual({ added: 2, known: 0, skipped: 1 });
  expect(reports).toEqual(['message 1: larger than 64 MiB']);
  expect(node.tier.blobs.size).toBe(2);
  expect(await subjectsIn('INBOX')).toEqual(['0', '2']);
});

test('a full account ends the import', async () => {
  await node.users.add('ann', 'secret', { quotaBytes: 1000 });
  const { accountId } = await node.users.find('ann');
  await node.users.withAccount(accountId, async (account) => {
    const importing = new Importer(node, account, report, () => undefined).run(sourceOf([300, 300, 2000, 10, 10]));
    await expect(importing).rejects.toMatchObject({ code: 'OVERQUOTA' });
    expect(account.state.usedBytes).toBeLessThanOrEqual(1000);
    expect(findMailbox(account.state, 'INBOX')!.mailbox.exists).toBeGreaterThanOrEqual(2);
  });
});

test('keywords for which there is no room are left out', async () => {
  const path = join(folder, 'many.mbox');
  const keywords = Array.from({ length: 200 }, (_, i) => `k${i}`).join(' ');
  await writeFile(path, mboxOf(1, `X-Keywords: ${keywords}\n`) + mboxOf(1, 'X-Keywords: k1 another\nX-Status: F\n'));
  expect(await importPath(path)).toMatchObject({ added: 2 });
  const messages = await messagesIn('INBOX');
  expect(messages[0]!.flags).toHaveLength(128);
  expect(messages[1]!.flags).toEqual(['\\Flagged', 'k1']);
});

test.each([
  ['nothing', null],
  ['neither mail nor mbox', 'hello\nworld\n'],
])('%s is bad usage', async (_name, content) => {
  const path = join(folder, 'file');
  if (content !== null) await writeFile(path, content);
  await expect(openSource(path, null, report)).rejects.toMatchObject({ name: 'UsageError' });
});


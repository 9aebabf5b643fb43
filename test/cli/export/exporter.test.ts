import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createMailbox, deleteMailbox, unsubscribe } from '../../../services/core/account/decide/folders';
import { MessageBodies } from '../../../services/core/account/message-bodies';
import { Unavailable } from '../../../services/core/runtime/errors';
import { claimFolder, explained } from '../../../services/cli/export/export-folder';
import { Exporter } from '../../../services/cli/export/exporter';
import { UsageError } from '../../../services/options';
import { closeMemoryNodes, memoryNode, type MemoryNode } from '../../support/memory-node';
import { addMail, exportTo, importFrom, mailboxIn, removeFolder, said, see, temporaryFolder, withUser } from './moved-account';

let folder: string;
let out: string;
let node: MemoryNode;

beforeEach(async () => {
  folder = await temporaryFolder();
  out = join(folder, 'out');
  node = memoryNode();
  await node.users.add('joe', 'secret');
  said.length = 0;
});

afterEach(async () => {
  closeMemoryNodes();
  await removeFolder(folder);
});

const file = (...path: string[]): Promise<string> => readFile(join(out, ...path), 'latin1');
const uidValidityOf = (name: string): Promise<number> => withUser(node, 'joe', async (account) => mailboxIn(account, name).uidValidity);

test('messages are files whose names sort by UID and tell size and flags, written when the message came', async () => {
  await addMail(node, 'joe', 'INBOX', { text: 'Subject: one\r\n\r\n', flags: ['\\Seen', '\\Draft', 'work', '$Forwarded'], internalDateMs: 1_000_000_000_123 });
  await addMail(node, 'joe', 'INBOX', { text: 'bare\nlines\r\n', internalDateMs: 999_999_999_999 });
  expect(await exportTo(out, node, 'joe')).toEqual({ folders: 6, messages: 2, bytes: 28, leftOut: [] });
  const validity = await uidValidityOf('INBOX');
  const names = [`${validity}.U0000000001.isomail,S=16,W=16:2,DPSab`, `${validity}.U0000000002.isomail,S=12,W=13:2,`];
  expect(await readdir(join(out, 'cur'))).toEqual(names);
  expect(await file('cur', names[1]!)).toBe('bare\nlines\r\n');
  expect(Math.floor((await stat(join(out, 'cur', names[0]!))).mtimeMs)).toBe(1_000_000_000_123);
  expect(await file('dovecot-keywords')).toBe('0 work\n1 $Forwarded\n');
  expect((await readdir(out)).sort()).toEqual(['.Archive', '.Drafts', '.Junk', '.Sent', '.Trash', 'cur', 'dovecot-keywords', 'dovecot-uidlist', 'isomail-export', 'new', 'subscriptions', 'tmp']);
  expect(await readdir(join(out, '.Sent'))).toEqual(['cur', 'dovecot-uidlist', 'maildirfolder', 'new', 'tmp']);
  expect(await readdir(join(out, 'tmp'))).toEqual([]);
  expect([(await stat(out)).mode & 0o777, (await stat(join(out, 'cur', names[0]!))).mode & 0o777]).toEqual([0o700, 0o600]);
});

test('the list of UIDs has the POP3 unique-ids of INBOX, as POP3 shows them, and of no other folder', async () => {
  await addMail(node, 'joe', 'INBOX', { text: 'a', pop3Uidl: 'an:old!id' });
  await addMail(node, 'joe', 'INBOX', { text: 'b' });
  await addMail(node, 'joe', 'Sent', { text: 'c' });
  await exportTo(out, node, 'joe');
  const [inbox, sent] = [await uidValidityOf('INBOX'), await uidValidityOf('Sent')];
  expect(await file('dovecot-uidlist')).toMatch(
    new RegExp(`^3 V${inbox} N3 G[0-9a-f]{32}\n1 Pan:old!id :${inbox}\\.U0000000001\\.isomail,S=1,W=1\n2 P${inbox}\\.2 :${inbox}\\.U0000000002\\.isomail,S=1,W=1\n$`),
  );
  expect(await file('.Sent', 'dovecot-uidlist')).toMatch(new RegExp(`^3 V${sent} N2 G[0-9a-f]{32}\n1 :${sent}\\.U`));
});

test('subscriptions are as Dovecot writes them; a name without messages has no directory', async () => {
  await withUser(node, 'joe', async (account) => {
    for (const name of ['Lists/a.b', 'x']) await account.commit(createMailbox(name));
    await account.commit(deleteMailbox('Lists'));
    await account.commit(unsubscribe('Junk'));
  });
  await exportTo(out, node, 'joe');
  expect(await file('subscriptions')).toBe('V\t2\n\nArchive\nDrafts\nINBOX\nSent\nTrash\n');
  expect((await readdir(out)).filter((name) => /^\.[Lx]/.test(name))).toEqual(['.Lists.a\\2eb', '.x']);
});

test('keywords beyond the letters, dates beyond the file system and names beyond directories are told in files of our own', async () => {
  const keywords = Array.from({ length: 30 }, (_, k) => `k${k}`);
  await addMail(node, 'joe', 'INBOX', { text: 'a', flags: keywords, internalDateMs: -5 });
  await addMail(node, 'joe', 'INBOX', { text: 'b', flags: keywords.slice(4) });
  const long = 'y'.repeat(300);
  await withUser(node, 'joe', (account) => account.commit(createMailbox(long)));
  await exportTo(out, node, 'joe');
  expect(said).toEqual([expect.stringContaining('INBOX: 4 keywords have no letter'), expect.stringContaining('no directory can have this name; it is in .isomail-7')]);
  expect((await file('dovecot-keywords')).split('\n')).toHaveLength(27);
  const facts = (await file('isomail-facts')).trim().split('\n').map((line) => JSON.parse(line) as object);
  expect(facts).toEqual([{ file: expect.stringContaining('.U0000000001.') as string, internalDateMs: -5, keywords: ['k0', 'k1', 'k2', 'k3'] }]);
  expect(JSON.parse(await file('isomail-export'))).toEqual({ format: 1, complete: true, names: { '.isomail-7': long } });
});

test('a damaged body and one that is gone are reported and left out; the rest is exported', async () => {
  for (const text of ['Subject: 1\r\n\r\n', 'Subject: 2\r\n\r\n', 'Subject: 3\r\n\r\n', 'Subject: 4\r\n\r\n']) await addMail(node, 'joe', 'INBOX', { text });
  const [, second, third, fourth] = [...node.tier.blobs];
  node.tier.blobs.set(second![0], { ...second![1], bytes: second![1].bytes.with(3, 0) });
  node.tier.blobs.set(third![0], { ...third![1], bytes: third![1].bytes.subarray(1) });
  node.tier.blobs.delete(fourth![0]);
  const { messages, leftOut } = await exportTo(out, node, 'joe');
  expect({ messages, leftOut }).toEqual({
    messages: 1,
    leftOut: [
      { where: 'INBOX UID 2', what: 'its body is not what was stored' },
      { where: 'INBOX UID 3', what: expect.stringContaining('ends 1 bytes before its message') as string },
      { where: 'INBOX UID 4', what: 'its body is gone' },
    ],
  });
  expect(await readdir(join(out, 'cur'))).toHaveLength(1);
  expect(await readdir(join(out, 'tmp'))).toEqual([]);
  expect((await file('dovecot-uidlist')).split('\n')).toHaveLength(3);
});

test('an export is the account at one moment', async () => {
  await addMail(node, 'joe', 'INBOX', { text: 'before' });
  await claimFolder(out);
  await withUser(node, 'joe', async (account) => {
    const exporter = new Exporter(new MessageBodies(node.blobs, node.clock, account.id), account.id, account.state, { onMessage: () => undefined, say: () => undefined });
    await addMail(node, 'joe', 'INBOX', { text: 'after' });
    expect(await exporter.run(out)).toMatchObject({ messages: 1 });
  });
});

test.each(['a file in it', 'a file in its place', 'a file in its way'])('a folder with %s is bad usage, and stays as it is', async (what) => {
  const path = what === 'a file in it' ? folder : what === 'a file in its place' ? join(folder, 'f') : join(folder, 'f', 'g');
  await writeFile(join(folder, 'f'), 'mine');
  await expect(claimFolder(path)).rejects.toBeInstanceOf(UsageError);
  expect(await readdir(folder)).toEqual(['f']);
});

test('an export that was cut off says so, and is not imported', async () => {
  await addMail(node, 'joe', 'INBOX', { text: 'a' });
  const broken = { ...node, blobs: { ...node.blobs, read: () => { throw new Unavailable('the store is gone'); } } as unknown as MemoryNode['blobs'] };
  await expect(exportTo(out, broken, 'joe')).rejects.toBeInstanceOf(Unavailable);
  expect(JSON.parse(await file('isomail-export'))).toMatchObject({ complete: false });
  for (const keepsUids of [false, true]) await expect(importFrom(out, node, 'joe', keepsUids)).rejects.toThrow('was not finished');
  for (const mark of ['', '{}', '[]', 'null', '{"format":2,"complete":true,"names":{}}']) {
    await writeFile(join(out, 'isomail-export'), mark);
    await expect(importFrom(out, node, 'joe', false)).rejects.toThrow('was not finished');
  }
});

test('a disk that is full, or anything else that a system says, is told with its place', async () => {
  const full = Object.assign(new Error('write'), { code: 'ENOSPC', errno: -28, syscall: 'write' });
  await expect(explained('/out', Promise.reject(full))).rejects.toMatchObject({ name: 'Unavailable', message: 'cannot write to /out: no space left on device (ENOSPC)' });
});

test('what another server did with the folder counts: flags, dates, messages of its own with LF', async () => {
  await addMail(node, 'joe', 'INBOX', { text: 'exact\nlines\r\n', flags: ['\\Seen'], internalDateMs: 1_000_000_000_000 });
  await exportTo(out, node, 'joe');
  const [name] = await readdir(join(out, 'cur'));
  await utimes(join(out, 'cur', name!), 5, 5);
  await writeFile(join(out, 'cur', '1795386203.M340497P29588.host,S=4,W=5:2,F'), 'new\n');
  await node.users.add('ann', 'secret');
  await importFrom(out, node, 'ann', true);
  const { mailboxes } = await see(node, 'ann');
  expect(mailboxes['INBOX']!.messages).toMatchObject([
    { uid: 1, text: 'exact\nlines\r\n', flags: ['\\Seen'], internalDateMs: 5_000 },
    { uid: 2, text: 'new\r\n', flags: ['\\Flagged'] },
  ]);
});

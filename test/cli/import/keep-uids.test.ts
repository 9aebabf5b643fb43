import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expunge } from '../../../services/core/account/decide/expunge';
import { createMailbox } from '../../../services/core/account/decide/folders';
import { storeFlags } from '../../../services/core/account/decide/store-flags';
import { UidSet } from '../../../services/core/account/uid-set';
import { Refusal, Unavailable } from '../../../services/core/runtime/errors';
import { closeMemoryNodes, memoryNode, type MemoryNode } from '../../support/memory-node';
import { addMail, importFrom, mailboxIn, removeFolder, said, see, temporaryFolder, withUser, type SeenAccount } from '../export/moved-account';

let folder: string;
let node: MemoryNode;

beforeEach(async () => {
  folder = await temporaryFolder();
  node = memoryNode();
  await node.users.add('joe', 'secret');
  said.length = 0;
});

afterEach(async () => {
  closeMemoryNodes();
  await removeFolder(folder);
});

/** A Maildir folder as Dovecot leaves it; `list`: lines behind the head. */
async function maildir(name: string, files: readonly string[], list: string | null, uidValidity = 1_000, uidNext = 100): Promise<void> {
  for (const part of ['cur', 'new', 'tmp']) await mkdir(join(folder, name, part), { recursive: true });
  for (const file of files) await writeFile(join(folder, name, 'cur', `${file}:2,S`), `Subject: ${file}\n\n`);
  if (list !== null) await writeFile(join(folder, name, 'dovecot-uidlist'), `3 V${uidValidity} N${uidNext} G00\n${list}`);
}

const keep = (to = node) => importFrom(folder, to, 'joe', true);

function uids({ mailboxes }: SeenAccount, name = 'INBOX'): Record<number, string> {
  return Object.fromEntries(mailboxes[name]!.messages.map(({ uid, text }) => [uid, /Subject: (.*)\r\n/.exec(text)![1]!]));
}

test('UIDs, UIDNEXT and UIDVALIDITY of every folder are those of the list', async () => {
  await maildir('', ['9.b', '1.a', '5.c'], '3 :5.c\n7 Pold :9.b\n8 :1.gone\n12 :1.a\n');
  await maildir('.Work', ['1.x'], '2 :1.x\n', 77, 3);
  await maildir('.Work.deep.er', [], '', 78, 9);
  await maildir('.Never-opened', [], null);
  expect(await keep()).toEqual({ added: 4, known: 0, skipped: 0 });
  const seen = await see(node, 'joe');
  expect(uids(seen)).toEqual({ 3: '5.c', 7: '9.b', 12: '1.a' });
  expect(seen.mailboxes).toMatchObject({ INBOX: { uidValidity: 1_000, uidNext: 100 }, Work: { uidValidity: 77, uidNext: 3 }, 'Work/deep': null, 'Work/deep/er': { uidValidity: 78, uidNext: 9 }, 'Never-opened': { uidNext: 1 } });
  expect(seen.mailboxes['INBOX']!.messages.map(({ pop3Uidl }) => pop3Uidl)).toEqual(['1000.3', 'old', '1000.12']);
});

test('without --keep-uids the order is that of the list, and what is not in it comes last', async () => {
  await maildir('', ['9.b', '1.a', '5.c', '2.d'], '3 :5.c\n7 Pold :9.b\n');
  await importFrom(folder, node, 'joe', false);
  const { mailboxes } = await see(node, 'joe');
  expect(mailboxes['INBOX']!.messages.map(({ uid, pop3Uidl }) => [uid, pop3Uidl === 'old'])).toEqual([[1, false], [2, true], [3, false], [4, false]]);
  expect(Object.values(uids(await see(node, 'joe')))).toEqual(['5.c', '9.b', '1.a', '2.d']);
});

test('what the list does not have comes behind all that it has given', async () => {
  await maildir('', ['1.a', '2.b', '3.c'], '5 :3.c\n', 1_000, 50);
  await keep();
  const seen = await see(node, 'joe');
  expect(uids(seen)).toEqual({ 5: '3.c', 50: '1.a', 51: '2.b' });
  expect(seen.mailboxes['INBOX']!.uidNext).toBe(52);
});

test.each([1, 5, 20])('an import that is cut off after %d bodies goes on exactly where it was', async (bodies) => {
  const names = Array.from({ length: 40 }, (_, i) => `${100 + i}.m`);
  await maildir('', names, names.map((name, i) => `${3 * i + 1} :${name}\n`).join(''), 1_000, 500);
  await maildir('.Sent', ['1.s'], '4 :1.s\n');
  let left = bodies;
  const cut = memoryNode({
    tier: node.tier,
    blobs: (inner) => Object.assign(Object.create(inner) as typeof inner, { put: (...request: Parameters<typeof inner.put>) => (left-- > 0 ? inner.put(...request) : Promise.reject(new Unavailable('gone'))) }),
  });
  await expect(keep(cut)).rejects.toBeInstanceOf(Unavailable);
  const result = await keep();
  expect(result.added + result.known).toBe(41);
  const seen = await see(node, 'joe');
  expect(uids(seen)).toEqual(Object.fromEntries(names.map((name, i) => [3 * i + 1, name])));
  expect(seen.mailboxes).toMatchObject({ INBOX: { uidValidity: 1_000, uidNext: 500 }, Sent: { uidNext: 100 } });
  expect(await keep()).toEqual({ added: 0, known: 41, skipped: 0 });
});

test('mail that came while it was cut off is not taken for what it is not', async () => {
  await maildir('', ['1.a'], '5 :1.a\n');
  await keep();
  await addMail(node, 'joe', 'INBOX', { text: 'native' });
  await maildir('', ['2.b'], '5 :1.a\n100 :2.b\n', 1_000, 101);
  await expect(keep()).rejects.toThrow('UID 100 of INBOX is given to another message');
});

test('a mailbox with mail of its own is refused before anything is changed', async () => {
  await addMail(node, 'joe', 'Trash', { text: 'native' });
  await maildir('', ['1.a'], '5 :1.a\n');
  await maildir('.Trash', ['1.t'], '5 :1.t\n');
  const before = await see(node, 'joe');
  await expect(keep()).rejects.toThrow('Trash has had messages of its own');
  expect(await see(node, 'joe')).toEqual(before);
});

test('a mailbox of the same name without mail gives way, with what is below it', async () => {
  await withUser(node, 'joe', (account) => account.commit(createMailbox('Work/old')));
  await maildir('.Work', ['1.x'], '2 :1.x\n', 77, 3);
  await maildir('', [], '');
  await keep();
  expect((await see(node, 'joe')).mailboxes).toMatchObject({ Work: { uidValidity: 77 }, 'Work/old': { uidNext: 1 } });
});

test.each<[string, () => Promise<void>, RegExp]>([
  ['no list', () => maildir('', ['1.a'], null), /there is no dovecot-uidlist/],
  ['no list in a folder', async () => { await maildir('', [], ''); await maildir('.x', ['1.a'], null); }, /there is no \.x\/dovecot-uidlist/],
  ['UIDs that go down', () => maildir('', ['1.a'], '5 :1.a\n4 :2.b\n'), /dovecot-uidlist: line 3: UID 4 comes after 5/],
  ['a UID twice', () => maildir('', ['1.a'], '5 :1.a\n5 :2.b\n'), /UID 5 comes after 5/],
  ['a UID of 2^31', () => maildir('', ['1.a'], '2147483648 :1.a\n'), /UIDs go beyond 2147483647/],
  ['a UIDNEXT of 2^31', () => maildir('', [], '', 5, 2 ** 31), /UIDs go beyond/],
  ['UIDVALIDITY 0', () => maildir('', [], '', 0), /no head of version/],
  ['a UIDVALIDITY that leaves no other', () => maildir('', [], '', 2 ** 32 - 1), /leaves none for mailboxes made later/],
  ['garbage', () => maildir('', ['1.a'], 'x'), /line 2 makes no sense/],
  ['a line of a megabyte', () => maildir('', ['1.a'], 'x'.repeat(1 << 20)), /line 2 is too long/],
  ['a list that is a link', async () => { await maildir('', ['1.a'], null); await symlink('/etc/passwd', join(folder, 'dovecot-uidlist')); }, /there is no dovecot-uidlist/],
  ['two folders of one name', async () => { await maildir('', [], ''); await maildir('.a.b', [], ''); await maildir('.a&AC8-b', [], ''); }, /two folders are a\/b/],
])('%s is refused with what is wrong, and nothing is changed', async (_what, make, why) => {
  await make();
  const before = await see(node, 'joe');
  const failure: unknown = await keep().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Refusal);
  expect((failure as Refusal).message).toMatch(why);
  expect(await see(node, 'joe')).toEqual(before);
});

test('a broken list costs an import without --keep-uids the order behind it, and it says so', async () => {
  await maildir('', ['1.a', '2.b', '3.c'], '5 :3.c\n4 :2.b\n');
  expect(await importFrom(folder, node, 'joe', false)).toMatchObject({ added: 3 });
  expect(said).toEqual([expect.stringContaining('dovecot-uidlist: line 3: UID 4 comes after 5')]);
  expect(Object.values(uids(await see(node, 'joe')))).toEqual(['3.c', '1.a', '2.b']);
});

test('an mbox has no UIDs to keep', async () => {
  await writeFile(join(folder, 'm'), 'From joe Sat Aug 12 10:11:12 2017\nSubject: x\n\n');
  await expect(importFrom(join(folder, 'm'), node, 'joe', true)).rejects.toThrow('only of a Maildir');
});

test('POP3 unique-ids that no client can know, or that another message has, are not taken', async () => {
  await addMail(node, 'joe', 'INBOX', { text: 'native', pop3Uidl: 'taken' });
  const { uidValidity } = (await see(node, 'joe')).mailboxes['INBOX']!;
  const wanted = ['good', 'taken', 'good', 'x'.repeat(70), 'x'.repeat(71), 'b\u00e4d', `${uidValidity}.3`, `${uidValidity}.900`, `${uidValidity}.x`];
  await maildir('', wanted.map((_, i) => `${i + 1}.m`), wanted.map((uidl, i) => `${i + 1} P${uidl} :${i + 1}.m\n`).join(''));
  await importFrom(folder, node, 'joe', false);
  const given = (await see(node, 'joe')).mailboxes['INBOX']!.messages.map(({ pop3Uidl }) => pop3Uidl);
  expect(new Set(given).size).toBe(given.length);
  const native = (uid: number): string => `${uidValidity}.${uid}`;
  expect(given).toEqual(['taken', 'good', native(3), native(4), 'x'.repeat(70), native(6), native(7), native(8), native(9), `${uidValidity}.x`]);
});

test('only INBOX takes POP3 unique-ids', async () => {
  await maildir('', ['1.a'], '1 Pkept :1.a\n');
  await maildir('.Work', ['1.x'], '1 Pnot :1.x\n');
  await importFrom(folder, node, 'joe', false, 'Old');
  expect((await see(node, 'joe')).mailboxes).toMatchObject({ Old: { messages: [{ pop3Uidl: expect.stringMatching(/^\d+\.1$/) as string }] }, 'Old/Work': { messages: [{ pop3Uidl: expect.stringMatching(/^\d+\.1$/) as string }] } });
});

test('subscriptions are those of the file; what it does not name is not subscribed to, and what no mailbox can be called is reported', async () => {
  await maildir('.a\\2eb.c', [], '');
  await maildir('', [], '');
  await writeFile(join(folder, 'subscriptions'), `V\t2\n\na\\2eb\tgone\nOther Users\tx\n${'y'.repeat(1 << 20)}\n\u0007\nINBOX\n`);
  await importFrom(folder, node, 'joe', false);
  const seen = await see(node, 'joe');
  expect(seen.subscriptions).toEqual(['Archive', 'Drafts', 'INBOX', 'Junk', 'Sent', 'Trash', 'a.b/gone']);
  expect(said).toEqual([expect.stringContaining('a line that is too long'), expect.stringContaining('this name is taken'), expect.stringContaining('control character')]);
});

test.each(['subscriptions', 'dovecot-keywords', 'isomail-facts', 'isomail-export', 'dovecot-uidlist'])('a %s that is a link is reported and not followed', async (name) => {
  await maildir('', ['1.a'], null);
  await writeFile(join(folder, 'secret'), 'secret\n');
  await symlink(join(folder, 'secret'), join(folder, name));
  expect(await importFrom(folder, node, 'joe', false)).toMatchObject({ added: 1 });
  expect(said).toEqual([expect.stringMatching(/\(ELOOP\)$/)]);
  expect((await see(node, 'joe')).subscriptions).not.toContain('secret');
});

test('facts of files that are not there, or that make no sense, change nothing', async () => {
  await maildir('', ['1.a', '2.b'], '');
  const lines = ['', 'x', '[]', 'null', '3', '{"file":3}', '{"file":"9.z","keywords":["no"]}', '{"file":"1.a","internalDateMs":"x","keywords":["ok","not ok",7,"\\\\Seen"]}', '{"file":"2.b","internalDateMs":1e99,"keywords":"x"}', '"'.repeat(1 << 20)];
  await writeFile(join(folder, 'isomail-facts'), lines.join('\n'));
  await importFrom(folder, node, 'joe', false);
  const { mailboxes } = await see(node, 'joe');
  expect(mailboxes['INBOX']!.messages.map(({ flags, internalDateMs }) => [flags, internalDateMs > 1e12])).toEqual([[['\\Seen', 'ok'], true], [['\\Seen'], true]]);
});

test('a message that is expunged here between two imports does not come back', async () => {
  await maildir('', ['1.a', '2.b'], '5 :1.a\n6 :2.b\n');
  await keep();
  await withUser(node, 'joe', async (account) => {
    const { id } = mailboxIn(account, 'INBOX');
    await account.commit(storeFlags(id, UidSet.of([5]), { mode: 'add', flags: ['\\Deleted'] }));
    await account.commit(expunge(id));
  });
  expect(await keep()).toEqual({ added: 0, known: 2, skipped: 0 });
  expect(uids(await see(node, 'joe'))).toEqual({ 6: '2.b' });
});

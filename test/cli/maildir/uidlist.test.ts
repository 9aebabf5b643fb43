import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { baseName, readUidlist, uidlistHead, uidlistLine } from '../../../services/cli/maildir/uidlist';
import { removeFolder, temporaryFolder } from '../export/moved-account';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'dovecot-uidlist');
});

afterEach(() => removeFolder(folder));

async function read(text: string | Buffer, names = ['a', 'b', 'c']) {
  await writeFile(path, text);
  const list = await readUidlist(path, new Set(names));
  return list && { ...list, messages: Object.fromEntries([...list.messages].map(([name, { uid, pop3Uidl }]) => [name, pop3Uidl === null ? uid : [uid, pop3Uidl]])) };
}

const HEAD = '3 V1275660208 N25022 G3085f01b7f11094c501100008c4a11c1\n';
const known = { uidValidity: 1_275_660_208, uidNext: 25_022 };

test.each<[string, string, object]>([
  ['version 3', `${HEAD}3 :a\n5 W2481 Px:y G12 :b,S=3:2,S\n`, { messages: { a: 3 }, broken: null }],
  ['POP3 unique-ids, with a colon or a space behind it', `${HEAD}3 Pold:uidl :a\n4 P:x :b\n5 P :c\n`, { messages: { a: [3, 'old:uidl'], b: [4, ':x'], c: [5, ''] }, broken: null }],
  ['a name with spaces', `${HEAD}3 Pu :a b\n`, { messages: {}, broken: null }],
  ['fields in another order', '3 G12 N25022 X V1275660208\n7 :c\n', { messages: { c: 7 }, broken: null }],
  ['version 1, of Courier', '1 1275660208 25022\n3 a\n4 b:2,S\n', { messages: { a: 3, b: 4 }, broken: null }],
  ['UIDs beyond UIDNEXT', `${HEAD}30000 :a\n`, { uidNext: 30_001, messages: { a: 30_000 }, broken: null }],
  ['a file listed twice: the later UID counts', `${HEAD}3 :a\n4 :b\n9 :a\n`, { messages: { a: 9, b: 4 }, broken: null }],
  ['CRLF', `${HEAD}3 :a\n`.replaceAll('\n', '\r\n'), { messages: { a: 3 }, broken: null }],
  ['files that are not there', `${HEAD}3 :z\n4 :a\n`, { messages: { a: 4 }, broken: null }],
  ['a UID twice', `${HEAD}3 :a\n3 :b\n4 :c\n`, { messages: { a: 3 }, broken: 'line 3: UID 3 comes after 3' }],
  ['UIDs that go down', `${HEAD}3 :a\n2 :b\n`, { messages: { a: 3 }, broken: 'line 3: UID 2 comes after 3' }],
  ['UID 0', `${HEAD}0 :a\n`, { messages: {}, broken: 'line 2 makes no sense' }],
  ['a UID that is huge', `${HEAD}99999999999999999999999 :a\n`, { messages: {}, broken: 'line 2 makes no sense' }],
  ['a UID of 2^32', `${HEAD}4294967296 :a\n`, { messages: {}, broken: 'line 2 makes no sense' }],
  ['a negative UID', `${HEAD}-1 :a\n`, { messages: {}, broken: 'line 2 makes no sense' }],
  ['garbage', `${HEAD}3 :a\nhello world\n`, { messages: { a: 3 }, broken: 'line 3 makes no sense' }],
  ['an empty line', `${HEAD}\n3 :a\n`, { messages: {}, broken: 'line 2 makes no sense' }],
  ['no name', `${HEAD}3 :\n`, { messages: {}, broken: 'line 2 makes no sense' }],
  ['fields without a name', `${HEAD}3 Px\n`, { messages: {}, broken: 'line 2 makes no sense' }],
  ['a path', `${HEAD}3 :../../a\n`, { messages: {}, broken: 'line 2 makes no sense' }],
  ['a line of a megabyte', `${HEAD}3 :a\n4 :${'x'.repeat(1 << 20)}\n5 :b\n`, { messages: { a: 3 }, broken: 'line 3 is too long' }],
  ['a line of a megabyte without an end', `${HEAD}3 :a\n${'7'.repeat(1 << 20)}`, { messages: { a: 3 }, broken: 'line 3 is too long' }],
  ['the name of an object', `${HEAD}3 :__proto__\n4 :a\n`, { messages: { a: 4 }, broken: null }],
])('%s', async (_what, text, expected) => {
  expect(await read(text)).toEqual({ ...known, ...expected });
});

test.each([
  ['UIDVALIDITY 0', '3 V0 N5\n'],
  ['no UIDVALIDITY', '3 N5\n'],
  ['no UIDNEXT', '3 V5\n'],
  ['a UIDVALIDITY of 2^32', '3 V4294967296 N5\n'],
  ['another version', '2 V5 N5\n'],
  ['garbage', '\u0000\u0001\u0002'],
  ['a first line that is empty', '\n3 V5 N5\n'],
])('a head with %s is broken', async (_what, text) => {
  expect(await read(`${text}1 :a\n`)).toMatchObject({ uidValidity: 0, messages: {}, broken: 'its first line is no head of version 1 or 3' });
});

test('no file, an empty one, a folder and a pipe are no list; a link is not followed', async () => {
  const names = new Set(['a']);
  expect(await readUidlist(path, names)).toBeNull();
  expect(await read('')).toBeNull();
  await mkdir(join(folder, 'folder'));
  expect(await readUidlist(join(folder, 'folder'), names)).toBeNull();
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  expect(await readUidlist(join(folder, 'pipe'), names)).toBeNull();
  await symlink(path, join(folder, 'link'));
  await expect(readUidlist(join(folder, 'link'), names)).rejects.toMatchObject({ code: 'ELOOP' });
});

test('what is written is read', async () => {
  const uidl = fc.string({ minLength: 1, maxLength: 70, unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 0x7fff_fffe }), { maxLength: 20 }), fc.array(fc.option(uidl)), async (uids, uidls) => {
      const sorted = uids.toSorted((a, b) => a - b);
      const text = uidlistHead({ uidValidity: 7, uidNext: 0x7fff_ffff, guid: '00' }) + sorted.map((uid, i) => uidlistLine(uid, uidls[i] ?? null, `n${uid},S=1`)).join('');
      const list = await read(text, sorted.map((uid) => `n${uid},S=1`));
      expect(list).toEqual({ uidValidity: 7, uidNext: 0x7fff_ffff, broken: null, messages: Object.fromEntries(sorted.map((uid, i) => [`n${uid},S=1`, uidls[i] == null ? uid : [uid, uidls[i]]])) });
    }),
    { numRuns: 50 },
  );
});

test('arbitrary bytes are a list, or a broken one', async () => {
  const piece = fc.constantFrom('3 V5 N9\n', '1 5 9\n', '3 ', '4 P', ' :a\n', ':b', '\n', '9'.repeat(12), 'V', '\0', '\xff');
  await fc.assert(fc.asyncProperty(fc.array(piece), async (pieces) => void (await read(Buffer.from(pieces.join(''), 'latin1')))), { numRuns: 100 });
});

test.each([
  ['1.a.host:2,FS', '1.a.host'],
  ['1.a.host', '1.a.host'],
  ['1.a.host,S=3,W=4:2,', '1.a.host,S=3,W=4'],
  ['1.a;2,S', '1.a'],
  [':2,S', ''],
])('of the file name %s, %j stays', (file, base) => {
  expect(baseName(file)).toBe(base);
});

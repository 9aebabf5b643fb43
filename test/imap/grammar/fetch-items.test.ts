import { BadCommand, Refusal } from '../../../services/core/runtime/errors';
import { readFetchArgs, type FetchArgs } from '../../../services/imap/grammar/fetch-items';
import { readerOf } from '../segments-of';

function fetchArgs(text: string, byUid = true): FetchArgs {
  const reader = readerOf(` ${text}`);
  const args = readFetchArgs(reader, byUid);
  reader.readEnd();
  return args;
}

test.each([
  ['1 ALL', ['flags', 'internalDate', 'rfc822Size', 'envelope']],
  ['1 fast', ['flags', 'internalDate', 'rfc822Size']],
  ['1 FULL', ['flags', 'internalDate', 'rfc822Size', 'envelope', 'body']],
  ['1 FLAGS', ['flags']],
  ['2:4 (FLAGS BODY)', ['flags', 'body']],
  ['1 (uid flags envelope bodystructure rfc822.size internaldate modseq body)', ['uid', 'flags', 'envelope', 'bodyStructure', 'rfc822Size', 'internalDate', 'modSeq', 'body']],
  ['1 (FLAGS FLAGS UID FLAGS)', ['flags', 'uid']],
  ['1 (EMAILID threadid SAVEDATE)', ['emailId', 'threadId', 'saveDate']],
  ['1 EMAILID', ['emailId']],
  ['1 PREVIEW', ['preview']],
  ['1 preview (lazy)', ['preview']],
  ['1 (RFC822.SIZE PREVIEW)', ['rfc822Size', 'preview']],
  ['1:4 (ENVELOPE PREVIEW (LAZY))', ['envelope', 'preview']],
  ['1:4 (PREVIEW (LAZY lazy) UID)', ['preview', 'uid']],
  ['1 (PREVIEW (LAZY) PREVIEW)', ['preview']],
])('FETCH %s', (text, kinds) => {
  expect(fetchArgs(text).items.map(({ kind }) => kind)).toEqual(kinds);
});

test.each<[string, Record<string, unknown>]>([
  ['BODY[]', { label: 'BODY[]', section: { path: [], text: null }, partial: null, peek: false }],
  ['body.peek[]', { label: 'BODY[]', section: { path: [], text: null }, partial: null, peek: true }],
  ['BODY[TEXT]<0.2048>', { label: 'BODY[TEXT]<0>', section: { path: [], text: 'TEXT' }, partial: { startByte: 0, sizeBytes: 2048 }, peek: false }],
  ['BODY.PEEK[1]<0.393216>', { label: 'BODY[1]<0>', section: { path: [1], text: null }, partial: { startByte: 0, sizeBytes: 393216 }, peek: true }],
  ['BODY[header]', { label: 'BODY[HEADER]', section: { path: [], text: 'HEADER' } }],
  ['BODY[4.2.2.1]', { label: 'BODY[4.2.2.1]', section: { path: [4, 2, 2, 1], text: null } }],
  ['BODY[4.1.mime]', { label: 'BODY[4.1.MIME]', section: { path: [4, 1], text: 'MIME' } }],
  ['BODY[3.HEADER]', { section: { path: [3], text: 'HEADER' } }],
  ['BODY[HEADER.FIELDS (DATE FROM)]', { label: 'BODY[HEADER.FIELDS (DATE FROM)]', section: { path: [], text: { fields: ['date', 'from'], not: false } } }],
  ['BODY.PEEK[3.header.fields.not ("X-a" {2}\r\nTo to)]<5.1>', { label: 'BODY[3.HEADER.FIELDS.NOT (X-a To to)]<5>', section: { path: [3], text: { fields: ['x-a', 'to'], not: true } } }],
  ['BODY[HEADER.FIELDS ("a(b")]', { label: 'BODY[HEADER.FIELDS ("a(b")]' }],
  ['RFC822', { label: 'RFC822', section: { path: [], text: null }, peek: false }],
  ['RFC822.HEADER', { label: 'RFC822.HEADER', section: { path: [], text: 'HEADER' }, peek: true }],
  ['RFC822.TEXT', { label: 'RFC822.TEXT', section: { path: [], text: 'TEXT' }, peek: false }],
])('FETCH 1 %s', (text, item) => {
  for (const items of [text, `(${text})`]) expect(fetchArgs(`1 ${items}`).items).toMatchObject([item]);
});

test('of the same section with and without PEEK the one that sets \\Seen stays', () => {
  expect(fetchArgs('1 (BODY.PEEK[] BODY[])').items).toMatchObject([{ peek: false }]);
  expect(fetchArgs('1 (BODY[] BODY.PEEK[])').items).toMatchObject([{ peek: false }]);
  expect(fetchArgs('1 (BODY[]<0.5> BODY[]<0.6> BODY[]<0.5>)').items).toHaveLength(2);
});

test.each<[string, number | null, boolean]>([
  ['1:* (FLAGS) (CHANGEDSINCE 12345)', 12345, false],
  ['1:* FLAGS (CHANGEDSINCE 0)', 0, false],
  ['300:500 (FLAGS) (CHANGEDSINCE 12345 VANISHED)', 12345, true],
  ['300:500 (FLAGS) (vanished changedsince 9223372036854775807)', Number.MAX_SAFE_INTEGER, true],
  ['1 FLAGS', null, false],
  ['1 PREVIEW (CHANGEDSINCE 5)', 5, false],
  ['1 PREVIEW (LAZY) (CHANGEDSINCE 5)', 5, false],
  ['1 (PREVIEW (LAZY)) (CHANGEDSINCE 5 VANISHED)', 5, true],
])('UID FETCH %s', (text, changedSince, vanished) => {
  expect(fetchArgs(text)).toMatchObject({ changedSince, vanished });
});

test.each([
  '', '1', '1 ', '1 ()', '1 (FLAGS', '1 (FLAGS  UID)', '1 FLAGS UID', '1 (ALL)', '1 FOO', '1 BINARY[1]', '1 BODYSTRUCTURE[]', '1 BODY[', '1 BODY[]<0>', '1 BODY[]<0.0>', '1 BODY[]<.1>',
  '1 BODY[]<1.1', '1 BODY.PEEK', '1 BODY[MIME]', '1 BODY[0]', '1 BODY[1.0]', '1 BODY[1.]', '1 BODY[.1]', '1 BODY[4294967296]', '1 BODY[FOO]', '1 BODY[1.TEXT.1]', '1 BODY[HEADER.FIELDS]',
  '1 BODY[HEADER.FIELDS ()]', '1 BODY[HEADER.FIELDS (a b ]', '1 BODY[HEADER.FIELDS (a:)]', '1 BODY[HEADER.FIELDS ("")]', '1 BODY[HEADER.FIELDS ({3}\r\na\nb)]', '1 BODY[HEADER (a)]', '1 BODY[TEXT',
  '1 FLAGS ()', '1 FLAGS (CHANGEDSINCE)', '1 FLAGS (CHANGEDSINCE x)', '1 FLAGS (CHANGEDSINCE 1 CHANGEDSINCE 1)', '1 FLAGS (VANISHED)', '1 FLAGS (FOO)', '1 FLAGS (CHANGEDSINCE 1) x', '1 FLAGS CHANGEDSINCE 1',
  '1 PREVIEW ()', '1 PREVIEW (EAGER)', '1 PREVIEW (LAZY', '1 PREVIEW (LAZYX)', '1 PREVIEW (LAZY CHANGEDSINCE 5)', '1 PREVIEW (LAZY EAGER)', '1 PREVIEW (LAZY )', '1 (PREVIEW(LAZY))', '1 (PREVIEW (EAGER))', '1 (PREVIEW  (LAZY))', '1 (FLAGS (LAZY))', '1 EMAILID (LAZY)',
])('FETCH %j is broken', (text) => {
  expect(() => fetchArgs(text)).toThrow(BadCommand);
});

test('VANISHED is for UID FETCH alone (RFC 7162 §3.2.6)', () => {
  expect(() => fetchArgs('1 FLAGS (CHANGEDSINCE 1 VANISHED)', false)).toThrow(BadCommand);
});

test('what would be repeated for each message is limited', () => {
  const many = Array.from({ length: 300 }, (_, i) => `BODY[${i + 1}]`).join(' ');
  expect(() => fetchArgs(`1:* (${many})`)).toThrow(Refusal);
  const names = Array.from({ length: 3_000 }, (_, i) => `X-Header-${i}`).join(' ');
  expect(() => fetchArgs(`1:* BODY[HEADER.FIELDS (${names})]`)).toThrow(Refusal);
  expect(() => fetchArgs(`1:* BODY[${'1.'.repeat(10_000)}1]`)).toThrow(Refusal);
});

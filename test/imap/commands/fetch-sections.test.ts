// BODY[...] of a message with everything that sections can name (RFC 3501 §6.4.5), to the octet.
import { Rig, type RigSession } from '../rig';

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

const HEADER = crlf(`From: a@example.com
Subject: outer
X-Thing: one
 and more
Content-Type: multipart/mixed; boundary=b1

`);
const PART_1_MIME = crlf('Content-Type: text/plain\nContent-ID: <p1>\n\n');
const PART_1 = 'first part';
const INNER_HEADER = crlf('From: b@example.com\nSubject: inner\nContent-Type: multipart/alternative; boundary=b2\n\n');
const ALT_1 = 'plain';
const ALT_2_MIME = crlf('Content-Type: text/html\n\n');
const ALT_2 = '<p>html';
const INNER_TEXT = crlf(`--b2\n\n${ALT_1}\n--b2\n`) + ALT_2_MIME + ALT_2 + crlf('\n--b2--\n');
const PART_2_MIME = crlf('Content-Type: message/rfc822\n\n');
const PART_2 = INNER_HEADER + INNER_TEXT;
const TEXT = crlf('preamble\n--b1\n') + PART_1_MIME + PART_1 + crlf('\n--b1\n') + PART_2_MIME + PART_2 + crlf('\n--b1--\n');
const WHOLE = HEADER + TEXT;

const SINGLE = crlf('Subject: single\n\nthe only part\n');

let rig: Rig;
let client: RigSession;

beforeAll(async () => {
  rig = await Rig.open([{ text: Buffer.from(WHOLE, 'latin1') }, { text: Buffer.from(SINGLE, 'latin1') }]);
  client = rig.session({ isReadOnly: true });
});
afterAll(() => rig.close());

async function fetched(number: number, item: string): Promise<string> {
  const said = await client.say(`FETCH ${number} ${item}`);
  return said.replace(/t\d+ OK FETCH completed\r\n$/, '');
}

const response = (number: number, label: string, bytes: string | null): string =>
  `* ${number} FETCH (${label} ${bytes === null ? 'NIL' : `{${bytes.length}}\r\n${bytes}`})\r\n`;

test.each<[string, string | null]>([
  ['BODY[]', WHOLE],
  ['BODY[HEADER]', HEADER],
  ['BODY[TEXT]', TEXT],
  ['BODY[1]', PART_1],
  ['BODY[1.MIME]', PART_1_MIME],
  ['BODY[1.TEXT]', null],
  ['BODY[1.HEADER]', null],
  ['BODY[2]', PART_2],
  ['BODY[2.MIME]', PART_2_MIME],
  ['BODY[2.HEADER]', INNER_HEADER],
  ['BODY[2.TEXT]', INNER_TEXT],
  ['BODY[2.1]', ALT_1],
  ['BODY[2.2]', ALT_2],
  ['BODY[2.2.MIME]', ALT_2_MIME],
  ['BODY[2.3]', null],
  ['BODY[3]', null],
  ['BODY[3.MIME]', null],
  ['BODY[1.1]', null],
  ['BODY[4294967295.4294967295]', null],
  ['BODY[HEADER.FIELDS (subject)]', crlf('Subject: outer\n\n')],
  ['BODY[HEADER.FIELDS (SUBJECT FROM)]', crlf('From: a@example.com\nSubject: outer\n\n')],
  ['BODY[HEADER.FIELDS (X-Thing)]', crlf('X-Thing: one\n and more\n\n')],
  ['BODY[HEADER.FIELDS (X-None)]', '\r\n'],
  ['BODY[HEADER.FIELDS.NOT (From Content-Type)]', crlf('Subject: outer\nX-Thing: one\n and more\n\n')],
  ['BODY[2.HEADER.FIELDS (Subject)]', crlf('Subject: inner\n\n')],
  ['BODY[2.HEADER.FIELDS.NOT (Subject Content-Type)]', crlf('From: b@example.com\n\n')],
  ['BODY[1.HEADER.FIELDS (Subject)]', null],
])('%s', async (label, bytes) => {
  const said = await fetched(1, label);
  expect(said).toBe(response(1, label, bytes));
});

test.each<[string, string, string]>([
  ['RFC822', 'RFC822', WHOLE],
  ['RFC822.HEADER', 'RFC822.HEADER', HEADER],
  ['RFC822.TEXT', 'RFC822.TEXT', TEXT],
  ['BODY.PEEK[1]', 'BODY[1]', PART_1],
  ['BODY[]<0.10>', 'BODY[]<0>', WHOLE.slice(0, 10)],
  ['BODY[TEXT]<3.7>', 'BODY[TEXT]<3>', TEXT.slice(3, 10)],
  ['BODY[2.2]<1.1000>', 'BODY[2.2]<1>', ALT_2.slice(1)],
  ['BODY[1]<10.1>', 'BODY[1]<10>', ''],
  ['BODY[1]<9223372036854775807.9223372036854775807>', 'BODY[1]<9007199254740991>', ''],
  ['BODY[HEADER]<6.3>', 'BODY[HEADER]<6>', HEADER.slice(6, 9)],
  ['BODY[HEADER.FIELDS (Subject)]<9.5>', 'BODY[HEADER.FIELDS (Subject)]<9>', 'outer'],
  ['BODY[HEADER.FIELDS (X-Thing)]<100.5>', 'BODY[HEADER.FIELDS (X-Thing)]<100>', ''],
])('%s is answered as %s', async (item, label, bytes) => {
  expect(await fetched(1, item)).toBe(response(1, label, bytes));
});

test('a message without parts has one, its body', async () => {
  expect(await fetched(2, '(BODY[1] BODY[1.MIME] BODY[2])')).toBe(
    `* 2 FETCH (BODY[1] {15}\r\nthe only part\r\n BODY[1.MIME] {19}\r\nSubject: single\r\n\r\n BODY[2] NIL)\r\n`,
  );
});

test('many sections of one message are answered in the order asked for', async () => {
  const said = await fetched(1, '(UID BODY[TEXT] BODY[HEADER] FLAGS BODY[9] BODY[HEADER.FIELDS (X-Thing)] RFC822.SIZE)');
  const [text, header, fields] = [TEXT, HEADER, crlf('X-Thing: one\n and more\n\n')].map((bytes) => `{${bytes.length}}\r\n${bytes}`);
  expect(said).toBe(`* 1 FETCH (UID 1 BODY[TEXT] ${text} BODY[HEADER] ${header} FLAGS () BODY[9] NIL BODY[HEADER.FIELDS (X-Thing)] ${fields} RFC822.SIZE ${WHOLE.length})\r\n`);
});

test('several messages come in order, each with its own octets', async () => {
  const said = await client.say('FETCH 1:* BODY.PEEK[HEADER.FIELDS (Subject)]');
  expect(said).toContain('* 1 FETCH (BODY[HEADER.FIELDS (Subject)] {18}\r\nSubject: outer\r\n\r\n)\r\n* 2 FETCH (BODY[HEADER.FIELDS (Subject)] {19}\r\nSubject: single\r\n\r\n)\r\n');
});

describe('a body of many pieces', () => {
  const PIECE = 65_536;
  const header = crlf('Subject: large\n\n');
  // Every octet tells where it is, a little.
  const body = Buffer.from(Uint8Array.from({ length: 400_000 }, (_, i) => 33 + ((i * 7 + (i >>> 8)) % 90)));
  const whole = Buffer.concat([Buffer.from(header), body]);
  let large: Rig;
  let reader: RigSession;

  beforeAll(async () => {
    large = await Rig.open([{ text: whole }, { text: whole }]);
    reader = large.session({ isReadOnly: true });
  });
  afterAll(() => large.close());

  test('is streamed whole, with items before and behind it', async () => {
    const said = await reader.say('UID FETCH 1:* (BODY[] FLAGS)');
    const each = [1, 2].map((number) => `* ${number} FETCH (UID ${number} BODY[] {${whole.length}}\r\n${whole.toString('latin1')} FLAGS ())\r\n`);
    expect(said).toBe(`${each.join('')}t1 OK FETCH completed\r\n`);
  });

  const borders = [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE - 1, 2 * PIECE, 131_071, 131_072, 131_073, whole.length - 1, whole.length, whole.length + 1];
  const partials = borders.flatMap((start) => [1, PIECE, 131_072, 131_073, 399_999].map((size) => [start, size] as const));

  test.each(partials)('its octets <%i.%i>', async (start, size) => {
    const said = await reader.say(`FETCH 1 BODY.PEEK[]<${start}.${size}>`);
    const expected = whole.subarray(start, start + size);
    expect(said.replace(/t\d+ OK FETCH completed\r\n$/, '') === response(1, `BODY[]<${start}>`, expected.toString('latin1'))).toBe(true);
  });
});

// What mail that was made to hurt may cost. Bounds are counts: steps taken, octets held, parts and octets written.
import { createHash } from 'node:crypto';
import { headerFields } from '../../../services/core/message/header';
import { HEADER_BYTES_MAX, MIME_DEPTH_MAX, MIME_PARTS_MAX } from '../../../services/core/message/mime-limits';
import type { MimePart } from '../../../services/core/message/mime-part';
import { MimeScanner, type ScannedMessage } from '../../../services/core/message/mime-scanner';
import { locateSection } from '../../../services/core/message/section';
import { decodeSummary, encodeSummary, SUMMARY_BYTES_MAX } from '../../../services/core/message/summary';
import { messageContains } from '../../../services/core/message/text-match';
import { ByteWriter } from '../../../services/core/wire/byte-writer';
import { FetchLine } from '../../../services/imap/responses/fetch';
import { heldOctets, StepCounter } from './counting';
import { bytesOf, crlf, partsOf } from './scan';

const CHUNK_BYTES = 600 * 1024;

/** A scanner holds header octets, what it read from them (a parameter of four octets is four slots), and parts; never bodies. */
const HELD_OCTETS_MAX = 5 * HEADER_BYTES_MAX;

/** ENVELOPE and BODYSTRUCTURE of one message: what a summary can hold, its numbers and offsets written out. */
const FETCH_BYTES_MAX = 6 * SUMMARY_BYTES_MAX;

/** Ten times the octets may take so many times the steps: the engine's counts are off by some percent. A quadratic step makes it a hundred. */
const GROWTH_MAX = 15;

/** A summary that is too large is packed again, with less in it: see summary.ts. */
const PACKINGS_MAX = 4;

function scanInChunks(message: Uint8Array, afterChunk: (scanner: MimeScanner) => void = () => undefined): ScannedMessage {
  const scanner = new MimeScanner();
  for (let at = 0; at < message.length; at += CHUNK_BYTES) {
    scanner.push(message.subarray(at, at + CHUNK_BYTES));
    afterChunk(scanner);
  }
  return scanner.end();
}

function fetchedBytes(encodedSummary: Uint8Array): number {
  const summary = decodeSummary(encodedSummary);
  const out = new ByteWriter();
  new FetchLine(out, 1).envelope(summary.envelope).bodyStructure(summary.structure).end();
  return out.take().length;
}

const fill = (size: number, unit: string): Buffer => Buffer.alloc(size, unit, 'latin1');
const multipart = (body: Buffer, boundary = 'b'): Buffer => Buffer.concat([crlf(`Content-Type: multipart/mixed; boundary=${boundary}\n\n`), body]);
const field = (name: string, size: number, unit: string, end = ''): Buffer => Buffer.concat([bytesOf(`${name}: `), fill(size, unit), bytesOf(`${end}\r\n\r\nbody\r\n`)]);
const part = (type: string, encoding: string, size: number, unit: string): Buffer =>
  Buffer.concat([crlf(`Content-Type: ${type}\nContent-Transfer-Encoding: ${encoding}\n\n`), fill(size, unit)]);

function nested(size: number, unit: (depth: number) => string): Buffer {
  let text = '';
  for (let depth = 0; text.length < size; depth++) text += unit(depth);
  return bytesOf(text);
}

/** Continuations `t*n=x`, the last one first. */
function continuations(size: number): string {
  const segments: string[] = [];
  for (let number = Math.floor(size / 16); number >= 0; number--) segments.push(`t*${number}*=%C3%A9`);
  return segments.join(';');
}

// Each gives a message of about so many octets.
const SHAPES: readonly (readonly [string, (size: number) => Buffer])[] = [
  ['multiparts in multiparts', (size) => nested(size, (depth) => `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n`)],
  ['messages in messages', (size) => fill(size, 'Content-Type: message/rfc822\r\n\r\n')],
  ['multiparts in multiparts with one boundary', (size) => fill(size, 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n')],
  ['multiparts whose boundaries begin with each other', (size) => multipart(nested(size, (depth) => `--${'a'.repeat(depth % 99)}\r\nContent-Type: multipart/mixed; boundary=${'a'.repeat(depth % 99 + 1)}\r\n\r\n`), 'a')],
  ['parts, small ones', (size) => multipart(fill(size, '--b\r\n\r\nx\r\n'))],
  ['parts, empty ones', (size) => multipart(fill(size, '--b\r\n'))],
  ['parts that are messages', (size) => multipart(fill(size, '--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\n'))],
  ['parts that are multiparts without parts', (size) => multipart(fill(size, '--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n'))],
  ['close-delimiters', (size) => multipart(fill(size, '--b--\r\n'))],
  ['dashes', (size) => multipart(fill(size, '--\n'))],
  ['empty lines', (size) => multipart(fill(size, '\r\n'))],
  ['lines that are nearly delimiters', (size) => multipart(fill(size, `--${'a'.repeat(69)}c\r\n`), 'a'.repeat(70))],
  ['one header line', (size) => field('Subject', size, 's')],
  ['one header line without end', (size) => fill(size, 'x')],
  ['header fields', (size) => fill(size, 'A-Field: b\r\nTo: a@b\r\n')],
  ['empty header fields', (size) => fill(size, 'a:\r\n')],
  ['folded lines', (size) => Buffer.concat([bytesOf('Subject:'), fill(size, ' x\r\n')])],
  ['folded fields without a value', (size) => fill(size, 'a:\n\t')],
  ['fields that are looked at', (size) => fill(size, 'Content-Disposition: a; b\r\nReferences: <\r\n')],
  ['header lines without colon', (size) => fill(size, 'junk\r\n')],
  ['NULs in a header', (size) => field('Subject', size, '\0')],
  ['NULs in a body', (size) => Buffer.concat([bytesOf('\r\n'), fill(size, '\0')])],
  ['bare LFs', (size) => fill(size, 'a: b\n\n--b\n')],
  ['bare CRs', (size) => fill(size, 'a: b\r\r--b\r')],
  ['CRs and LFs', (size) => multipart(fill(size, '\r\r\n\n--b\r'))],
  ['8-bit octets in a header', (size) => field('Subject', size, '\xff\xe9')],
  ['8-bit octets in addresses', (size) => field('To', size, '"\xe9" <\xff@\xc3\xa9>, ')],
  ['base64 that is none', (size) => part('text/plain; charset=utf-8', 'base64', size, 'w6k=!\0-_\xff\r\n')],
  ['quoted-printable that is none', (size) => part('text/plain; charset=utf-8', 'quoted-printable', size, '=C3=\r\n=A9=XY=4 = \t=')],
  ['soft line breaks that never end', (size) => part('text/plain', 'quoted-printable', size, '=   ')],
  ['white space at the end of lines', (size) => part('text/plain', 'quoted-printable', size, ' \t \t \t \r\n')],
  ['an unknown charset', (size) => part('text/plain; charset=klingon', '8bit', size, '\xc3\xa9\xff ')],
  ['an unknown encoding', (size) => part('text/html', 'x-klingon', size, '<b>\xc3\xa9')],
  ['ISO-2022-JP escapes', (size) => part('text/plain; charset=iso-2022-jp', '7bit', size, '\x1b$B$3\x1b$\x1b(B')],
  ['ISO-2022-KR shifts', (size) => part('text/plain; charset=iso-2022-kr', '7bit', size, '\x0e0!\x0f\x1b$)C\x1b$')],
  ['UTF-7 shifts', (size) => part('text/plain; charset=utf-7', '7bit', size, '+AOk+-+/')],
  ['GB 18030 without a line or a space', (size) => part('text/plain; charset=gb18030', '8bit', size, '\x81\x30\x81')],
  ['addresses', (size) => field('To', size, 'a@b, ')],
  ['members of a group', (size) => field('Cc', size, 'a@b,', ';').fill('g:', 4, 6)],
  ['groups', (size) => field('Bcc', size, 'g:a@b;')],
  ['open brackets, comments and quotes in addresses', (size) => field('From', size, '<(a@"\\[:')],
  ['open domain literals', (size) => field('To', size, 'a@[<,;:')],
  ['open quotes', (size) => field('From', size, "\"\\'")],
  ['encoded words', (size) => field('Subject', size, '=?utf-8?q?=C3?= ')],
  ['encoded words cut in characters, of two kinds', (size) => field('Subject', size, '=?utf-8?q?=C3?=\r\n =?utf-8?b?qQ==?=\r\n ')],
  ['encoded words of many charsets', (size) => field('Subject', size, '=?koi8-r?q?=C1?= =?big5?q?=A7?= =?x?q?=A7?= ')],
  ['starts of encoded words', (size) => field('Subject', size, '=?a?q?=?')],
  ['RFC 2231 continuations, the last one first', (size) => crlf(`Content-Type: a/b; ${continuations(size)}\n\n`)],
  ['broken parameters', (size) => field('Content-Type', size, ' x*0=; x*1*=; "').fill('a/b;', 14, 18)],
  ['parameters', (size) => field('Content-Type', size, ' a="\\b";', '').fill('a/b;', 14, 18)],
  ['percent escapes', (size) => field('Content-Type', size, '%C3%', '').fill("a/b; x*=u''", 14, 25)],
  ['comments in comments', (size) => field('Content-Disposition', size, ' (')],
  ['languages', (size) => field('Content-Language', size, 'en,')],
  ['message ids', (size) => field('References', size, '<a@b> ')],
  ['open message ids', (size) => field('References', size, '<')],
];

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const depthOf = (structure: MimePart): number =>
  1 + Math.max(0, ...structure.children.map(depthOf), structure.message === null ? 0 : depthOf(structure.message.structure));

describe('ten times as long takes ten times the steps, not a hundred', () => {
  let counter: StepCounter;
  beforeAll(() => {
    counter = new StepCounter();
  });
  afterAll(() => counter.close());

  /** Of what is done to a message: delivery, FETCH, SEARCH. */
  function stepsOf(message: Buffer): { readonly reading: number; readonly packing: number } {
    let scanned: ScannedMessage;
    let encoded: Uint8Array;
    const scanning = counter.stepsOf(() => (scanned = scanInChunks(message)));
    const packing = counter.stepsOf(() => (encoded = encodeSummary(scanned)));
    const fetching = counter.stepsOf(() => {
      fetchedBytes(encoded);
      headerFields(message.subarray(0, Math.min(scanned.structure.bodyStart, HEADER_BYTES_MAX)), ['subject', 'x'], false);
    });
    const searching = counter.stepsOf(() => messageContains(message, scanned.structure, 'a needle that is nowhere', 'TEXT'));
    return { reading: scanning + fetching + searching, packing };
  }

  test.each(SHAPES)('of nothing but %s', (_, shape) => {
    const [short, long] = [stepsOf(shape(6_000)), stepsOf(shape(60_000))];
    expect(long.reading).toBeLessThanOrEqual(GROWTH_MAX * short.reading);
    expect(long.packing).toBeLessThanOrEqual(GROWTH_MAX * PACKINGS_MAX * short.packing);
  });
});

test.each(SHAPES)('1.1 MiB of nothing but %s keep within the limits, and no octet of them changes', (_, shape) => {
  const message = shape(1.1 * 1024 * 1024);
  const before = digest(message);
  let held = 0;
  const scanned = scanInChunks(message, (scanner) => (held = Math.max(held, heldOctets(scanner))));
  expect(Math.max(held, heldOctets(scanned))).toBeLessThan(HELD_OCTETS_MAX);
  expect([...partsOf(scanned.structure)].length).toBeLessThanOrEqual(MIME_PARTS_MAX + 1);
  expect(depthOf(scanned.structure)).toBeLessThanOrEqual(MIME_DEPTH_MAX + 1);
  const encoded = encodeSummary(scanned);
  expect(encoded.length).toBeLessThan(SUMMARY_BYTES_MAX + 1_000);
  expect(fetchedBytes(encoded)).toBeLessThan(FETCH_BYTES_MAX);

  expect(scanned.sizeBytes).toBe(message.length);
  expect(locateSection(scanned.structure, [], null)).toEqual({ startByte: 0, endByte: message.length });
  expect(digest(message)).toBe(before);
});

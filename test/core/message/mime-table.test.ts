import { decodeSummary, encodeSummary } from '../../../services/core/message/summary';
import { foldForSearch } from '../../../services/core/message/text';
import { messageContains } from '../../../services/core/message/text-match';
import { ByteWriter } from '../../../services/core/wire/byte-writer';
import { FetchLine } from '../../../services/imap/responses/fetch';
import { parseResponse, type Value } from '../../imap/responses/parse-response';
import { mimeTable } from './mime-table';
import { bytesOf, outline, scan } from './scan';

/** What a FETCH says of a message, by way of the summary that the log keeps. */
function fetched(message: Uint8Array, cuts: readonly number[] = []): { envelope: string; structure: string } {
  const summary = decodeSummary(encodeSummary(scan(message, cuts)));
  const out = new ByteWriter();
  new FetchLine(out, 1).envelope(summary.envelope).bodyStructure(summary.structure).end();
  const [, , , items] = parseResponse(out.take());
  const [, envelope, , structure] = items as readonly Value[];
  return { envelope: written(envelope!), structure: written(structure!) };
}

/** One way to write a value, so that a wrong one is seen at a glance. */
function written(value: Value): string {
  if (value === null) return 'NIL';
  if (typeof value === 'string') return value;
  if ('text' in value) return JSON.stringify(value.text);
  return `(${value.map(written).join(' ')})`;
}

const CASES = mimeTable();

const string = (text: string): Value => ({ text });

// Short enough to be scanned octet by octet.
const SHORT_BYTES = 16 * 1024;

test('the table is not shorter than it was', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(500);
  expect(new Set(CASES.map(({ title }) => title)).size).toBe(CASES.length);
});

test.each(CASES)('$title', ({ message, envelope, structure, searches }) => {
  const expected = { envelope: written(envelope), structure: written(structure) };
  expect(fetched(message)).toEqual(expected);
  if (message.length <= SHORT_BYTES) expect(fetched(message, Array.from(message.keys()))).toEqual(expected);
  const { structure: scanned } = scan(message);
  for (const { scope, needle, matches } of searches) {
    expect({ scope, needle, matches: messageContains(message, scanned, foldForSearch(needle), scope) }).toEqual({ scope, needle, matches });
  }
});

test.each([100, 101, 3_000])('of %i messages within each other a hundred are opened, and the rest is a text', (count) => {
  const unit = 'Content-Type: message/rfc822\r\n\r\n';
  const sizeOf = (depth: number): string => String(unit.length * (count - depth));
  const linesOf = (depth: number): string => String(2 * (count - depth));
  const nothing: Value[] = [null, null, null, null];
  let structure: Value = [string('text'), string('plain'), [string('charset'), string('us-ascii')], null, null, string('7bit'), sizeOf(100), linesOf(100), ...nothing];
  for (let depth = 100; depth > 0; depth--) {
    const envelope: Value = Array.from({ length: 10 }, () => null);
    structure = [string('message'), string('rfc822'), null, null, null, string('7bit'), sizeOf(depth), envelope, structure, linesOf(depth), ...nothing];
  }
  expect(fetched(bytesOf(unit.repeat(count))).structure).toBe(written(structure));
});

// RFC 5322 §2.1 knows CRLF alone, but LF is what files have. Sizes differ, nothing else does.
test.each(CASES.filter(({ message }) => message.length <= SHORT_BYTES && !/\r(?!\n)|(?<!\r)\n/.test(message.toString('latin1'))))('with bare LF: $title', ({ message }) => {
  const bare = bytesOf(message.toString('latin1').replaceAll('\r\n', '\n'));
  const [expected, found] = [scan(message), scan(bare)];
  expect(outline(found.structure, bare).replaceAll('\n', '/')).toBe(outline(expected.structure, message));
  expect(found.envelope).toEqual(expected.envelope);
});

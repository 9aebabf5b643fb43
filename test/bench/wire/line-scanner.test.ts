import * as fc from 'fast-check';
import { LineScanner } from './line-scanner';

function linesOf(chunks: readonly Buffer[], hasLiterals = true): string[] {
  const lines: string[] = [];
  const scanner = new LineScanner(hasLiterals, (line) => void lines.push(line.toString('latin1')));
  for (const chunk of chunks) scanner.feed(chunk);
  return lines;
}

const lineEnd = '\r\n';

test.each([
  ['two lines', ['* OK\r\na1 OK\r\n'], ['* OK\r\n', 'a1 OK\r\n']],
  ['a literal that looks like a tagged reply', ['* 1 FETCH (BODY[] {9}\r\na1 OK x\r\n)\r\na1 OK\r\n'], ['* 1 FETCH (BODY[] {9}\r\n', 'a1 OK\r\n']],
  ['an empty literal', ['* 1 FETCH (BODY[] {0}\r\n)\r\na1 OK\r\n'], ['* 1 FETCH (BODY[] {0}\r\n', 'a1 OK\r\n']],
  ['two literals in one response', ['* 1 FETCH (A {2}\r\n\r\n B {1}\r\nx)\r\na1 OK\r\n'], ['* 1 FETCH (A {2}\r\n', 'a1 OK\r\n']],
  ['braces that announce nothing', ['* OK {}\r\n* OK {x1}\r\n* OK 1}\r\n'], ['* OK {}\r\n', '* OK {x1}\r\n', '* OK 1}\r\n']],
  ['a line without an end yet', ['* OK'], []],
])('%s', (_name, chunks, lines) => {
  expect(linesOf(chunks.map((chunk) => Buffer.from(chunk, 'latin1')))).toEqual(lines);
});

test('without literals, as in POP3, braces are text', () => {
  expect(linesOf([Buffer.from('+OK {3}\r\n.\r\n')], false)).toEqual(['+OK {3}\r\n', '.\r\n']);
});

test('however the octets are cut, the lines are the same', () => {
  const text = fc.stringMatching(/^[ -z~]{0,12}$/);
  const response = fc.tuple(text, fc.option(fc.uint8Array({ maxLength: 40 }))).map(([line, literal]) =>
    literal ? Buffer.concat([Buffer.from(`* ${line} {${literal.length}}${lineEnd}`), literal, Buffer.from(lineEnd)]) : Buffer.from(`* ${line}${lineEnd}`),
  );
  fc.assert(
    fc.property(fc.array(response, { maxLength: 8 }), fc.array(fc.nat(400), { maxLength: 12 }), (responses, cuts) => {
      const whole = Buffer.concat(responses);
      const ends = [...cuts.filter((cut) => cut <= whole.length).sort((a, b) => a - b), whole.length];
      const chunks = ends.map((end, i) => whole.subarray(ends[i - 1] ?? 0, end));
      const lines = linesOf(chunks);
      expect(lines).toEqual(linesOf([whole]));
      expect(lines).toHaveLength(responses.length);
    }),
  );
});

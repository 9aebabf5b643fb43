import * as fc from 'fast-check';
import { DotReader } from '../../services/lmtp/dot-reader';
import { stuffed } from './lmtp-client';

/** What is read of `wire` when it comes in pieces of these sizes. */
function read(wire: Buffer, sizes: readonly number[]): { readonly content: string; readonly rest: string | null } {
  const reader = new DotReader();
  let content = '';
  for (let at = 0, i = 0; at < wire.length; i += 1) {
    const piece = wire.subarray(at, at + sizes[i % sizes.length]!);
    at += piece.length;
    const reading = reader.take(piece);
    content += reading.content.toString('latin1');
    if (reading.rest !== null) return { content, rest: reading.rest.toString('latin1') + wire.toString('latin1', at) };
  }
  return { content, rest: null };
}

const octets = fc.array(fc.constantFrom('\r\n', '\r', '\n', '.', '..', 'x', '\0', '\xff'), { maxLength: 40 }).map((parts) => parts.join(''));
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

test('reading is the inverse of stuffing, wherever the packets are cut, and what follows is left alone', () => {
  fc.assert(
    fc.property(octets, octets, sizes, (message, next, cuts) => {
      const whole = message === '' ? '' : `${message}\r\n`;
      const wire = Buffer.concat([stuffed(Buffer.from(whole, 'latin1')), Buffer.from(`.\r\n${next}`, 'latin1')]);
      expect(read(wire, cuts)).toEqual({ content: whole, rest: next });
    }),
    { numRuns: 2_000 },
  );
});

test('octets that no sender stuffed come to no other end, and none is lost but the first of two dots', () => {
  fc.assert(
    fc.property(octets, sizes, (wire, cuts) => {
      const { content, rest } = read(Buffer.from(wire, 'latin1'), cuts);
      const end = /(?:^|\r\n)\.\r\n/.exec(wire);
      const said = end ? wire.slice(0, end.index + end[0].length - 3) : wire;
      expect(rest).toBe(end ? wire.slice(end.index + end[0].length) : null);
      // What waits at the end of an unended message is not content yet.
      const unstuffed = said.replaceAll(/(^|\r\n)\.\./g, '$1.');
      expect(end ? content === unstuffed : unstuffed.startsWith(content) && unstuffed.length - content.length <= 2).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

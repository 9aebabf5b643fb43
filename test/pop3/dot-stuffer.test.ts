import * as fc from 'fast-check';
import { DotStuffer } from '../../services/pop3/dot-stuffer';
import { unstuffed } from './pop3-client';

/** What is sent of a message that comes in these pieces, without the end. */
function stuffed(pieces: readonly Uint8Array[]): { readonly sent: Buffer; readonly end: string } {
  const stuffer = new DotStuffer();
  const sent = Buffer.concat(pieces.map((piece) => Uint8Array.from(stuffer.push(piece))));
  return { sent, end: stuffer.end() };
}

/** Bytes that are likely to matter, cut anywhere. */
const octet = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(0x0d, 0x0a, 0x2e, 0x61) }, { weight: 1, arbitrary: fc.nat(255) });
const pieces = fc.array(fc.array(octet, { maxLength: 12 }).map((octets) => Uint8Array.from(octets)), { maxLength: 12 });

test('what a client makes of the lines is what is stored, octet for octet, however it is cut', () => {
  fc.assert(fc.property(pieces, (cut) => expect(unstuffed(stuffed(cut).sent)).toEqual(Buffer.concat(cut))));
});

test('no line of one dot comes before the end, for clients whose lines end in LF and for those whose lines end in CRLF', () => {
  fc.assert(
    fc.property(pieces, (cut) => {
      const { sent, end } = stuffed(cut);
      const text = `\r\n${sent.toString('latin1')}${end}`;
      expect(text.indexOf('\n.\n')).toBe(-1);
      expect(text.indexOf('\n.\r\n')).toBe(text.length - 4);
      expect(text.slice(-5)).toBe('\r\n.\r\n');
    }),
  );
});

test('a CRLF is added only where the message does not end in one', () => {
  fc.assert(
    fc.property(pieces, (cut) => {
      const stored = Buffer.concat(cut).toString('latin1');
      expect(stuffed(cut).end).toBe(stored === '' || stored.endsWith('\r\n') ? '.\r\n' : '\r\n.\r\n');
    }),
  );
});

test.each([
  ['', '.\r\n'],
  ['.', '..\r\n.\r\n'],
  ['a', 'a\r\n.\r\n'],
  ['a\r', 'a\r\r\n.\r\n'],
  ['a\n', 'a\n\r\n.\r\n'],
  ['.\r\n', '..\r\n.\r\n'],
  ['a\n.\nb', 'a\n..\nb\r\n.\r\n'],
  ['a\r.b', 'a\r.b\r\n.\r\n'],
  ['\n', '\n\r\n.\r\n'],
])('%j is sent as %j', (stored, expected) => {
  const { sent, end } = stuffed([Buffer.from(stored)]);
  expect(sent.toString() + end).toBe(expected);
});

test('bytes without a dot to double are passed on, not copied', () => {
  const bytes = Buffer.from('no dot\r\nstarts a line.\r\n');
  expect(new DotStuffer().push(bytes)).toBe(bytes);
});

import * as fc from 'fast-check';
import { MboxSplitter } from '../../../services/cli/import/mbox-splitter';
import { WireForm } from '../../../services/cli/import/wire-form';

interface Cut {
  readonly fromLine: string;
  readonly body: string;
}

/** The messages of an mbox that comes in chunks of `sizes` octets, again and again. */
function split(mbox: string | Buffer, sizes: readonly number[] = [1 << 20]): Cut[] {
  const octets = typeof mbox === 'string' ? Buffer.from(mbox, 'latin1') : mbox;
  const splitter = new MboxSplitter();
  const cuts: { fromLine: string; body: string }[] = [];
  const take = (events: ReturnType<MboxSplitter['take']>): void => {
    for (const event of events) {
      if (event.kind === 'start') cuts.push({ fromLine: event.fromLine, body: '' });
      else cuts.at(-1)!.body += event.octets.toString('latin1');
    }
  };
  for (let at = 0, i = 0; at < octets.length; i += 1) {
    const size = sizes[i % sizes.length]!;
    take(splitter.take(octets.subarray(at, at + size)));
    at += size;
  }
  take(splitter.end());
  return cuts;
}

const bodies = (mbox: string, sizes?: readonly number[]): string[] => split(mbox, sizes).map(({ body }) => body);
const FROM = 'From joe@example.org Sat Aug 12 10:11:12 2017';

test.each([
  ['nothing', '', []],
  ['one message', `${FROM}\nA: b\n\ntext\n`, ['A: b\n\ntext\n']],
  ['the empty line before a message is not part of the last', `${FROM}\nA: b\n\none\n\n${FROM}\nA: c\n\ntwo\n\n`, ['A: b\n\none\n', 'A: c\n\ntwo\n']],
  ['other empty lines are', `${FROM}\nA: b\n\none\n\n\n\n${FROM}\nA: c\n\n\n`, ['A: b\n\none\n\n\n', 'A: c\n\n']],
  ['with CRLF', `${FROM}\r\nA: b\r\n\r\none\r\n\r\n${FROM}\r\nA: c\r\n`, ['A: b\r\n\r\none\r\n', 'A: c\r\n']],
  ['a quoted From_ loses one >', `${FROM}\nA: b\n\n>From x\n>>From y\n>Fro\n> From z\n`, ['A: b\n\nFrom x\n>From y\n>Fro\n> From z\n']],
  ['a From_ line that follows text is text', `${FROM}\nA: b\n\none\n${FROM}\ntwo\n`, [`A: b\n\none\n${FROM}\ntwo\n`]],
  ['"From here on" after an empty line is text', `${FROM}\nA: b\n\none\n\nFrom here on it is text.\nReally so.\n`, ['A: b\n\none\n\nFrom here on it is text.\nReally so.\n']],
  ['a From_ line without a date starts a message if a header follows', `${FROM}\nA: b\n\none\n\nFrom somebody\nC: d\n\ntwo\n`, ['A: b\n\none\n', 'C: d\n\ntwo\n']],
  ['a last From_ line without anything', `${FROM}\nA: b\n\n\n${FROM}`, ['A: b\n\n', '']],
  ['no line end at the end', `${FROM}\nA: b\n\ntext`, ['A: b\n\ntext']],
  ['an empty line at the end of a line that is cut', `${FROM}\nA: b\n\n\nx`, ['A: b\n\n\nx']],
])('%s', (_name, mbox, expected) => {
  expect(bodies(mbox)).toEqual(expected);
  for (const size of [1, 2, 3, 7]) expect(bodies(mbox, [size])).toEqual(expected);
});

test('a From_ line is told', () => {
  expect(split(`${FROM}\r\nA: b\r\n`)[0]!.fromLine).toBe(FROM);
});

const line = fc.oneof(
  fc.constantFrom('', '', 'From ', 'From me', '>From me', '>>From ', FROM, `>${FROM}`, 'Fro', '>', '\r', 'Header: x'),
  fc.string({ maxLength: 20 }).map((text) => text.replaceAll('\n', ' ')),
);

test('where chunks are cut changes nothing', () => {
  const mbox = fc.array(line, { maxLength: 40 }).map((lines) => [FROM, ...lines].join('\n'));
  const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(mbox, sizes, (text, cut) => {
      expect(split(text, cut)).toEqual(split(text));
    }),
  );
});

test('what was written as mboxrd comes out again', () => {
  const message = fc.array(line, { maxLength: 20 }).map((lines) => `Subject: x\n\n${lines.map((text) => `${text}\n`).join('')}`);
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 8 }), (messages) => {
      const mbox = messages.map((text) => `${FROM}\n${text.replaceAll(/^(>*From )/gm, '>$1')}\n`).join('');
      expect(bodies(mbox, [64])).toEqual(messages);
    }),
  );
});

test('a line of megabytes goes through in pieces, and is not mistaken for anything', () => {
  const long = 'x'.repeat(3 << 20);
  const mbox = `${FROM}\nA: b\n\n\n${long}\n\n${FROM}\nA: c\n\nFrom ${long}\n`;
  expect(bodies(mbox, [65_536])).toEqual([`A: b\n\n\n${long}\n`, `A: c\n\nFrom ${long}\n`]);
  const splitter = new MboxSplitter();
  let largest = 0;
  const octets = Buffer.from(mbox);
  for (let at = 0; at < octets.length; at += 65_536) {
    for (const event of splitter.take(octets.subarray(at, at + 65_536))) if (event.kind === 'octets') largest = Math.max(largest, event.octets.length);
  }
  expect(largest).toBeLessThan(200_000);
});

test('in wire form every line ends with CRLF and no octet is NUL, wherever chunks are cut', () => {
  const octets = fc.uint8Array({ maxLength: 60 }).map((bytes) => bytes.map((byte) => [byte, 10, 13, 0][byte % 4]!));
  fc.assert(
    fc.property(octets, fc.integer({ min: 1, max: 10 }), (bytes, size) => {
      const form = new WireForm();
      const whole = Buffer.from(bytes);
      const converted: Buffer[] = [];
      for (let at = 0; at < whole.length; at += size) converted.push(form.convert(whole.subarray(at, at + size)));
      const expected = whole.toString('latin1').replaceAll(/\r?\n/g, '\r\n').replaceAll('\0', '\x80');
      expect(Buffer.concat(converted).toString('latin1')).toBe(expected);
    }),
  );
});

test('octets in wire form already are not copied', () => {
  const chunk = Buffer.from('a\r\nb\r\n');
  expect(new WireForm().convert(chunk)).toBe(chunk);
});

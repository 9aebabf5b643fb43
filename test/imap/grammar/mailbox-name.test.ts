import * as fc from 'fast-check';
import { ByteWriter } from '../../../services/core/wire/byte-writer';
import { BadCommand, Refusal } from '../../../services/core/runtime/errors';
import { readListMailbox, readMailbox } from '../../../services/imap/grammar/mailbox-name';
import { writeMailbox } from '../../../services/imap/responses/mailbox-name';
import { readerOf } from '../segments-of';

const nameOf = (wire: string): string => readMailbox(readerOf(wire));
const written = (name: string): string => {
  const out = new ByteWriter();
  writeMailbox(out, name);
  return out.take().toString('latin1');
};

test.each([
  ['INBOX', 'INBOX'],
  ['inbox', 'INBOX'],
  ['"InBox"', 'INBOX'],
  ['inbox/Sub', 'INBOX/Sub'],
  ['inboxes', 'inboxes'],
  ['Work/inbox', 'Work/inbox'],
  ['"Sent Items"', 'Sent Items'],
  ['{4}\r\na"b\\', 'a"b\\'],
  ['a]b', 'a]b'],
  ['""', ''],
  ['Entw&APw-rfe', 'Entwürfe'],
  // RFC 3501 §5.1.3
  ['~peter/mail/&U,BTFw-/&ZeVnLIqe-', '~peter/mail/台北/日本語'],
  ['&Jjo-!', '☺!'],
  ['R&-D', 'R&D'],
  ['&2D3eAA-', '😀'],
  // NFD comes in, NFC is kept.
  ['u&Awg-', 'ü'],
])('%s is the mailbox %s', (wire, name) => {
  expect(nameOf(wire)).toBe(name);
});

test.each([
  ['an & that starts nothing', 'R&D'],
  ['an open shift', '&Jjo'],
  ['what needs no encoding', '&AGE-'],
  ['two shifts in a row (RFC 3501 §5.1.3)', '&U,BTFw-&ZeVnLIqe-'],
  ['bits left over', '&AOR-'],
  ['half a surrogate pair', '&2AA-'],
  ['an encoded NUL', '&AAA-'],
  ['an encoded line feed', '&AAo-'],
  ['raw UTF-8', '"Entw\u00c3\u00bcrfe"'],
])('%s is refused: %s', (_, wire) => {
  expect(() => nameOf(wire)).toThrow(expect.objectContaining({ name: 'Refusal', code: 'CANNOT' }));
});

test.each([['(x)'], ['a%b'], ['*'], ['"a\tb"'], ['{3}\r\na\nb'], ['{1}\r\n\0'], ['"open'], ['~{1}\r\nx']])('%j is no mailbox name', (wire) => {
  const read = (): void => {
    const reader = readerOf(wire);
    readMailbox(reader);
    reader.readEnd();
  };
  expect(read).toThrow(BadCommand);
});

test('a name far over the limit is refused before it costs anything', () => {
  const combining = `"&${Buffer.from('\u0301\u0323'.repeat(50_000), 'utf16le').swap16().toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-"`;
  expect(() => nameOf(combining)).toThrow(Refusal);
});

test.each([
  ['*', '*'],
  ['%', '%'],
  ['""', ''],
  ['Entw&APw-%', 'Entwü%'],
  ['"&APw-*&APw-"', 'ü*ü'],
  ['inbox', 'inbox'],
])('the pattern %s is %s', (wire, pattern) => {
  expect(readListMailbox(readerOf(wire))).toBe(pattern);
});

test.each([
  ['INBOX', 'INBOX'],
  ['Sent Items', '"Sent Items"'],
  ['Entwürfe', 'Entw&APw-rfe'],
  ['a"b\\', '"a\\"b\\\\"'],
  ['R&D', 'R&-D'],
  ['nil', '"nil"'],
  ['', '""'],
  ['100%', '"100%"'],
])('the mailbox %s is written %s', (name, wire) => {
  expect(written(name)).toBe(wire);
});

test('a name that was written is read again as itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      const name = text.normalize('NFC').replace(/\p{Cc}|\p{Surrogate}/gu, '');
      fc.pre(!/^inbox(\/|$)/i.test(name));
      expect(nameOf(written(name))).toBe(name);
    }),
    { numRuns: 500 },
  );
});

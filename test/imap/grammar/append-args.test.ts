import { BadCommand } from '../../../services/core/runtime/errors';
import { parseAppend, parseAppendRest } from '../../../services/imap/grammar/append-args';
import type { Segment } from '../../../services/imap/grammar/reader';

const line = (text: string): Segment => ({ kind: 'line', bytes: Buffer.from(text, 'latin1') });
const literal = (text: string): Segment => ({ kind: 'literal', bytes: Buffer.from(text, 'latin1') });

test.each<[string, Segment[], object]>([
  ['the mailbox alone', [line('A003 APPEND saved-messages ')], { mailbox: 'saved-messages', flags: [], internalDateMs: null }],
  ['flags', [line('A003 APPEND saved-messages (\\Seen) ')], { mailbox: 'saved-messages', flags: ['\\Seen'], internalDateMs: null }],
  ['no flags', [line('A003 append inbox () ')], { mailbox: 'INBOX', flags: [], internalDateMs: null }],
  ['a date', [line('A003 APPEND x " 7-Feb-1994 21:52:25 -0800" ')], { mailbox: 'x', flags: [], internalDateMs: Date.UTC(1994, 1, 8, 5, 52, 25) }],
  ['flags and a date', [line('A003 APPEND x (\\draft $Junk) "07-Feb-1994 21:52:25 +0000" ')], { mailbox: 'x', flags: ['\\Draft', '$Junk'], internalDateMs: Date.UTC(1994, 1, 7, 21, 52, 25) }],
  ['a mailbox as a literal', [line('A003 APPEND '), literal('a b'), line(' (\\Seen) ')], { mailbox: 'a b', flags: ['\\Seen'], internalDateMs: null }],
])('an APPEND is read before its message is there: %s', (_, segments, args) => {
  expect(parseAppend(segments)).toEqual({ tag: 'A003', ...args });
});

test('a literal straight after APPEND is the mailbox name', () => {
  expect(parseAppend([line('a APPEND ')])).toBeNull();
});

test.each([
  ['no space before the message', [line('a APPEND x')]],
  ['no space after the flags', [line('a APPEND x (\\Seen)')]],
  ['no space after the date', [line('a APPEND x "07-Feb-1994 21:52:25 +0000"')]],
  ['no space after a mailbox literal', [line('a APPEND '), literal('x'), line('')]],
  ['a doubled space', [line('a APPEND x  ')]],
  ['the date before the flags', [line('a APPEND x "07-Feb-1994 21:52:25 +0000" (\\Seen) ')]],
  ['a broken date', [line('a APPEND x "yesterday" ')]],
  ['a flag that nobody can set', [line('a APPEND x (\\Recent) ')]],
  ['CATENATE', [line('a APPEND x CATENATE (URL foo TEXT ')]],
  ['UTF8', [line('a APPEND x UTF8 (')]],
  ['no space after APPEND', [line('a APPEND')]],
])('an APPEND with %s is broken', (_, segments) => {
  expect(() => parseAppend(segments)).toThrow(BadCommand);
});

test('after the message the command ends, or a further message is announced', () => {
  expect(parseAppendRest(Buffer.from(''), false)).toBeNull();
  expect(parseAppendRest(Buffer.from(' '), false)).toBeNull();
  expect(parseAppendRest(Buffer.from(' (\\Seen) '), true)).toEqual({ flags: ['\\Seen'], internalDateMs: null });
  expect(parseAppendRest(Buffer.from(' '), true)).toEqual({ flags: [], internalDateMs: null });
  expect(() => parseAppendRest(Buffer.from(' x'), false)).toThrow(BadCommand);
  expect(() => parseAppendRest(Buffer.from(')'), false)).toThrow(BadCommand);
  expect(() => parseAppendRest(Buffer.from(''), true)).toThrow(BadCommand);
});

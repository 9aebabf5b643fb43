import { BadCommand, Refusal } from '../../../services/core/runtime/errors';
import { readSearchArgs, type SearchArgs } from '../../../services/imap/grammar/search-args';
import { usesNumbers, type SearchKey } from '../../../services/imap/grammar/search-keys';
import { readerOf } from '../segments-of';

const searchArgs = (text: string): SearchArgs => readSearchArgs(readerOf(` ${text}`));

/** A short form of a key, for tables. */
function shown(key: SearchKey): string {
  if (key.kind === 'and') return `(${key.keys.map(shown).join(' & ')})`;
  if (key.kind === 'or') return `(${shown(key.left)} | ${shown(key.right)})`;
  if (key.kind === 'not') return `!${shown(key.key)}`;
  return Object.values(key).map(String).join(' ');
}

const day = (iso: string): number => Date.parse(iso) / 86_400_000;

test.each([
  ['ALL', 'all'],
  ['ANSWERED', 'flag \\Answered'],
  ['DELETED', 'flag \\Deleted'],
  ['DRAFT', 'flag \\Draft'],
  ['FLAGGED', 'flag \\Flagged'],
  ['SEEN', 'flag \\Seen'],
  ['UNANSWERED', '!flag \\Answered'],
  ['UNDELETED', '!flag \\Deleted'],
  ['UNDRAFT', '!flag \\Draft'],
  ['UNFLAGGED', '!flag \\Flagged'],
  ['unseen', '!flag \\Seen'],
  ['NEW', '(recent & !flag \\Seen)'],
  ['OLD', '!recent'],
  ['RECENT', 'recent'],
  ['KEYWORD $Junk', 'flag $Junk'],
  ['UNKEYWORD $Junk', '!flag $Junk'],
  ['BEFORE 1-Feb-1994', `date internal before ${day('1994-02-01')}`],
  ['ON 1-Feb-1994', `date internal on ${day('1994-02-01')}`],
  ['SINCE "1-Feb-1994"', `date internal since ${day('1994-02-01')}`],
  ['SENTBEFORE 1-Feb-1994', `date sent before ${day('1994-02-01')}`],
  ['SENTON 1-Feb-1994', `date sent on ${day('1994-02-01')}`],
  ['SENTSINCE 1-Feb-1994', `date sent since ${day('1994-02-01')}`],
  ['SAVEDBEFORE 1-Feb-1994', `date saved before ${day('1994-02-01')}`],
  ['savedon "1-Feb-1994"', `date saved on ${day('1994-02-01')}`],
  ['SAVEDSINCE 1-Feb-1994', `date saved since ${day('1994-02-01')}`],
  ['SAVEDATESUPPORTED', 'all'],
  ['EMAILID M6d99ac3275bb4e', 'emailId M6d99ac3275bb4e'],
  ['threadid T64b478a75b7ea9_-', 'threadId T64b478a75b7ea9_-'],
  [`EMAILID ${'x'.repeat(255)}`, `emailId ${'x'.repeat(255)}`],
  ['BCC x', 'header bcc x'],
  ['CC x', 'header cc x'],
  ['FROM "Smith"', 'header from Smith'],
  ['SUBJECT {3}\r\na b', 'header subject a b'],
  ['TO x', 'header to x'],
  ['HEADER Message-ID <x@y>', 'header message-id <x@y>'],
  ['HEADER X-Spam ""', 'header x-spam '],
  ['BODY x', 'text body x'],
  ['TEXT "string not in mailbox"', 'text text string not in mailbox'],
  ['LARGER 10000', 'size larger 10000'],
  ['SMALLER 0', 'size smaller 0'],
  ['UID 5:*', 'uids 5:*'],
  ['2,4:7', 'numbers 2,4:7'],
  ['*', 'numbers *'],
  ['OLDER 86400', 'age older 86400'],
  ['YOUNGER 1', 'age younger 1'],
  ['MODSEQ 620162338', 'modSeq 620162338'],
  ['MODSEQ 0', 'modSeq 0'],
  ['MODSEQ "/flags/\\\\draft" all 620162338', 'modSeq 620162338'],
  ['MODSEQ "/flags/x" priv 9223372036854775807', `modSeq ${Number.MAX_SAFE_INTEGER}`],
  ['NOT SEEN', '!flag \\Seen'],
  ['OR SEEN FLAGGED', '(flag \\Seen | flag \\Flagged)'],
  ['OR NOT SEEN OR 1 2', '(!flag \\Seen | (numbers 1 | numbers 2))'],
  ['FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"', `(flag \\Flagged & date internal since ${day('1994-02-01')} & !header from Smith)`],
  ['(SEEN)', 'flag \\Seen'],
  ['OR (SEEN FLAGGED) (1)', '((flag \\Seen & flag \\Flagged) | numbers 1)'],
  ['NOT (1:5 UNSEEN) ', '!(numbers 1:5 & !flag \\Seen)'],
  ['CHARSET UTF-8 TEXT {6}\r\n\u00d0\u00b4\u00d0\u00bd\u00d1\u008f', 'text text дня'],
  ['charset us-ascii ALL', 'all'],
  ['CHARSET "utf-8" ALL', 'all'],
  ['TEXT "\u00c3\u00bc"', 'text text ü'],
])('SEARCH %s', (text, key) => {
  expect(shown(searchArgs(text).key)).toBe(key);
});

test.each<[string, string[] | null]>([
  ['ALL', null],
  ['RETURN () ALL', ['ALL']],
  ['RETURN (MIN MAX) ALL', ['MIN', 'MAX']],
  ['return (count all count) CHARSET UTF-8 1:*', ['COUNT', 'ALL']],
])('SEARCH %s asks for results', (text, returns) => {
  const { returns: found } = searchArgs(text);
  expect(found && [...found]).toEqual(returns);
});

test.each([
  '', ' ', 'FOO', 'ALL  SEEN', 'ALL)', '(ALL', '()', 'NOT', 'OR SEEN', 'OR SEEN  FLAGGED', 'KEYWORD', 'KEYWORD \\Seen', 'BEFORE', 'BEFORE yesterday', 'FROM', 'HEADER x', 'HEADER "a:b" x', 'HEADER "" x',
  'LARGER', 'LARGER x', 'LARGER -1', 'LARGER 99999999999999999999', 'UID', 'UID x', '0', '1:', 'OLDER 0', 'YOUNGER 4294967296', 'MODSEQ', 'MODSEQ x', 'MODSEQ "/flags/x" 5', 'MODSEQ "/flags/x" foo 5',
  'RETURN', 'RETURN (SAVE) ALL', 'RETURN (FOO) ALL', 'RETURN (MIN', 'RETURN (MIN)', 'RETURN (MIN)ALL', 'CHARSET', 'CHARSET UTF-8', 'TEXT (x)', '$', 'SEEN x',
  'SAVEDON', 'SAVEDON x', 'SAVEDBEFORE 32-Jan-2020', 'SAVEDATESUPPORTED x', 'EMAILID', 'EMAILID "M1"', 'EMAILID M1.', 'EMAILID (M1)', 'EMAILID {2}\r\nM1', 'THREADID *', `THREADID ${'x'.repeat(256)}`, '(SEEN)(SEEN)',
])('SEARCH %j is broken', (text) => {
  expect(() => searchArgs(text)).toThrow(BadCommand);
});

test.each(['CHARSET KOI8-R ALL', 'CHARSET ISO-8859-1 TEXT "\u00fc"', 'CHARSET UTF-8 TEXT "\u00fc"', 'TEXT "\u00fc"'])('SEARCH %j is in a character set that is refused', (text) => {
  expect(() => searchArgs(text)).toThrow(expect.objectContaining({ name: 'Refusal', code: 'BADCHARSET' }));
});

test('a thousand keys and a depth of fifty are taken, more are not', () => {
  expect(() => searchArgs(Array.from({ length: 1_000 }, () => 'SEEN').join(' '))).not.toThrow();
  expect(() => searchArgs(Array.from({ length: 1_001 }, () => 'SEEN').join(' '))).toThrow(Refusal);
  expect(() => searchArgs(`${'NOT '.repeat(50)}SEEN`)).not.toThrow();
  expect(() => searchArgs(`${'NOT '.repeat(51)}SEEN`)).toThrow(Refusal);
  expect(() => searchArgs(`${'('.repeat(50)}SEEN${')'.repeat(50)}`)).not.toThrow();
  expect(() => searchArgs('('.repeat(500_000))).toThrow(Refusal);
  expect(() => searchArgs('NOT '.repeat(200_000))).toThrow(Refusal);
  expect(() => searchArgs('OR '.repeat(200_000))).toThrow(Refusal);
});

test('closing a parenthesis gives its depth back', () => {
  expect(() => searchArgs(Array.from({ length: 200 }, () => '(NOT SEEN)').join(' '))).not.toThrow();
});

test.each<[string, boolean]>([
  ['ALL', false],
  ['UID 1:*', false],
  ['1:5', true],
  ['OR SEEN NOT (FLAGGED 5)', true],
  ['OR SEEN NOT (FLAGGED UID 5)', false],
  ['OR 1 SEEN', true],
])('that SEARCH %s speaks of message numbers is %s', (text, expected) => {
  expect(usesNumbers(searchArgs(text).key)).toBe(expected);
});

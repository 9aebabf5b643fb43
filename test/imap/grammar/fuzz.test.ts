import * as fc from 'fast-check';
import { BadCommand, Refusal } from '../../../services/core/runtime/errors';
import { parseAppend } from '../../../services/imap/grammar/append-args';
import { parseTag } from '../../../services/imap/grammar/command-line';
import { parseCommand } from '../../../services/imap/grammar/command';
import type { Segment } from '../../../services/imap/grammar/reader';
import { segmentsOfBytes } from '../segments-of';

function expectNothingElse(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof BadCommand) && !(error instanceof Refusal)) throw error;
    expect(error.message).toMatch(/^[ -~]+$/);
  }
}

const word = fc.constantFrom(
  'a1', 'UID', 'FETCH', 'STORE', 'SEARCH', 'SELECT', 'LIST', 'STATUS', 'APPEND', 'LOGIN', 'ID', 'ENABLE', 'AUTHENTICATE', 'COPY', 'RENAME', 'CREATE', 'INBOX', '1:*', '5,2:3', '4294967295',
  '18446744073709551616', '(', ')', '()', ' ', ' ', ' ', ' ', '"', '\\', '\\Seen', 'FLAGS', '+FLAGS.SILENT', 'BODY[', 'BODY.PEEK[HEADER.FIELDS (', ']', '<0.1>', 'NOT', 'OR', 'TEXT', 'CHARSET', 'UTF-8', 'RETURN',
  'MODSEQ', 'CHANGEDSINCE', 'VANISHED', 'QRESYNC', 'CONDSTORE', '&AOQ-', '&', '"17-Jul-1996 02:44:25 -0700"', '1-Feb-1994', 'NIL', '{3}\r\nabc', '{0+}\r\n', '~{1}\r\n\0', '%', '*', 'PREVIEW', ' (LAZY', 'LAZY)', 'EMAILID', 'THREADID M1', 'SAVEDON', 'GETQUOTA', 'GETQUOTAROOT', 'SETQUOTA', '(STORAGE 1)', 'MAILBOXID', '\r', '\0', '\u00ff',
);
const nearCommand = fc.array(word, { maxLength: 25 }).map((words) => Buffer.from(`${words.join('')}\r\n`, 'latin1'));
const anyBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from([...bytes, 13, 10]));

test('whatever bytes come, only BadCommand and Refusal come out', () => {
  fc.assert(
    fc.property(fc.oneof(nearCommand, anyBytes), (bytes) => {
      const segments = segmentsOfBytes(bytes);
      const isWhole = segments[segments.length - 1]?.kind === 'line';
      if (isWhole) expectNothingElse(() => parseCommand(segments));
      if (segments.length > 0) parseTag(segments[0]!.bytes);
    }),
    { numRuns: 3_000 },
  );
});

test('whatever is between APPEND and its message, only BadCommand and Refusal come out', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (words) => {
      const bytes = Buffer.from(`a APPEND ${words.join(' ')} `.replaceAll(/[\r\n]/g, ''), 'latin1');
      expectNothingElse(() => parseAppend([{ kind: 'line', bytes }]));
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['SEARCH keys', (n: number) => `a SEARCH ${'('.repeat(n)}`],
  ['spaces', (n: number) => `a FETCH 1 FLAGS${' '.repeat(n)}x`],
  ['flags', (n: number) => `a STORE 1 FLAGS (${'k '.repeat(n / 2)}x)`],
  ['distinct flags', (n: number) => `a STORE 1 FLAGS (${Array.from({ length: n / 8 }, (_, i) => `k${i}`).join(' ')})`],
  ['digits', (n: number) => `a STORE 1 (UNCHANGEDSINCE ${'9'.repeat(n)}) FLAGS x`],
  ['digits of a set', (n: number) => `a FETCH ${'0'.repeat(n)}1 FLAGS`],
  ['commas', (n: number) => `a FETCH ${'1,'.repeat(n / 2)}1 FLAGS`],
  ['numbers in falling order', (n: number) => `a FETCH ${Array.from({ length: n / 7 }, (_, i) => 999_999 - 2 * i).join(',')} FLAGS`],
  ['quotes', (n: number) => `a LOGIN "${'\\"'.repeat(n / 2)}" x`],
  ['header fields', (n: number) => `a FETCH 1 BODY[HEADER.FIELDS (${'x '.repeat(n / 2)}x)]`],
  ['part numbers', (n: number) => `a FETCH 1 BODY[${'1.'.repeat(n / 2)}1]`],
  ['FETCH items', (n: number) => `a FETCH 1 (${'UID '.repeat(n / 4)}UID)`],
  ['STATUS items', (n: number) => `a STATUS x (${'SIZE '.repeat(n / 5)}SIZE)`],
  ['capabilities', (n: number) => `a ENABLE${' X'.repeat(n / 2)}`],
  ['shifts in a name', (n: number) => `a SELECT "${'&AOQ-a'.repeat(n / 6)}"`],
  ['wildcards', (n: number) => `a LIST "" ${'*%'.repeat(n / 2)}`],
  ['preview modifiers', (n: number) => `a FETCH 1 PREVIEW (LAZY${' LAZY'.repeat(n / 5)})`],
  ['object id', (n: number) => `a SEARCH EMAILID ${'M'.repeat(n)}`],
  ['quota root', (n: number) => `a GETQUOTA ${'q'.repeat(n)}`],
  ['resource limits', (n: number) => `a SETQUOTA "" (${'STORAGE 1 '.repeat(n / 10)}STORAGE 1)`],
  ['a tag', (n: number) => `${'a'.repeat(n)} NOOP`],
  ['a name', (n: number) => `a ${'x'.repeat(n)}`],
] as const)('a megabyte of %s is read or refused in one pass', (_, textOf) => {
  const segments: Segment[] = [{ kind: 'line', bytes: Buffer.from(textOf(2 ** 20)) }];
  expectNothingElse(() => parseCommand(segments));
});

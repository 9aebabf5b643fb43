import * as fc from 'fast-check';
import { ListPattern } from '../../services/imap/list-pattern';

const textOf = (chars: readonly string[], maxLength: number) => fc.string({ unit: fc.constantFrom(...chars), maxLength });

/** Whether the pattern matches, part by part as LIST asks. */
function matches(pattern: string, name: string): boolean {
  const matcher = new ListPattern(pattern);
  const [first, ...rest] = name.split('/');
  let state = matcher.afterFirst(first!);
  for (const part of rest) state = matcher.after(matcher.after(state, '/'), part);
  return matcher.accepts(state);
}

test.each([
  ['*', 'a', true],
  ['*', 'a/b/c', true],
  ['%', 'a', true],
  ['%', 'a/b', false],
  ['%/%', 'a/b', true],
  ['%/%', 'a', false],
  ['a%', 'a', true],
  ['a%b', 'ab', true],
  ['a%b', 'a/b', false],
  ['a*b', 'a/b', true],
  ['a*b', 'a/bc', false],
  ['*b*', 'a/b/c', true],
  ['%*', 'a/b', true],
  ['*%', 'a/b', true],
  ['%%%', 'abc', true],
  ['%%%', 'a/c', false],
  ['a', 'A', false],
  ['', 'a', false],
  ['*/', 'a', false],
  ['x*', 'xylophon', true],
  ['.+[a', '.+[a', true],
  ['ä*', 'ärger', true],
])('%s matches %s: %s', (pattern, name, expected) => {
  expect(matches(pattern, name)).toBe(expected);
});

test.each([
  ['INBOX', 'INBOX', true],
  ['inbo%', 'INBOX', true],
  ['InB*', 'INBOX/child', true],
  ['%x', 'INBOX', true],
  ['inb*', 'INBOX/Child', true],
  ['*child', 'INBOX/Child', false],
  ['inb*', 'INBOXES', false],
  ['a/inb%', 'a/INBOX', false],
])('INBOX is matched in any case, as the first part of a name only: %s matches %s: %s', (pattern, name, expected) => {
  expect(matches(pattern, name)).toBe(expected);
});

test('a pattern matches what the regular expression for it does', () => {
  fc.assert(
    fc.property(textOf(['a', 'b', '/', '*', '%'], 80), textOf(['a', 'b', '/'], 12), (pattern, name) => {
      const expected = new RegExp(`^${pattern.replace(/\*+/g, '.*').replace(/%+/g, '[^/]*')}$`);
      // Regular expressions need exponential time for the rest.
      fc.pre((pattern.match(/[*%]+/g) ?? []).length <= 6);
      expect(matches(pattern, name)).toBe(expected.test(name));
    }),
    { numRuns: 2000 },
  );
});

test('no pattern is slow: a thousand wildcards against a name that nearly matches', () => {
  for (const wildcard of ['*', '%', '*%', '*a%a']) {
    expect(matches(`${`${wildcard}a`.repeat(400)}b`, 'a'.repeat(1000))).toBe(false);
    expect(matches(`${`${wildcard}a`.repeat(300)}b`, `${'a'.repeat(900)}b`)).toBe(true);
  }
});

import * as fc from 'fast-check';
import { directoryName, mailboxName, subscribedNames, subscriptionsFile } from '../../../services/cli/maildir/folder-names';

/** As Dovecot 2.3 with listescape makes them. */
test.each([
  ['a.b', '.a\\2eb'],
  ['a.b/c', '.a\\2eb.c'],
  ['~x', '.\\7ex'],
  ['x~', '.x~'],
  ['a/~x', '.a.~x'],
  ['back\\slash', '.back\\5cslash'],
  ['..', '.\\2e\\2e'],
  ['ä.q', '.&AOQ-\\2eq'],
  ['a/.x', '.a.\\2ex'],
  ['INBOX/kid', '.INBOX.kid'],
  ['&amp', '.&-amp'],
  ['x y', '.x y'],
])('the mailbox %s is in the directory %s', (mailbox, directory) => {
  expect(directoryName(mailbox)).toBe(directory);
  expect(mailboxName(directory)).toBe(mailbox);
});

test.each([
  ['.Lists.N&APY-de', 'Lists/Nöde'],
  ['.Übung', 'Übung'],
  ['.C:\\dev', 'C:\\dev'],
  ['.a\\2Fb', 'a\\2Fb'],
  ['.a\\2Eb', 'a.b'],
])('a directory %s of another server is the mailbox %s', (directory, mailbox) => {
  expect(mailboxName(directory)).toBe(mailbox);
});

const part = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.array(fc.constantFrom('.', '\\', '~', '&', '-', '2', 'e', '5', 'c', '7', 'ä', '😀'), { minLength: 1 }).map((letters) => letters.join('')));
// eslint-disable-next-line no-control-regex
const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.map((each) => each.replace(/[/\u0000-\u001f\u007f]/g, '-')).join('/').normalize('NFC'));

test('every name comes back from its directory, and no directory hides another or leads away', () => {
  fc.assert(
    fc.property(name, (mailbox) => {
      const directory = directoryName(mailbox);
      expect(mailboxName(directory)).toBe(mailbox);
      expect(directory).toMatch(/^\.(?!\.)[^/\0]+$/);
    }),
    { numRuns: 1_000 },
  );
});

async function* linesOf(text: string): AsyncGenerator<string> {
  yield* text.split('\n');
}

async function all(text: string): Promise<(string | null)[]> {
  const names: (string | null)[] = [];
  for await (const each of subscribedNames(linesOf(text))) names.push(each);
  return names;
}

test('every subscription comes back', async () => {
  await fc.assert(fc.asyncProperty(fc.array(name), async (names) => expect(await all(subscriptionsFile(names))).toEqual(names)));
});

test.each([
  ['of version 2', 'V\t2\n\na\\2eb\tc\nINBOX\n', ['a.b/c', 'INBOX']],
  ['from before there were versions', 'Lists.N&APY-de\nINBOX\n\nx y', ['Lists/Nöde', 'INBOX', 'x y']],
  ['with nothing in it', '', []],
])('subscriptions %s are read', async (_what, text, names) => {
  expect(await all(text)).toEqual(names);
});

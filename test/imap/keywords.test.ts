// "Keywords: one dictionary an account, ≤ 128 of ≤ 64 octets; full → NO [LIMIT], PERMANENTFLAGS without \*".
import { limits } from '../../services/core/runtime/limits';
import { ImapWorld } from '../support/imap-world';

test('the dictionary of keywords fills up, and says so', async () => {
  const world = await ImapWorld.open();
  await world.addUser('alice');
  const client = await world.signIn('alice');
  const names = Array.from({ length: limits.keywords }, (_, k) => `keyword-${k}`);
  const tooLong = 'k'.repeat(limits.keywordBytes + 1);
  expect(await client.command('b', `APPEND INBOX (${tooLong}) {5}`)).toEqual([expect.stringMatching(/^b NO \[LIMIT\]/)]);
  expect((await client.command('c', `APPEND INBOX (${names.slice(1).join(' ')}) {5+}\r\nhello`)).at(-1)).toMatch(/^c OK/);
  expect((await client.command('d', 'SELECT INBOX')).join('\n')).toMatch(/PERMANENTFLAGS \(.* keyword-127 \\\*\)/);
  expect((await client.command('e', `STORE 1 +FLAGS (${names[0]!})`)).join('\n')).toMatch(/\* FLAGS \(.*keyword-0\)/);
  // Flags fold case, so what is known is known in any.
  expect((await client.command('f', 'STORE 1 -FLAGS.SILENT (KEYWORD-7)')).at(-1)).toMatch(/^f OK/);
  expect((await client.command('g', 'STORE 1 +FLAGS (one-more)')).at(-1)).toMatch(/^g NO \[LIMIT\]/);
  expect(await client.command('h', 'APPEND INBOX (one-more) {5}')).toEqual([expect.stringMatching(/^h NO \[LIMIT\]/)]);
  const selected = (await client.command('i', 'SELECT INBOX')).join('\n');
  expect(selected).toMatch(/PERMANENTFLAGS \(\\Seen .* keyword-0\)/);
  expect(selected).not.toContain('\\*');

  await world.close();
});

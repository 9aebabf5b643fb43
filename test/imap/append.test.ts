import { readWhole } from '../../services/core/store/blob-store';
import { MemoryBlobStore } from '../../services/core/store/memory/memory-blob-store';
import { systemClock } from '../../services/core/runtime/clock';
import { findMailbox } from '../../services/core/account/account-state';
import { imapLimits } from '../../services/imap/imap-limits';
import { CLOSED, type ImapClient } from '../support/imap-client';
import { ImapWorld } from '../support/imap-world';

let world: ImapWorld;
let client: ImapClient;

beforeEach(async () => {
  world = await ImapWorld.open();
  await world.addUser('alice');
  client = await world.signIn('alice');
});

afterEach(() => world.close());

const inbox = () => world.withAccount('alice', async (account) => findMailbox(account.state, 'INBOX')!.mailbox);

test('a message of megabytes comes in whole, in pieces of any size', async () => {
  const body = Buffer.alloc(3 * 2 ** 20);
  for (let i = 0; i < body.length; i += 1) body[i] = 1 + ((i * 7919) % 255);
  client.send(`a APPEND INBOX {${body.length}}\r\n`);
  expect(await client.response()).toBe('+ OK');
  for (let at = 0; at < body.length; at += 100_003) client.send(body.subarray(at, at + 100_003));
  client.send('\r\n');
  expect((await client.until('a')).at(-1)).toMatch(/^a OK \[APPENDUID \d+ 1\]/);
  const [key] = world.tier.blobs.keys();
  expect((await readWhole(new MemoryBlobStore(world.tier, systemClock), key!)).equals(body)).toBe(true);
  expect((await inbox()).totals).toMatchObject({ exists: 1, bytes: body.length });
});

test.each([
  ['a NUL in the message', 'a APPEND INBOX {10+}\r\nhello\0you!\r\n', 'a BAD a literal must not contain NUL'],
  ['a second message without its separator', 'a APPEND INBOX {5+}\r\nhello{5+}\r\nworld\r\n', 'a BAD'],
  ['a second message that is empty', 'a APPEND INBOX {5+}\r\nhello {0+}\r\n {5+}\r\nthird\r\n', 'a NO an empty message cannot be appended'],
  ['a second message that is too large', `a APPEND INBOX {5+}\r\nhello {${imapLimits.messageBytes + 1}}\r\n`, 'a NO [TOOBIG]'],
  ['a second message without measure', 'a APPEND INBOX {5+}\r\nhello {99999999999999999999}\r\n', 'a NO [TOOBIG]'],
  ['flags without a second message', 'a APPEND INBOX {5+}\r\nhello (\\Seen)\r\n', 'a BAD'],
  ['something after the message', 'a APPEND INBOX {5+}\r\nhello you\r\n', 'a BAD'],
  ['a line without end after the message', `a APPEND INBOX {5+}\r\nhello ${'x'.repeat(imapLimits.lineBytesAfterLogin)}\r\n`, 'a BAD'],
])('%s: nothing is appended, nothing is stored, and the next command is understood', async (_what, said, reply) => {
  client.send(said);
  expect((await client.until('a')).at(-1)).toContain(reply);
  expect(await client.command('b', 'NOOP')).toEqual(['b OK NOOP completed']);
  expect(world.tier.blobs.size).toBe(0);
  expect((await inbox()).uidNext).toBe(1);
});

test('a client that vanishes inside its message appends nothing and leaves nothing', async () => {
  const other = await world.signIn('alice');
  client.send('a APPEND INBOX {1000000}\r\n');
  expect(await client.response()).toBe('+ OK');
  client.send(Buffer.alloc(500_000, 'x'));
  client.destroy();
  expect(await other.command('b', 'STATUS INBOX (MESSAGES UIDNEXT)')).toContain('* STATUS INBOX (MESSAGES 0 UIDNEXT 1)');
  await world.close(); // All sessions have ended.
  expect(world.tier.blobs.size).toBe(0);
});

test('a client that vanishes after its message, before the end of its line, appends nothing', async () => {
  client.send('a APPEND INBOX {5+}\r\nhello');
  client.destroy();
  await world.close();
  expect(world.tier.blobs.size).toBe(0);
});

test('a message that is too large and comes unasked is dropped, and the session goes on', async () => {
  const chunk = Buffer.alloc(2 ** 20, 'x');
  client.send(`a APPEND INBOX {${imapLimits.messageBytes + chunk.length}+}\r\n`);
  for (let sent = 0; sent < imapLimits.messageBytes + chunk.length; sent += chunk.length) client.send(chunk);
  client.send('\r\n');
  expect(await client.until('a')).toEqual([expect.stringMatching(/^a NO \[TOOBIG\]/)]);
  expect(await client.command('b', 'NOOP')).toEqual(['b OK NOOP completed']);
  expect(world.tier.blobs.size).toBe(0);
});

test('one that does not end is followed by BYE [TOOBIG], after twice the limit (RFC 7888 §4)', async () => {
  const chunk = Buffer.alloc(2 ** 20, 'x');
  client.send(`a APPEND INBOX {${10 * imapLimits.messageBytes}+}\r\n`);
  expect(await client.response()).toMatch(/^a NO \[TOOBIG\]/);
  for (let sent = 0; sent <= imapLimits.droppedBytes && client.socket.writable; sent += chunk.length) {
    await client.sent(chunk);
  }
  expect(await client.response()).toMatch(/^\* BYE \[TOOBIG\]/);
  expect(await client.response()).toBe(CLOSED);
});

test('a mailbox that is deleted while the message is sent refuses it at the end', async () => {
  const other = await world.signIn('alice');
  await client.command('a', 'CREATE Doomed');
  client.send('b APPEND Doomed {5}\r\n');
  expect(await client.response()).toBe('+ OK');
  await other.command('c', 'DELETE Doomed');
  client.send('hello\r\n');
  expect(await client.until('b')).toEqual(['b NO [TRYCREATE] no such mailbox; create it first']);
});

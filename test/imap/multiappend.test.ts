// MULTIAPPEND (RFC 3502): any number of messages, all or none.
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { findMailbox } from '../../services/core/account/account-state';
import { setQuota } from '../../services/core/account/decide/folders';
import type { StoredBody } from '../../services/core/account/body-intake';
import { AppendIntake } from '../../services/imap/append-intake';
import type { Messages } from '../../services/imap/command-reader';
import { imapLimits } from '../../services/imap/imap-limits';
import type { ImapClient } from '../support/imap-client';
import { ImapWorld } from '../support/imap-world';
import { Rig } from './rig';

let world: ImapWorld;
let client: ImapClient;

beforeEach(async () => {
  world = await ImapWorld.open();
  await world.addUser('alice');
  client = await world.signIn('alice');
});

afterEach(() => world.close());

const account = () => world.withAccount('alice', async ({ state, position }) => ({ state, position, inbox: findMailbox(state, 'INBOX')!.mailbox }));
const appended = (texts: readonly string[]): string => `APPEND INBOX${texts.map((text) => ` {${text.length}+}\r\n${text}`).join('')}`;
const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `Subject: ${i}\r\n\r\n`);

test('a thousand messages of one command are one entry', async () => {
  const { position } = await account();
  expect((await client.command('a', appended(numbered(imapLimits.messagesPerAppend)))).at(-1)).toMatch(/^a OK \[APPENDUID \d+ 1:1000\]/);
  const after = await account();
  expect(after.position).toBe(position + 1);
  expect(new Set([...after.inbox.among(after.inbox.uids())].map(({ modSeq }) => modSeq)).size).toBe(1);
});

test('one more is refused, before it is sent if the client asks, and the next command is understood', async () => {
  const thousand = appended(numbered(imapLimits.messagesPerAppend));
  expect(await client.command('a', `${thousand} {5}`)).toEqual(['a NO [LIMIT] an APPEND takes at most 1000 messages']);
  expect(await client.command('b', appended(numbered(imapLimits.messagesPerAppend + 1)))).toEqual(['b NO [LIMIT] an APPEND takes at most 1000 messages']);
  expect(await client.command('c', 'NOOP')).toEqual(['c OK NOOP completed']);
  expect((await account()).inbox.uidNext).toBe(1);
});

test.each([
  ['inside the second message', 'a APPEND INBOX {5+}\r\nhello {100+}\r\nhalf'],
  ['before the second message', 'a APPEND INBOX {5+}\r\nhello {100}\r\n'],
  ['before the end of the command', 'a APPEND INBOX {5+}\r\nhello {5+}\r\nworld'],
])('a client that vanishes %s appends nothing', async (_where, said) => {
  client.send(said);
  client.destroy();
  const other = await world.signIn('alice');
  expect(await other.command('b', 'STATUS INBOX (MESSAGES UIDNEXT)')).toContain('* STATUS INBOX (MESSAGES 0 UIDNEXT 1)');
  await world.close(); // All sessions have ended.
  expect((await account()).inbox.uidNext).toBe(1);
});

test('messages of megabytes come one after the other, each in pieces', async () => {
  const bodies = [1, 2, 3].map((byte) => Buffer.alloc(2 ** 20 + byte, byte));
  client.send(`a APPEND INBOX {${bodies[0]!.length}}\r\n`);
  for (const [i, body] of bodies.entries()) {
    expect(await client.response()).toBe('+ OK');
    for (let at = 0; at < body.length; at += 100_003) client.send(body.subarray(at, at + 100_003));
    client.send(i < bodies.length - 1 ? ` (\\Seen) {${bodies[i + 1]!.length}}\r\n` : '\r\n');
  }
  expect((await client.until('a')).at(-1)).toMatch(/^a OK \[APPENDUID \d+ 1:3\]/);
  const { inbox } = await account();
  expect([1, 2, 3].map((uid) => Buffer.from(inbox.get(uid)!.digest))).toEqual(bodies.map((body) => createHash('sha256').update(body).digest()));
  expect(inbox.totals).toMatchObject({ exists: 3, unseen: 1 });
});

test('keywords count over all messages: the dictionary cannot be passed in parts', async () => {
  const keywords = Array.from({ length: 129 }, (_, i) => `k${i}`);
  const half = (from: number, to: number): string => ` (${keywords.slice(from, to).join(' ')}) {1+}\r\nx`;
  expect(await client.command('a', `APPEND INBOX${half(0, 65)} (${keywords.slice(64).join(' ')}) {1}`)).toEqual(['a NO [LIMIT] an account may have 128 keywords']);
  expect((await client.command('b', `APPEND INBOX${half(0, 65)}${half(60, 128)}`)).at(-1)).toMatch(/^b OK/);
  expect((await account()).state.keywords).toHaveLength(128);
});

test('what is held of hostile messages until the last one is there is bounded', async () => {
  const rig = await Rig.open();
  const intake = new AppendIntake(rig.account, 'INBOX', {} as Messages);
  const message = { flags: [], internalDateMs: null, literal: { sizeBytes: 5, synchronizing: false, binary: false } };
  const body = { summary: new Uint8Array(256 * 1024) } as unknown as StoredBody;
  for (let bytes = body.summary.length; bytes <= imapLimits.summaryBytesPerAppend; bytes += body.summary.length) intake.add(message, body);
  expect(() => intake.add(message, body)).toThrow(expect.objectContaining({ name: 'Refusal', code: 'LIMIT' }));
  rig.close();
});

interface Batch {
  readonly node: 'A' | 'B';
  readonly sizes: readonly number[];
}

test('batches that race, and are too much together, are each there whole, or not at all', async () => {
  const batch: fc.Arbitrary<Batch> = fc.record({ node: fc.constantFrom('A', 'B'), sizes: fc.array(fc.integer({ min: 30, max: 60 }), { minLength: 1, maxLength: 5 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { minLength: 2, maxLength: 8 }), fc.option(fc.integer({ min: 100, max: 600 })), fc.option(fc.integer({ min: 3, max: 15 })), async (batches, quotaBytes, quotaMessages) => {
      const race = await ImapWorld.open();
      try {
        await race.addUser('bob', quotaBytes);
        await race.withAccount('bob', (bob) => bob.commit(setQuota({ quotaMessages })));
        const seats: ImapClient[] = [];
        for (const { node } of batches) seats.push(await race.signIn('bob', node));
        const told = await Promise.all(
          batches.map(async ({ sizes }, b) => {
            const texts = sizes.map((size, i) => `${b} ${i} `.padEnd(size, 'x'));
            const reply = (await seats[b]!.command('a', appended(texts))).at(-1)!;
            const [, first, last = first] = /^a OK \[APPENDUID \d+ (\d+)(?::(\d+))?\]/.exec(reply) ?? [];
            if (first === undefined) expect(reply).toMatch(/^a NO \[OVERQUOTA\]/);
            return { texts, uids: first === undefined ? null : [Number(first), Number(last)] };
          }),
        );
        await race.withAccount('bob', async ({ state }) => {
          const { mailbox } = findMailbox(state, 'INBOX')!;
          const there = new Map([...mailbox.among(mailbox.uids())].map(({ uid, digest }) => [uid as number, Buffer.from(digest).toString('hex')]));
          for (const { texts, uids } of told) {
            if (!uids) continue;
            expect(uids[1]! - uids[0]! + 1).toBe(texts.length);
            for (const [i, text] of texts.entries()) {
              expect(there.get(uids[0]! + i)).toBe(createHash('sha256').update(text).digest('hex'));
              there.delete(uids[0]! + i);
            }
          }
          expect(there.size).toBe(0); // Of what was refused there is nothing.
          if (quotaBytes !== null) expect(state.usedBytes).toBeLessThanOrEqual(quotaBytes);
          if (quotaMessages !== null) expect(state.usedMessages).toBeLessThanOrEqual(quotaMessages);
          // Nobody was refused what fitted.
          const fits = ({ texts }: { texts: readonly string[] }): boolean =>
            state.usedBytes + texts.join('').length <= (quotaBytes ?? Infinity) && state.usedMessages + texts.length <= (quotaMessages ?? Infinity);
          expect(told.filter(({ uids }) => !uids).some(fits)).toBe(false);
        });
      } finally {
        await race.close();
      }
    }),
    { numRuns: 25 },
  );
});

// Messages that are larger than what is held in memory, and senders that stop in the middle of one.
import { blobPrefix } from '../../services/core/store/blob-key';
import { Unavailable } from '../../services/core/runtime/errors';
import type { BlobStore } from '../../services/core/store/blob-store';
import { closeMemoryNodes } from '../support/memory-node';
import { CLOSED } from './lmtp-client';
import { LmtpWorld, type WorldOptions } from './lmtp-world';

const MIB = 2 ** 20;
const ANN = 'ann@example.org';
const BOB = 'bob@example.org';

let world: LmtpWorld;

async function open(options: WorldOptions = {}): Promise<void> {
  world = new LmtpWorld(options);
  await world.addUser(ANN);
  await world.addUser(BOB);
}

afterEach(async () => {
  await world.close();
  closeMemoryNodes();
});

const blobsOf = async (login: string) => {
  const { accountId } = await world.admin.users.find(login);
  return [...world.tier.blobs.keys()].filter((key) => key.startsWith(blobPrefix(accountId))).length;
};

const countOf = async (login: string) => (await world.messages(login)).length;

/** No octet is like its neighbour, so that a piece that is missing or doubled shows. */
function octets(count: number): Buffer {
  const bytes = Buffer.alloc(count);
  for (let i = 0; i < count; i += 1) bytes[i] = 32 + ((i * 7919 + (i >> 8)) % 91);
  bytes.write('\r\n', count - 2);
  return bytes;
}

test('a message of megabytes comes whole to each of its recipients, each with a body of his own', async () => {
  await open();
  const message = octets(3 * MIB);
  const sender = await world.sender();
  expect(await sender.deliver([ANN, BOB, 'ann+Archive@example.org'], message)).toEqual(Array(3).fill('250 2.6.0 delivered'));
  for (const [login, mailbox, to] of [[ANN, 'INBOX', ANN], [BOB, 'INBOX', BOB], [ANN, 'Archive', 'ann+Archive@example.org']] as const) {
    const [stored] = await world.messages(login, mailbox);
    expect(stored!.text === `Return-Path: <sender@example.com>\r\nDelivered-To: ${to}\r\n${message.toString('latin1')}`).toBe(true);
  }
  expect([await blobsOf(ANN), await blobsOf(BOB)]).toEqual([2, 1]);
});

test('who is full, disabled or gone gets no body, and the others get theirs', async () => {
  await open({ limits: { heldBytes: 100_000 } });
  await world.addUser('full@example.org', 50_000);
  await world.addUser('off@example.org');
  await world.addUser('nearly@example.org', 250_000);
  const sender = await world.sender();
  await sender.begin(['full@example.org', 'off@example.org', 'nearly@example.org', ANN]);
  await world.admin.users.disable('off@example.org');
  sender.send(octets(300_000));
  sender.send('.\r\n');
  expect(await sender.replies(4)).toEqual(['552 5.2.2 the account is full', '550 5.2.1 this account is disabled', '552 5.2.2 the account is full', '250 2.6.0 delivered']);
  expect([await blobsOf('full@example.org'), await blobsOf('off@example.org'), await countOf('nearly@example.org'), await countOf(ANN)]).toEqual([0, 0, 0, 1]);
});

test('a message that nobody takes is heard to its end and refused for each, and the session goes on', async () => {
  await open({ limits: { heldBytes: 1_000 } });
  await world.addUser('full@example.org', 10);
  const sender = await world.sender();
  expect(await sender.deliver(['full@example.org'], octets(300_000))).toEqual(['552 5.2.2 the account is full']);
  expect(await sender.command('NOOP')).toMatch(/^250 /);
  expect(world.tier.blobs.size).toBe(0);
});

test.each([
  ['held in memory', 10_000_000],
  ['streamed', 1_000],
])('a message that is too large, %s, is refused for each recipient at its end, and the session goes on', async (_how, heldBytes) => {
  await open({ limits: { messageBytes: 200_000, droppedBytes: 400_000, heldBytes } });
  const sender = await world.sender();
  expect(await sender.deliver([ANN, BOB], octets(200_001))).toEqual(Array(2).fill('552 5.3.4 a message may have 200000 octets'));
  expect(await sender.deliver([ANN, BOB], octets(200_000))).toEqual(Array(2).fill('250 2.6.0 delivered'));
  expect([await countOf(ANN), await blobsOf(ANN), await blobsOf(BOB)]).toEqual([1, 1, 1]);
  expect(await world.results()).toEqual({ refused: 2, delivered: 2 });
});

test('who was refused before a message proved too large is counted once', async () => {
  await open({ limits: { messageBytes: 200_000, droppedBytes: 400_000, heldBytes: 1_000 } });
  await world.addUser('full@example.org', 10);
  const sender = await world.sender();
  expect(await sender.deliver(['full@example.org', ANN], octets(200_001))).toEqual(Array(2).fill('552 5.3.4 a message may have 200000 octets'));
  expect(await world.results()).toEqual({ refused: 2 });
});

test('a message that does not end is cut off', async () => {
  await open({ limits: { messageBytes: 200_000, droppedBytes: 400_000, heldBytes: 1_000 } });
  const sender = await world.sender();
  await sender.begin([ANN, BOB]);
  const piece = octets(10_000);
  for (let sent = 0; sent <= 450_000 && sender.socket.writable; sent += piece.length) await sender.sent(piece);
  expect((await sender.rest()).slice(0, 2)).toEqual(Array(2).fill('552 5.3.4 a message may have 200000 octets'));
  expect(world.tier.blobs.size).toBe(0);
});

test.each([
  ['before it is more than what is held', 1_000],
  ['while it is streamed', 300_000],
])('a sender that leaves inside its message, %s, delivers nothing and leaves nothing', async (_when, sentBytes) => {
  await open({ limits: { heldBytes: 100_000 } });
  const sender = await world.sender();
  await sender.begin([ANN, BOB]);
  await sender.sent(octets(sentBytes));
  sender.destroy();
  const { server } = await world.node();
  await server.drain(); // The session has ended.
  expect([await countOf(ANN), await countOf(BOB), world.tier.blobs.size]).toEqual([0, 0, 0]);
});

test('a sender that takes too long over its message is sent away', async () => {
  await open({ limits: { dataMs: 50, heldBytes: 1_000 } });
  const sender = await world.sender();
  await sender.begin([ANN, BOB]);
  sender.send(octets(100_000));
  expect(await sender.rest()).toEqual([...Array(2).fill('451 4.4.2 the message took too long'), CLOSED]);
  expect(await countOf(ANN)).toBe(0);
});

test.each([
  ['inside its message', `LHLO mx.example.com\r\nMAIL FROM:<joe@example.com>\r\nRCPT TO:<${ANN}>\r\nDATA\r\nSubject: x\r\n`],
  ['between commands', 'LHLO mx.example.com\r\n'],
  ['inside a command', 'LHLO mx.exam'],
])('a sender that says nothing for too long %s is sent away', async (_where, said) => {
  await open({ limits: { silenceMs: 200 } });
  const sender = await world.connect();
  // In one piece: whenever the silence begins, it ends the same way.
  const greeting = await sender.reply();
  sender.send(said);
  const heard = [greeting, ...(await sender.rest())];
  expect(heard.slice(-2)).toEqual([expect.stringMatching(/^421 4\.4\.2 /), CLOSED]);
  expect(await countOf(ANN)).toBe(0);
});

/** Fails the puts that `fails` names, by their number. */
function failing(fails: (put: number) => boolean) {
  let puts = 0;
  return (inner: BlobStore): BlobStore => ({
    put: (key, body) => (fails((puts += 1)) ? Promise.reject(new Unavailable('no room')) : inner.put(key, body)),
    read: (key, range) => inner.read(key, range),
    list: (prefix) => inner.list(prefix),
    delete: (key) => inner.delete(key),
    close: () => inner.close(),
  });
}

test('a blob store that fails for one recipient fails for that one', async () => {
  await open({ blobs: failing((put) => put === 2), limits: { heldBytes: 1_000 } });
  const sender = await world.sender();
  const replies = await sender.deliver([ANN, BOB, 'ann+Archive@example.org'], octets(100_000));
  expect(replies.toSorted()).toEqual(['250 2.6.0 delivered', '250 2.6.0 delivered', expect.stringMatching(/^451 4\.3\.0 /)]);
  expect(replies[0]).toMatch(/^250/);
});

test('a blob store that does not take a stream, and does not even read it, is 451 for all; the session goes on', async () => {
  await open({ blobs: failing((put) => put === 1), limits: { heldBytes: 1_000 } });
  const sender = await world.sender();
  expect(await sender.deliver([ANN, BOB], octets(300_000))).toEqual(Array(2).fill(expect.stringMatching(/^451 4\.3\.0 /)));
  expect(await sender.deliver([ANN, BOB], octets(300_000))).toEqual(Array(2).fill('250 2.6.0 delivered'));
  expect(await world.results()).toEqual({ failed: 2, delivered: 2 });
});

test('a small message is sent to the blob store a second time before its sender has to come again', async () => {
  await open({ blobs: failing((put) => put === 1) });
  const sender = await world.sender();
  expect(await sender.deliver([ANN], octets(1_000))).toEqual(['250 2.6.0 delivered']);
});

test('a message is not read faster than the blob store takes it: memory stays bounded, whatever its size', async () => {
  const messageBytes = 32 * MIB;
  let measure: (() => number) | null = null;
  const sentBytes = (): number => measure?.() ?? 0;
  let aheadBytes = 0;
  let takenBytes = 0;
  /** Until nothing moves any more. */
  const standstill = async (): Promise<void> => {
    for (let before = -1, turns = 0; turns < 300; turns += 1) {
      if (sentBytes() !== before) turns = 0;
      before = sentBytes();
      await new Promise(setImmediate);
    }
  };
  const watched = (inner: BlobStore): BlobStore => ({
    ...failing(() => false)(inner),
    put: async (_key, body) => {
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        takenBytes += chunk.length;
        if (aheadBytes > 0) continue;
        await standstill();
        aheadBytes = sentBytes() - takenBytes;
      }
      return 'stored';
    },
  });
  await open({ blobs: watched, limits: { heldBytes: 100_000 } });
  const sender = await world.sender();
  await sender.begin([ANN]);
  const before = sender.socket.bytesWritten;
  measure = () => sender.socket.bytesWritten - sender.socket.writableLength - before;
  // In pieces: what the system has not taken yet is counted by pieces.
  for (let at = 0; at < messageBytes; at += MIB) sender.send(octets(MIB));
  sender.send('.\r\n');
  expect(await sender.reply()).toBe('250 2.6.0 delivered');
  expect(takenBytes).toBeGreaterThan(messageBytes);
  // Most of it is in the buffers of the two sockets.
  expect(aheadBytes).toBeGreaterThan(0);
  expect(aheadBytes).toBeLessThan(messageBytes / 2);
});

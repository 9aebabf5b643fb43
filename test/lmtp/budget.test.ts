// What a delivery costs the stores, in requests.
import type { BlobStore } from '../../services/core/store/blob-store';
import { closeMemoryNodes } from '../support/memory-node';
import { LmtpWorld } from './lmtp-world';

const STAMPED = 'Received: from a by b\r\n\r\nbody\r\n';
let world: LmtpWorld;

beforeEach(async () => {
  world = new LmtpWorld();
  for (const login of ['ann@example.org', 'bob@example.org', 'cid@example.org']) await world.addUser(login);
});

afterEach(async () => {
  await world.close();
  closeMemoryNodes();
});

test('a delivery to an account that is not in memory reads it once', async () => {
  const [{ counts }, sender] = [await world.node(), await world.sender()];
  await sender.deliver(['ann@example.org'], STAMPED);
  expect(counts.requests()).toEqual({ 'directory.get': 1, 'log.readTail': 1, 'blobs.put': 1, 'log.append': 1 });
});

test('a delivery to an account in memory is a Get, a PUT and a Put', async () => {
  const [{ counts }, sender] = [await world.node(), await world.sender()];
  await sender.deliver(['ann@example.org'], STAMPED);
  counts.reset();
  await sender.deliver(['ann@example.org'], `${STAMPED}another\r\n`);
  expect(counts.requests()).toEqual({ 'directory.get': 1, 'blobs.put': 1, 'log.append': 1 });
});

test('three recipients are three PUTs, and an address with a folder or an alias one Get more', async () => {
  await world.aliases.add('sales@example.org', 'bob@example.org');
  const [{ counts }, sender] = [await world.node(), await world.sender()];
  await sender.deliver(['ann+x@example.org', 'sales@example.org', 'cid@example.org'], STAMPED);
  expect(counts.requests()).toEqual({ 'directory.get': 5, 'log.readTail': 3, 'blobs.put': 3, 'log.append': 3 });
});

test('a repetition costs a Get alone, and no body', async () => {
  const [{ counts }, sender] = [await world.node(), await world.sender()];
  await sender.deliver(['ann@example.org'], STAMPED);
  counts.reset();
  await sender.deliver(['ann@example.org'], STAMPED);
  expect(counts.requests()).toEqual({ 'directory.get': 1 });
});

test('a refusal is final only on a state that was read since, and stores no body', async () => {
  await world.addUser('full@example.org', 10);
  const [{ counts }, sender] = [await world.node(), await world.sender()];
  await sender.deliver(['full@example.org'], STAMPED);
  counts.reset();
  await sender.deliver(['full@example.org'], STAMPED);
  expect(counts.requests()).toEqual({ 'directory.get': 1, 'log.readTail': 1 });
});

test('deliveries to one account that are ready at once share entries (group commit)', async () => {
  await world.close();
  const together = gathering(40);
  // An append takes a while: those that are ready meanwhile wait for the next one.
  world = new LmtpWorld({ faults: { latencyMinMs: 1, latencyMaxMs: 1 }, blobs: together });
  await world.addUser('ann@example.org');
  const { counts } = await world.node();
  const senders = await Promise.all(Array.from({ length: 40 }, () => world.sender()));
  await Promise.all(senders.map((sender) => sender.begin(['ann@example.org'])));
  counts.reset();
  for (const [k, sender] of senders.entries()) sender.send(`${STAMPED}${k}\r\n.\r\n`);
  expect(await Promise.all(senders.map((sender) => sender.reply()))).toEqual(Array(40).fill('250 2.6.0 delivered'));
  expect(await world.messages('ann@example.org')).toHaveLength(40);
  expect(counts.of('blobs.put').requests).toBe(40);
  expect(counts.of('log.append').requests).toBe(2);
});

/** A blob store that answers the first `count` puts when it has done all of them. */
function gathering(count: number) {
  const waiting: (() => void)[] = [];
  return (inner: BlobStore): BlobStore => ({
    put: async (key, body) => {
      const outcome = await inner.put(key, body);
      await new Promise<void>((answer) => {
        if (waiting.push(answer) === count) for (const each of waiting) each();
      });
      return outcome;
    },
    read: (key, range) => inner.read(key, range),
    list: (prefix) => inner.list(prefix),
    delete: (key) => inner.delete(key),
    close: () => inner.close(),
  });
}

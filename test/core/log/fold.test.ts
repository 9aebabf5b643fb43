// Law 7, for any machine: where a log is cut makes no difference.
import * as fc from 'fast-check';
import { applyEntry, readTail } from '../../../services/core/log/tail';
import { MemoryBlobStore } from '../../../services/core/store/memory/memory-blob-store';
import { MemoryLogStore } from '../../../services/core/store/memory/memory-log-store';
import { say, wordMachine } from './word-machine';
import { LOG, World } from './world';

const inTime = <T>(request: Promise<T>): Promise<T> => request;

async function busyWorld(): Promise<World> {
  const world = await World.of();
  const writers = [await world.reader(), await world.reader()];
  for (let round = 0; round < 12; round += 1) {
    const words = Array.from({ length: 1 + (round % 8) }, (_, k) => `${round}.${k}`);
    await world.clock.until(Promise.all(words.map((word, k) => writers[k % 2]!.committer.commit(say(word)))));
  }
  return world;
}

test('the fold of a prefix, continued by the tail, is the fold of the whole (F2)', async () => {
  const world = await busyWorld();
  const source = { log: new MemoryLogStore(world.tier), blobs: new MemoryBlobStore(world.tier, world.clock), logId: LOG };
  const initial = { position: 0, token: null, nextModSeq: 1, state: wordMachine.initial };
  const fold = async (from: typeof initial, through: number) => {
    const tail = await readTail(source, from.position, inTime);
    if (tail.kind !== 'tail') throw new Error('there is no tail');
    return tail.entries.filter(({ position }) => position <= through).reduce((version, entry) => applyEntry(wordMachine, version, entry), from as Parameters<typeof applyEntry<typeof wordMachine.initial, string>>[1]);
  };
  const whole = await fold(initial, Infinity);
  expect(whole.position).toBe(world.entries.length);
  for (let cut = 0; cut <= whole.position; cut += 1) {
    const prefix = await fold(initial, cut);
    expect(await fold(prefix as typeof initial, Infinity)).toEqual(whole);
  }
});

test('two readers that were fed in different portions agree, entry by entry', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(3), fc.boolean(), fc.boolean()), { maxLength: 25 }), async (steps) => {
      const world = await World.of();
      const [writer, one, two] = [await world.reader(), await world.reader(), await world.reader()];
      for (const [words, readsOne, readsTwo] of steps) {
        for (let k = 0; k < words; k += 1) await world.clock.until(writer.committer.commit(say(`w${k}`)));
        if (readsOne) await world.clock.until(one.follower.refresh());
        if (readsTwo) await world.clock.until(two.follower.refresh());
      }
      await world.clock.until(Promise.all([one.follower.refresh(), two.follower.refresh()]));
      expect(one.follower.current).toEqual(two.follower.current);
      expect(one.follower.current).toEqual(writer.follower.current);
    }),
    { numRuns: 30 },
  );
});

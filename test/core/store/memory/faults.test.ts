import * as fc from 'fast-check';
import { Unavailable } from '../../../../services/core/runtime/errors';
import { BlobMissing, readWhole } from '../../../../services/core/store/blob-store';
import type { DirectoryEntry } from '../../../../services/core/store/directory';
import { noFaults, type FaultPlan } from '../../../../services/core/store/memory/fault-plan';
import { faultyBlobStore, faultyDirectory, faultyDoorbell, faultyLogStore } from '../../../../services/core/store/memory/faults';
import { MemoryBlobStore } from '../../../../services/core/store/memory/memory-blob-store';
import { MemoryDirectory } from '../../../../services/core/store/memory/memory-directory';
import { MemoryDoorbell } from '../../../../services/core/store/memory/memory-doorbell';
import { MemoryLogStore } from '../../../../services/core/store/memory/memory-log-store';
import { MemoryTier } from '../../../../services/core/store/memory/memory-tier';
import { NodeLink } from '../../../../services/core/store/memory/node-link';
import { seededRandom } from './seeded-random';
import { settle, VirtualClock } from './virtual-clock';

const HOUR_MS = 3_600_000;
const bytes = (value: string): Uint8Array => Buffer.from(value);
const entry: DirectoryEntry = {
  login: 'a', accountId: 'account', passwordHash: null, credentialVersion: 1, disabled: false, removed: false, highestUidValidity: 0, aliasOf: null,
};

/** One node before a memory tier, and the tier as it really is. */
function world(plan: Partial<FaultPlan>, seed = 1) {
  const clock = new VirtualClock();
  const random = seededRandom(seed);
  const tier = new MemoryTier();
  const link = new NodeLink(clock);
  const all = [clock, random, { ...noFaults, ...plan }, link] as const;
  const log = new MemoryLogStore(tier);
  const blobs = new MemoryBlobStore(tier, clock);
  const doorbell = new MemoryDoorbell(tier);
  const directory = new MemoryDirectory(tier);
  return {
    clock, link, real: { log, blobs, doorbell, directory },
    log: faultyLogStore(log, ...all),
    blobs: faultyBlobStore(blobs, ...all),
    doorbell: faultyDoorbell(doorbell, ...all),
    directory: faultyDirectory(directory, ...all),
  };
}

/** What the caller has heard so far. */
function hearing(promise: Promise<unknown>): { heard: unknown } {
  const caller: { heard: unknown } = { heard: 'nothing' };
  promise.then((value) => (caller.heard = value), (error: unknown) => (caller.heard = error));
  return caller;
}

const storedPositions = async (store: { readTail: MemoryLogStore['readTail'] }): Promise<number[]> =>
  (await store.readTail('log', 0)).entries.map(({ position }) => position);

describe('one request', () => {
  test('that fails before stores nothing, ever', async () => {
    const { clock, log, blobs, directory, real } = world({ failBefore: 1, lateMaxMs: HOUR_MS });
    await expect(log.append('log', 1, bytes('x'))).rejects.toBeInstanceOf(Unavailable);
    await expect(log.movePointer('log', 0, bytes('x'))).rejects.toBeInstanceOf(Unavailable);
    await expect(blobs.put('a0/a/1', bytes('x'))).rejects.toBeInstanceOf(Unavailable);
    await expect(directory.put(entry, 0)).rejects.toBeInstanceOf(Unavailable);
    await clock.advance(2 * HOUR_MS);
    expect(await real.log.readTail('log', 0)).toEqual({ entries: [], pointer: null });
    await expect(readWhole(real.blobs, 'a0/a/1')).rejects.toBeInstanceOf(BlobMissing);
    expect(await real.directory.get('a')).toBeNull();
  });

  test('whose answer is lost is done, and its caller hears an error', async () => {
    const { clock, log, blobs, directory, real } = world({ loseAnswer: 1, timeoutMs: 1000 });
    const callers = [
      log.append('log', 1, bytes('x')), log.movePointer('log', 0, bytes('x')), blobs.put('a0/a/1', bytes('x')), directory.put(entry, 0),
    ].map(hearing);
    await clock.advance(1000);
    for (const { heard } of callers) expect(heard).toBeInstanceOf(Unavailable);
    expect(await storedPositions(real.log)).toEqual([1]);
    expect((await real.log.readPointer('log'))!.version).toBe(1);
    expect(await readWhole(real.blobs, 'a0/a/1')).toHaveLength(1);
    expect((await real.directory.get('a'))!.version).toBe(1);
  });

  test('that is never answered is done all the same', async () => {
    const { clock, log, real } = world({ neverAnswer: 1 });
    const caller = hearing(log.append('log', 1, bytes('x')));
    await clock.advance(24 * HOUR_MS);
    expect(caller.heard).toBe('nothing');
    expect(await storedPositions(real.log)).toEqual([1]);
  });

  test('that lands late is done after its caller has heard an error, with the bytes it was sent with', async () => {
    const { clock, log, real } = world({ landLate: 1, lateMaxMs: HOUR_MS });
    const sent = bytes('sent');
    await expect(log.append('log', 1, sent)).rejects.toBeInstanceOf(Unavailable);
    sent.fill(0);
    expect(await storedPositions(real.log)).toEqual([]);
    await clock.advance(HOUR_MS);
    expect(Buffer.from((await real.log.readTail('log', 0)).entries[0]!.bytes).toString()).toBe('sent');
  });

  test('that lands late after another took its position does nothing', async () => {
    const { clock, log, real } = world({ landLate: 1, lateMaxMs: HOUR_MS });
    await expect(log.append('log', 1, bytes('late'))).rejects.toThrow();
    await real.log.append('log', 1, bytes('first'));
    await clock.advance(HOUR_MS);
    expect(Buffer.from((await real.log.readTail('log', 0)).entries[0]!.bytes).toString()).toBe('first');
  });

  test('that is delivered twice is answered for the first delivery; the second may find a trimmed log', async () => {
    const { clock, log, real } = world({ repeat: 1, lateMaxMs: HOUR_MS });
    expect(await log.append('log', 1, bytes('x'))).toBe('stored');
    await real.log.deleteEntries('log', 1);
    await clock.advance(HOUR_MS);
    expect(await storedPositions(real.log)).toEqual([1]);
  });

  test('takes its time both ways', async () => {
    const { clock, log, real } = world({ latencyMinMs: 100, latencyMaxMs: 100 });
    const caller = hearing(log.append('log', 1, bytes('x')));
    await clock.advance(99);
    expect(await storedPositions(real.log)).toEqual([]);
    await clock.advance(1);
    expect([await storedPositions(real.log), caller.heard]).toEqual([[1], 'nothing']);
    await clock.advance(100);
    expect(caller.heard).toBe('stored');
  });

  test('reads fail', async () => {
    const { log, blobs, directory, real } = world({ failRead: 1 });
    await real.blobs.put('a0/a/1', new Uint8Array(500_000));
    await real.directory.put(entry, 0);
    for (const read of [
      log.readTail('log', 0), log.readPointer('log'), directory.get('a'), readWhole(blobs, 'a0/a/1'),
      (async () => {
        for await (const each of directory.list()) expect(each.login).toBe('a');
      })(),
      (async () => {
        for await (const each of blobs.list('a0/')) expect(each.sizeBytes).toBe(500_000);
      })(),
    ]) await expect(read).rejects.toBeInstanceOf(Unavailable);
  });
});

test('a tail is no snapshot: others append between its pages, and the pointer is the newest thing in it', async () => {
  const { clock, log, real } = world({ latencyMinMs: 10, latencyMaxMs: 10, tailPageEntries: 3 });
  for (let position = 1; position <= 10; position++) await real.log.append('log', position, bytes('x'));
  const reading = log.readTail('log', 0);
  for (let position = 11; position <= 13; position++) {
    await clock.advance(20);
    await real.log.append('log', position, bytes('x'));
    await real.log.movePointer('log', position - 11, bytes('x'));
  }
  await clock.advance(HOUR_MS);
  const { entries, pointer } = await reading;
  expect(entries.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  expect(pointer!.version).toBe(3);
});

describe('a cut', () => {
  test('makes every request fail until it ends', async () => {
    const { clock, link, log, blobs, directory, doorbell, real } = world({});
    link.cut(60_000);
    for (const request of [
      log.append('log', 1, bytes('x')), log.readTail('log', 0), log.readPointer('log'), log.movePointer('log', 0, bytes('x')),
      log.deleteEntries('log', 1), blobs.put('a0/a/1', bytes('x')), blobs.delete('a0/a/1'), readWhole(blobs, 'a0/a/1'),
      directory.get('a'), directory.put(entry, 0),
    ]) await expect(request).rejects.toBeInstanceOf(Unavailable);
    expect(doorbell.isHealthy()).toBe(false);
    expect(await real.log.readTail('log', 0)).toEqual({ entries: [], pointer: null });
    await clock.advance(60_000);
    expect(doorbell.isHealthy()).toBe(true);
    expect(await log.append('log', 1, bytes('x'))).toBe('stored');
  });

  test('that begins while an answer is on its way loses the answer', async () => {
    const { clock, link, log, real } = world({ latencyMinMs: 100, latencyMaxMs: 100, timeoutMs: 1000 });
    const caller = hearing(log.append('log', 1, bytes('x')));
    await clock.advance(150);
    link.cut();
    await clock.advance(2000);
    expect(caller.heard).toBeInstanceOf(Unavailable);
    expect(await storedPositions(real.log)).toEqual([1]);
    link.heal();
    expect(link.isCut).toBe(false);
  });

  test('that ends tells all watchers that rings may have been missed', async () => {
    const { link, doorbell, real } = world({});
    const heard: number[] = [];
    const end = doorbell.watch('a', (position) => heard.push(position));
    link.cut();
    real.doorbell.ring('a', 5);
    doorbell.ring('a', 6);
    await settle();
    expect(heard).toEqual([]);
    link.heal();
    expect(heard).toEqual([0]);
    end();
    link.cut();
    link.heal();
    expect(heard).toEqual([0]);
  });
});

describe('a killed node', () => {
  test('hears nothing any more, and asks for nothing new', async () => {
    const { clock, link, log, blobs, directory, doorbell, real } = world({ latencyMinMs: 10, latencyMaxMs: 10 });
    await real.blobs.put('a0/a/1', bytes('x'));
    const rings: number[] = [];
    doorbell.watch('a', (position) => rings.push(position));
    const before = hearing(log.readPointer('log'));
    link.kill();
    const after = [
      log.append('log', 1, bytes('x')), log.readTail('log', 0), blobs.put('a0/a/2', bytes('x')), readWhole(blobs, 'a0/a/1'), directory.get('a'),
    ].map(hearing);
    real.doorbell.ring('a', 1);
    doorbell.ring('a', 1);
    await clock.advance(HOUR_MS);
    for (const { heard } of [before, ...after]) expect(heard).toBe('nothing');
    expect(rings).toEqual([]);
    expect(await storedPositions(real.log)).toEqual([]);
  });

  test('may have sent requests that land, and others that do not', async () => {
    const landed = new Set<boolean>();
    for (let seed = 1; seed <= 30; seed++) {
      const { clock, link, log, real } = world({ latencyMinMs: 10, latencyMaxMs: 10 }, seed);
      const caller = hearing(log.append('log', 1, bytes('x')));
      link.kill();
      await clock.advance(HOUR_MS);
      expect(caller.heard).toBe('nothing');
      landed.add((await storedPositions(real.log)).includes(1));
    }
    expect(landed).toEqual(new Set([true, false]));
  });
});

test('rings are lost, doubled and late, each by its chance', async () => {
  const times = async (plan: Partial<FaultPlan>): Promise<[number, number]> => {
    const { clock, doorbell } = world(plan);
    let heard = 0;
    doorbell.watch('a', () => (heard += 1));
    doorbell.ring('a', 1);
    await settle();
    const atOnce = heard;
    await clock.advance(HOUR_MS);
    return [atOnce, heard];
  };
  expect(await times({})).toEqual([1, 1]);
  expect(await times({ loseRing: 1 })).toEqual([0, 0]);
  expect(await times({ doubleRing: 1 })).toEqual([2, 2]);
  expect(await times({ delayRing: 1, ringDelayMaxMs: HOUR_MS })).toEqual([0, 1]);
});

const stormy: Partial<FaultPlan> = {
  latencyMinMs: 1, latencyMaxMs: 20, slow: 0.1, slowMaxMs: 5000, failBefore: 0.1, loseAnswer: 0.1, neverAnswer: 0.05, landLate: 0.1,
  repeat: 0.1, lateMaxMs: 120_000, timeoutMs: 3000, failRead: 0.1, tailPageEntries: 3,
};

/** Writers that put their name at each position, and a reader: everything that anyone heard, in order. */
async function storm(seed: number, plan: Partial<FaultPlan>) {
  const { clock, log, link, real } = world(plan, seed);
  const transcript: string[] = [];
  const answers: { name: string; position: number; answer: 'stored' | 'taken' }[] = [];
  for (let writer = 0; writer < 4; writer++) {
    for (let position = 1; position <= 6; position++) {
      const name = `writer ${writer}, position ${position}`;
      clock.after(position * 50 + writer, () => {
        log.append('log', position, bytes(name)).then(
          (answer) => answers.push({ name, position, answer }) && transcript.push(`${clock.monotonicMs()} ${name}: ${answer}`),
          (error: unknown) => transcript.push(`${clock.monotonicMs()} ${name}: ${String(error)}`),
        );
      });
    }
    clock.after(100 * writer, () => {
      log.readTail('log', 0).then(
        ({ entries }) => transcript.push(`${clock.monotonicMs()} read ${entries.map(({ position }) => position).join()}`),
        (error: unknown) => transcript.push(`${clock.monotonicMs()} read: ${String(error)}`),
      );
    });
  }
  clock.after(170, () => link.cut(40));
  await clock.advance(300_000);
  expect(clock.pendingTimers).toBe(0);
  return { transcript, answers, stored: (await real.log.readTail('log', 0)).entries };
}

test('a seed replays exactly', async () => {
  const transcripts = new Set<string>();
  for (let seed = 1; seed <= 5; seed++) {
    const { transcript } = await storm(seed, stormy);
    expect((await storm(seed, stormy)).transcript).toEqual(transcript);
    transcripts.add(transcript.join('\n'));
  }
  expect(transcripts.size).toBe(5);
});

test('whatever goes wrong, "stored" and "taken" are true, for good', async () => {
  const chance = fc.double({ min: 0, max: 0.3, noNaN: true });
  const plans = fc.record({ failBefore: chance, loseAnswer: chance, neverAnswer: chance, landLate: chance, repeat: chance, slow: chance });
  await fc.assert(fc.asyncProperty(fc.integer(), plans, async (seed, plan) => {
    const { answers, stored } = await storm(seed, { ...stormy, ...plan });
    const at = new Map(stored.map((each) => [each.position, Buffer.from(each.bytes).toString()]));
    for (const { name, position, answer } of answers) expect(at.get(position) === name).toBe(answer === 'stored');
  }), { numRuns: 40 });
});

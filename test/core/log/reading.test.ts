// R1–R5: what a reader believes, and what it refuses.
import { createHash } from 'node:crypto';
import { decodeEntry } from '../../../services/core/log/entry';
import { encodePointer } from '../../../services/core/log/pointer';
import { decodeRootHead, encodeRootHead } from '../../../services/core/log/root';
import { Damaged, Unavailable } from '../../../services/core/runtime/errors';
import { limits } from '../../../services/core/runtime/limits';
import { blobPrefix } from '../../../services/core/store/blob-key';
import { Gate, fails, isSilent, worksButFails } from './scripted-log';
import { say, wordMachine } from './word-machine';
import { settle } from './manual-clock';
import { LOG, World, type Process } from './world';
import { framed } from './framed';

let world: World;
beforeEach(async () => {
  world = await World.of('a', 'b', 'c');
});

const refresh = (process: Process): Promise<void> => world.clock.until(process.follower.refresh());
const movePointer = async (floor: number): Promise<void> => {
  const checkpoint = { position: floor, rootBlobId: new Uint8Array(16) };
  await world.process().log.movePointer(LOG, 1, encodePointer({ floor, checkpoint }));
};

test('a log without a pointer does not exist (F4)', async () => {
  world.tier.logs.get(LOG)!.pointer = null;
  await expect(refresh(world.process())).rejects.toThrow(Unavailable);
});

test('reads that are asked for while one is under way share the next', async () => {
  const reader = await world.reader();
  const reads = [reader.follower.refresh(), reader.follower.refresh(), reader.follower.refresh()];
  await world.clock.advance(1);
  expect(reads[1]).toBe(reads[0]);
  await world.clock.until(Promise.all(reads));
  expect(reader.log.calls).toEqual(['tail 3']);
});

test.each([
  ['fails', fails],
  ['does not answer', isSilent],
])('a read that %s is unavailable, and the next one is tried afresh', async (_what, answer) => {
  const reader = world.process();
  reader.log.tails.push(answer);
  await expect(refresh(reader)).rejects.toThrow(Unavailable);
  await refresh(reader);
  expect(reader.words()).toEqual(['a', 'b', 'c']);
});

test('listeners hear of each move, until they end it', async () => {
  const reader = await world.reader();
  let moves = 0;
  const end = reader.follower.onMove(() => (moves += 1));
  await refresh(reader);
  expect(moves).toBe(0);
  await world.another('d');
  await refresh(reader);
  await world.clock.until(reader.committer.commit(say('e')));
  expect(moves).toBe(2);
  end();
  await world.clock.until(reader.committer.commit(say('f')));
  expect(moves).toBe(2);
});

test('a listener that throws does not make the log a damaged one', async () => {
  const reader = await world.reader();
  reader.follower.onMove(() => {
    throw new TypeError('a bug in a session');
  });
  await world.another('d');
  await expect(refresh(reader)).rejects.toThrow('a bug in a session');
  expect(reader.words()).toEqual(['a', 'b', 'c', 'd']);
});

describe('a long tail', () => {
  const LENGTH = 5_000;
  let last: number;
  let reader: Process;
  let read: jest.SpiedFunction<typeof wordMachine.decode>;

  beforeEach(async () => {
    reader = await world.reader();
    for (last = 3; last < LENGTH; last += 1) await world.plant(last + 1, { firstModSeq: 4 });
    read = jest.spyOn(wordMachine, 'decode');
  });
  afterEach(() => read.mockRestore());

  /** Until some of the tail has been applied, and not all. */
  const untilHalfway = async (): Promise<void> => {
    while (read.mock.calls.length === 0) await settle();
    expect(reader.follower.position).toBe(3);
    expect(read.mock.calls.length).toBeLessThan(LENGTH - 3);
  };

  /** The version that another process has after `position`. */
  const versionAt = async (position: number): Promise<typeof reader.follower.current> => {
    const { pointer, entries } = world.tier.logs.get(LOG)!;
    world.tier.logs.set(LOG, { pointer, entries: entries.slice(0, position) });
    const other = world.process();
    await other.follower.refresh();
    world.tier.logs.set(LOG, { pointer, entries });
    read.mockClear();
    return other.follower.current;
  };

  test('gives way to other work; nobody sees it half applied, nor counts as read what is not applied yet', async () => {
    let moves = 0;
    reader.follower.onMove(() => (moves += 1));
    const mark = reader.follower.mark();
    const reading = reader.follower.refresh();
    await untilHalfway();
    expect([moves, reader.follower.isReadSince(mark)]).toEqual([0, false]);
    await reading;
    expect([moves, reader.follower.isReadSince(mark), reader.follower.position]).toEqual([1, true, LENGTH]);
  });

  test.each([
    ['less far than the tail was applied', 10],
    ['further, but not to its end', LENGTH - 1],
    ['to its end', LENGTH],
  ])('the state may be moved meanwhile: %s', async (_where, position) => {
    const version = await versionAt(position);
    const reading = reader.follower.refresh();
    await untilHalfway();
    const positions: number[] = [];
    reader.follower.onMove(() => positions.push(reader.follower.position));
    reader.follower.advance(version);
    await reading;
    expect(positions).toEqual(position === LENGTH ? [LENGTH] : [position, LENGTH]);
    expect(reader.words()).toEqual(['a', 'b', 'c']);
  });

  test('the state may be moved beyond it meanwhile, and does not go back', async () => {
    const version = await versionAt(LENGTH);
    const reading = reader.follower.refresh();
    await untilHalfway();
    reader.follower.advance({ ...version, position: LENGTH + 1 });
    await reading;
    expect(reader.follower.position).toBe(LENGTH + 1);
    expect(read.mock.calls.length).toBeLessThan(LENGTH - 3); // What is applied already is not applied once more.
  });

  test.each([10, LENGTH - 1, LENGTH])('an entry %d that is another than the one meanwhile proven stored is damage', async (position) => {
    const version = await versionAt(position);
    const reading = reader.follower.refresh();
    await untilHalfway();
    reader.follower.advance({ ...version, token: new Uint8Array(16) });
    await expect(reading).rejects.toThrow(/not the one that was applied/);
    expect(reader.follower.isDamaged).toBe(true);
  });

  test('two reads of it at once apply it once for all', async () => {
    let moves = 0;
    reader.follower.onMove(() => (moves += 1));
    await Promise.all([reader.follower.refresh(), reader.follower.readAfter(2)]);
    expect([moves, reader.follower.position]).toEqual([1, LENGTH]);
  });
});

describe('floor', () => {
  test('a state at the floor is moved on by a tail', async () => {
    const reader = await world.reader();
    await movePointer(3);
    await world.process().log.deleteEntries(LOG, 3);
    await world.plant(4, { firstModSeq: 4 });
    await refresh(reader);
    expect(reader.follower.position).toBe(4);
  });

  test('a state below the floor is not: the tail may have lost its first entries (R2)', async () => {
    const reader = await world.reader();
    await world.another('d');
    await movePointer(4);
    await world.process().log.deleteEntries(LOG, 4);
    await expect(refresh(reader)).rejects.toThrow(Unavailable);
    expect(reader.words()).toEqual(['a', 'b', 'c']);
  });

  test('nor is it while the entries are still there', async () => {
    const reader = await world.reader();
    await world.another('d');
    await movePointer(4);
    await expect(refresh(reader)).rejects.toThrow(Unavailable);
    expect(reader.words()).toEqual(['a', 'b', 'c']);
  });

  test('an old writer whose entry fell into a trimmed hole is not told that it won (R2)', async () => {
    const writer = await world.reader();
    await world.another('d');
    writer.log.appends.push(async (real) => {
      await movePointer(4);
      await writer.log.deleteEntries(LOG, 4);
      const stored = await real(); // At position 4, which the keeper has just freed.
      world.clock.wallJumpMs += limits.stateAgeMaxMs + 1;
      return stored;
    });
    await expect(world.clock.until(writer.committer.commit(say('late')))).rejects.toThrow(Unavailable);
    expect(writer.words()).toEqual(['a', 'b', 'c']);
  });

  test.each([
    ['has its token: it had won', true],
    ['does not know it: NO is true', false],
  ])('an entry whose fate is learnt below the floor, where the root %s (F6)', async (_what, isKnown) => {
    const writer = await world.reader();
    writer.log.appends.push(async () => {
      const { token } = decodeEntry(writer.log.appended.at(-1)!.bytes);
      const root = encodeRootHead({ position: 4, tokens: isKnown ? [[3, new Uint8Array(16)], [4, token]] : [[4, new Uint8Array(16)]] });
      world.tier.blobs.set(`${blobPrefix(LOG)}${'00'.repeat(16)}`, { bytes: root, storedAtMs: 0 });
      await movePointer(4);
      throw new Error('connection reset');
    });
    const told = await world.clock.until(writer.committer.commit(say('late')).then(() => 'OK', (error: Error) => error.name));
    expect(told).toBe(isKnown ? 'OK' : 'Unavailable');
  });

  test('a root that is not as it was written is damage, one of a newer release is not', () => {
    const root = encodeRootHead({ position: 4, tokens: [[4, new Uint8Array(16)]] });
    expect(decodeRootHead(root)).toEqual({ position: 4, tokens: [[4, new Uint8Array(16)]] });
    expect(() => decodeRootHead(root.with(9, 0xff))).toThrow(Damaged);
    expect(() => decodeRootHead(framed([1, 1, 4, [[4, 'token']]]))).toThrow(Damaged);
    expect(() => decodeRootHead(framed([2, 2, 4]))).toThrow(Unavailable);
  });
});

describe('damage', () => {
  const plantedAt4: [string, (w: World) => Promise<void>][] = [
    ['bytes that are no entry', (w) => w.plant(4, Uint8Array.of(1, 2, 3))],
    ['a gap', (w) => w.plant(5, { firstModSeq: 4 })],
    ['a mod-sequence that goes back', (w) => w.plant(4, { firstModSeq: 3 })],
    ['fewer changes than it counts', (w) => w.plant(4, { changeCount: 1 })],
    ['totals that are not its own', (w) => w.plant(4, { changeCount: 1, changes: wordMachine.encode(['d']), totals: [[1, 99, 0, 0, 0, 0, 100]] })],
    ['a change that does not fit', (w) => w.plant(4, { changeCount: 1, changes: wordMachine.encode(['impossible']) })],
    ['a change that crashes the fold', (w) => w.plant(4, { changeCount: 1, changes: wordMachine.encode(['crash']) })],
    ['changes in a blob that is missing', (w) => w.plant(4, { changeCount: 1, changes: { blobId: new Uint8Array(16), digest: new Uint8Array(32) } })],
    ['a pointer that cannot be read', async (w) => void (w.tier.logs.get(LOG)!.pointer = { version: 1, bytes: Uint8Array.of(0x93, 1) })],
  ];

  test.each(plantedAt4)('%s: the reader refuses, and goes on refusing, when all looks well again too (R4)', async (_what, plant) => {
    const reader = await world.reader();
    const { pointer, entries } = world.tier.logs.get(LOG)!;
    await plant(world);
    await expect(refresh(reader)).rejects.toThrow(Damaged);
    expect(reader.follower.isDamaged).toBe(true);
    world.tier.logs.set(LOG, { pointer, entries: entries.filter(({ position }) => position <= 3) });
    await expect(refresh(reader)).rejects.toThrow(Damaged);
    expect(() => reader.follower.current).toThrow(Damaged);
    await expect(world.clock.until(reader.committer.commit(say('d')))).rejects.toThrow(Damaged);
    expect(reader.log.calls.filter((call) => call.startsWith('append'))).toEqual([]);
    expect(reader.follower.position).toBe(3);
  });

  test.each(plantedAt4)('%s: a process that starts finds it too', async (_what, plant) => {
    await plant(world);
    await expect(refresh(world.process())).rejects.toThrow(Damaged);
  });

  test('a gap is read again before it counts (R3)', async () => {
    const reader = await world.reader();
    await world.plant(5, { firstModSeq: 4 });
    reader.log.tails.push(
      (real) => real(),
      async (real) => {
        await world.plant(4, { firstModSeq: 4 });
        return real();
      },
    );
    await refresh(reader);
    expect(reader.follower.position).toBe(5);
    expect(reader.log.calls).toEqual(['tail 3', 'tail 3']);
  });

  test(`a gap that stays is read ${limits.gapReads} times`, async () => {
    const reader = await world.reader();
    await world.plant(5, { firstModSeq: 4 });
    await expect(refresh(reader)).rejects.toThrow(/no entry 4/);
    expect(reader.log.calls).toHaveLength(limits.gapReads);
  });

  test('gaps that are other ones at each read, while others write, are no damage', async () => {
    const reader = await world.reader();
    for (let position = 4; position <= 9; position += 1) await world.plant(position, { firstModSeq: position });
    for (const hidden of [4, 6, 4, 7]) {
      reader.log.tails.push(async (real) => {
        const tail = await real();
        return { ...tail, entries: tail.entries.filter(({ position }) => position !== hidden) };
      });
    }
    await refresh(reader);
    expect(reader.follower.position).toBe(9);
  });

  test('an entry that is another than the one applied is damage', async () => {
    const reader = await world.reader();
    // Only a read that goes back can see it: the one after an append of unknown fate.
    const entries = world.tier.logs.get(LOG)!.entries;
    reader.log.appends.push(async () => {
      await world.another('d');
      throw new Error('connection reset');
    });
    const isTold = expect(world.clock.until(reader.committer.commit(say('x')))).resolves.toBe(4);
    await isTold;
    entries.splice(4, 1);
    await world.plant(5, { firstModSeq: 5 });
    await expect(world.clock.until(reader.follower.readAfter(3))).rejects.toThrow(/not the one that was applied/);
    expect(reader.follower.isDamaged).toBe(true);
  });

  test('a writer that meets damage while its fate is unknown says so at once, and writes nothing more', async () => {
    const writer = await world.reader();
    await world.plant(5, Uint8Array.of(1));
    writer.log.appends.push(worksButFails);
    const sentAtMs = world.clock.monotonicMs();
    await expect(world.clock.until(writer.committer.commit(say('d')))).rejects.toMatchObject({ name: 'FateUnknown' });
    expect(writer.log.calls).toEqual(['append 4', 'tail 3']);
    expect(world.clock.monotonicMs()).toBe(sentAtMs);
  });

  test('a log that a newer release wrote is unavailable, not damaged', async () => {
    const reader = await world.reader();
    const entries = world.tier.logs.get(LOG)!.entries;
    await world.plant(4, framed([2, 2]));
    await expect(refresh(reader)).rejects.toThrow(Unavailable);
    entries.pop();
    await refresh(reader);
    expect(reader.words()).toEqual(['a', 'b', 'c']);
  });
});

describe('spilled entries', () => {
  const large = 'x'.repeat(limits.inlineChangesBytes);

  test('large changes are in a blob before the entry that names it is sent', async () => {
    const writer = await world.reader();
    await world.clock.until(writer.committer.commit(say(large)));
    expect(writer.log.calls).toEqual(['put', 'append 4']);
    expect(world.entries.at(-1)!.length).toBeLessThan(200);
    expect((await world.words()).at(-1)).toBe(large);
  });

  test('the entry is not sent before the blob is durable (W2)', async () => {
    const gate = new Gate();
    const writer = await world.reader({ onPut: () => gate.opened });
    const command = writer.committer.commit(say(large));
    await world.clock.advance(1_000);
    expect(writer.log.calls).toEqual(['put']);
    gate.open();
    expect(await world.clock.until(command)).toBe(3);
  });

  test.each([
    ['fails', () => Promise.reject(new Error('disk full'))],
    ['never answers', () => new Promise<void>(() => {})],
  ])('a blob store that %s refuses the change, and the next command is not held up', async (_what, onPut) => {
    const writer = await world.reader({ onPut });
    const refused = writer.committer.commit(say(large));
    const next = writer.committer.commit(say('d'));
    await expect(world.clock.until(refused)).rejects.toMatchObject({ name: 'Unavailable' });
    expect(await world.clock.until(next)).toBe(3);
  });

  test('each decision has a blob of its own (F5)', async () => {
    const writer = await world.reader();
    await world.another('d');
    expect(await world.clock.until(writer.committer.commit(say(large)))).toBe(4);
    expect(writer.log.calls).toEqual(['put', 'append 4', 'tail 3', 'put', 'append 5']);
    expect(world.tier.blobs.size).toBe(2);
  });

  test('a blob whose digest is another is damage', async () => {
    const blobId = new Uint8Array(16).fill(5);
    const key = blobPrefix(LOG) + Buffer.from(blobId).toString('hex');
    const bytes = wordMachine.encode(['d']);
    world.tier.blobs.set(key, { bytes, storedAtMs: 0 });
    const digest = createHash('sha256').update('something else').digest();
    await world.plant(4, { changeCount: 1, changes: { blobId, digest }, totals: [[1, 4, 0, 0, 0, 0, 5]] });
    await expect(refresh(world.process())).rejects.toThrow(Damaged);
  });

  test('a blob that cannot be read now is unavailable, and read later', async () => {
    const writer = await world.reader();
    await world.clock.until(writer.committer.commit(say(large)));
    let isDown = true;
    const reader = world.process({ onRead: () => (isDown ? Promise.reject(new Error('timeout')) : Promise.resolve()) });
    await expect(refresh(reader)).rejects.toThrow(Unavailable);
    isDown = false;
    await refresh(reader);
    expect(reader.words()).toHaveLength(4);
  });

  test('a log whose many blobs together take longer than one request may is read all the same', async () => {
    const writer = await world.reader();
    for (let k = 0; k < 30; k += 1) await world.clock.until(writer.committer.commit(say(large)));
    const reader = world.process({ onRead: () => new Promise<void>((resolve) => world.clock.after(100, resolve)) });
    await refresh(reader);
    expect(reader.words()).toHaveLength(33);
  });
});

import { decodeEntry } from '../../../services/core/log/entry';
import { limits } from '../../../services/core/runtime/limits';
import { fails, works } from './scripted-log';
import { need, say } from './word-machine';
import { World } from './world';

test('50 commands at once make few entries, and each change has a mod-sequence of its own (N1)', async () => {
  const world = await World.of();
  const writer = await world.reader();
  const words = Array.from({ length: 50 }, (_, k) => `w${k}`);
  const results = await world.clock.until(Promise.all(words.map((word) => writer.committer.commit(say(word)))));
  expect(world.entries.length).toBeLessThanOrEqual(2);
  expect(results).toEqual(words.map((_, k) => k)); // Each decided on what those before it made.
  const { state } = (await world.reader()).follower.current;
  expect(state.map(({ word }) => word)).toEqual(words);
  expect(state.map(({ modSeq }) => modSeq)).toEqual(words.map((_, k) => k + 1));
});

test('50 commands of two processes each land once, in the order of some interleaving', async () => {
  const world = await World.of();
  const writers = [await world.reader(), await world.reader()];
  const words = Array.from({ length: 50 }, (_, k) => `w${k}`);
  await world.clock.until(Promise.all(words.map((word, k) => writers[k % 2]!.committer.commit(say(word)))));
  const { state } = (await world.reader()).follower.current;
  expect(state.map(({ word }) => word).toSorted()).toEqual(words.toSorted());
  expect(new Set(state.map(({ modSeq }) => modSeq)).size).toBe(50);
  expect(state.map(({ modSeq }) => modSeq)).toEqual(state.map(({ modSeq }) => modSeq).toSorted((a, b) => a - b));
});

test(`an entry carries at most ${limits.changesPerEntry} changes`, async () => {
  const world = await World.of();
  const writer = await world.reader();
  const words = Array.from({ length: 3 * limits.changesPerEntry }, (_, k) => `w${k}`);
  await world.clock.until(Promise.all(words.map((word) => writer.committer.commit(say(word)))));
  const counts = world.entries.map((bytes) => decodeEntry(bytes).changeCount);
  expect(Math.max(...counts)).toBe(limits.changesPerEntry);
  expect(counts.reduce((a, b) => a + b)).toBe(words.length);
  const { state } = (await world.reader()).follower.current;
  expect(state.map(({ word, modSeq }) => [word, modSeq])).toEqual(words.map((word, k) => [word, k + 1]));
});

test('a group of large changes is cut: an entry is no larger than its bound, and what waits is the next group (W9)', async () => {
  const world = await World.of();
  const writer = await world.reader();
  const third = 'x'.repeat(limits.changesBytesPerEntry / 3);
  const words = Array.from({ length: 10 }, (_, k) => `${k}${third}`);
  const results = words.map((word, k) => (k === 3 ? writer.committer.commit(need('nothing')).catch(() => -1) : writer.committer.commit(say(word))));
  const said = words.filter((_, k) => k !== 3);
  expect(await world.clock.until(Promise.all(results))).toEqual([0, 1, 2, -1, 3, 4, 5, 6, 7, 8]);
  expect(world.entries.map((bytes) => decodeEntry(bytes).changeCount)).toEqual([1, 2, 2, 2, 2]);
  expect(await world.words()).toEqual(said);
});

test('a change that is larger than the bound goes by itself', async () => {
  const world = await World.of();
  const writer = await world.reader();
  const words = ['a', 'x'.repeat(2 * limits.changesBytesPerEntry), 'b', 'c'];
  await world.clock.until(Promise.all(words.map((word) => writer.committer.commit(say(word)))));
  expect(world.entries.map((bytes) => decodeEntry(bytes).changeCount)).toEqual([1, 1, 2]);
  expect(await world.words()).toEqual(words);
});

test('what leaves a group that is too large goes before all that came later', async () => {
  const world = await World.of();
  const writer = await world.reader();
  const half = 'x'.repeat(limits.changesBytesPerEntry / 2);
  const words = ['a', half, half, half, ...Array.from({ length: limits.changesPerEntry }, (_, k) => `w${k}`)];
  const results = await world.clock.until(Promise.all(words.map((word) => writer.committer.commit(say(word)))));
  expect(results).toEqual(words.map((_, k) => k));
  expect(await world.words()).toEqual(words);
});

test('what did not fit into an entry of unknown fate does not share its fate (W5)', async () => {
  const world = await World.of();
  const writer = await world.reader();
  let isFenced = false;
  writer.log.answerTo = (bytes) => {
    isFenced ||= decodeEntry(bytes).changeCount === 0;
    return isFenced ? works : fails;
  };
  const half = 'x'.repeat(limits.changesBytesPerEntry / 2);
  const said = ['', 'a', 'b'].map((word) => writer.committer.commit(say(word + half)));
  const results = await world.clock.until(Promise.allSettled(said));
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(await world.words()).toEqual([`a${half}`, `b${half}`]);
});

test('commands of one process are decided in the order in which they came', async () => {
  const world = await World.of('a');
  const writer = await world.reader();
  const results = [];
  for (let burst = 0; burst < 5; burst += 1) {
    for (let k = 0; k < 7; k += 1) results.push(writer.committer.commit(say(`${burst}.${k}`)));
    await world.clock.advance(1);
  }
  expect(await world.clock.until(Promise.all(results))).toEqual(results.map((_, k) => k + 1));
});

test('an entry carries the time at which it was decided, and a decision is told that time', async () => {
  const world = await World.of();
  const writer = await world.reader();
  let told = 0;
  await world.clock.until(writer.committer.commit((_state, timeMs) => ({ change: 'a', result: (told = timeMs) })));
  expect(told).toBe(world.clock.nowMs());
  expect((await world.reader()).follower.current.state[0]!.timeMs).toBe(told);
});

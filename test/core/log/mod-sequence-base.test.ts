// Mod-sequences that a change raised: from the next entry on, for every reader, whatever the log is cut into.
import { decodeEntry } from '../../../services/core/log/entry';
import { say } from './word-machine';
import { World } from './world';

test('a change that raises the base counts from the next entry on, in every process (N5)', async () => {
  const world = await World.of('a', 'b');
  const [one, two] = [await world.reader(), await world.reader()];
  const group = ['before', 'raise 500', 'after'].map((word) => one.committer.commit(say(word)));
  await world.clock.until(Promise.all(group));
  await world.clock.until(two.committer.commit(say('first')));
  await world.clock.until(one.committer.commit(say('second')));
  const { state, nextModSeq } = (await world.reader()).follower.current;
  const raisedAt = state.findIndex(({ word }) => word === 'raise 500');
  const entries = world.entries.map((bytes) => decodeEntry(bytes));
  const ends = entries.map((_, i) => entries.slice(0, i + 1).reduce((sum, { changeCount }) => sum + changeCount, 0));
  const raisedEnd = ends.find((end) => end > raisedAt)!;
  expect(state.map(({ modSeq }) => modSeq)).toEqual(state.map((_, k) => (k < raisedEnd ? k + 1 : 500 + k - raisedEnd)));
  expect(nextModSeq).toBe(500 + state.length - raisedEnd);
});

test('what is above the base already goes on where it is (N5)', async () => {
  const world = await World.of('raise 500', 'a', 'raise 3', 'b', 'raise 501', 'c', 'd');
  const { state, nextModSeq } = (await world.reader()).follower.current;
  expect(state.map(({ modSeq }) => modSeq)).toEqual([1, 500, 501, 502, 503, 504, 505]);
  expect(nextModSeq).toBe(506);
});

test('an entry that starts below the raised base is damage (N1, N5)', async () => {
  const world = await World.of('raise 500');
  await world.plant(2, { firstModSeq: 499 });
  const { follower } = world.process();
  await expect(world.clock.until(follower.refresh())).rejects.toThrow('goes back to mod-sequence 499');
});

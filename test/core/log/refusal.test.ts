// W8: what is refused, or turns out to be nothing, is said only on a state read after the command came.
import { Refusal, Unavailable } from '../../../services/core/runtime/errors';
import { limits } from '../../../services/core/runtime/limits';
import { Gate, fails, isSilent, worksButFails } from './scripted-log';
import { need, say, sayFirst, sayOnce, type Words } from './word-machine';
import { World, type Process } from './world';

const crash = (): never => {
  throw new TypeError('a bug');
};

const sayUnlessX = (state: Words) => {
  if (state.some(({ word }) => word === 'x')) throw new Refusal('CANNOT', 'x came first');
  return { change: 'c', result: 'said' };
};

let world: World;
let writer: Process;
beforeEach(async () => {
  world = await World.of('a');
  writer = await world.reader();
});

test('a refusal on a stale state is decided again on a fresh one, and may become a yes (W8)', async () => {
  await world.another('b');
  expect(await world.clock.until(writer.committer.commit(need('b')))).toBe('is there');
  expect(writer.log.calls).toEqual(['tail 1']);
});

test('a refusal that stays is told after one read', async () => {
  await expect(world.clock.until(writer.committer.commit(need('b')))).rejects.toThrow(Refusal);
  expect(writer.log.calls).toEqual(['tail 1']);
});

test('a change that is nothing is told after one read, and nothing is written', async () => {
  expect(await world.clock.until(writer.committer.commit(sayOnce('a')))).toBe('was there');
  expect(writer.log.calls).toEqual(['tail 1']);
  expect(world.entries).toHaveLength(1);
});

test('a read that was sent before the command came is not fresh (W8)', async () => {
  const gate = new Gate();
  writer.log.tails.push(async (real) => {
    const tail = await real();
    await gate.opened;
    return tail;
  });
  const early = writer.follower.refresh();
  await world.clock.advance(1);
  await world.another('b'); // After the read was sent, before the command came.
  const command = writer.committer.commit(need('b'));
  gate.open();
  await world.clock.until(early);
  expect(await world.clock.until(command)).toBe('is there');
  expect(writer.log.calls).toEqual(['tail 1', 'tail 1']);
});

test('a read that is fresh for one of a group need not be for another, who came later', async () => {
  const gate = new Gate();
  writer.log.appends.push(async (real) => {
    const stored = await real();
    await gate.opened;
    return stored;
  });
  const first = writer.committer.commit(say('x'));
  const early = writer.committer.commit(sayOnce('a'));
  await world.clock.advance(1);
  await world.clock.until(writer.follower.refresh());
  await world.another('b');
  const late = writer.committer.commit(need('b'));
  gate.open();
  expect(await world.clock.until(Promise.all([first, early, late]))).toEqual([1, 'was there', 'is there']);
});

test('a refusal is not told while the store cannot be read', async () => {
  for (const answer of [fails, isSilent]) {
    writer.log.tails.push(answer);
    await expect(world.clock.until(writer.committer.commit(need('b')))).rejects.toThrow(Unavailable);
  }
});

test('a refusal in a group whose entry is stored needs no read: the entry proves the state the newest', async () => {
  const both = Promise.allSettled([writer.committer.commit(say('b')), writer.committer.commit(say('c')), writer.committer.commit(need('d'))]);
  const [, , refused] = await world.clock.until(both);
  expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'NONEXISTENT' } });
  expect(writer.log.calls).toEqual(['append 2', 'append 3']); // 'b' alone: it came first.
});

test('a refusal in a group whose entry loses is decided again, and may become a yes', async () => {
  writer.log.appends.push((real) => real(), async (real) => {
    await world.another('d');
    return real();
  });
  const group = Promise.all([writer.committer.commit(say('b')), writer.committer.commit(say('c')), writer.committer.commit(need('d'))]);
  expect(await world.clock.until(group)).toEqual([1, 3, 'is there']);
});

test('what is nothing only because of a change in the same group waits for that change (W9)', async () => {
  // The group's first entry goes alone; the two that matter are in the second.
  let isAnswered = false;
  const gate = new Gate();
  writer.log.appends.push((real) => real(), async (real) => {
    const stored = await real();
    await gate.opened;
    return stored;
  });
  const first = writer.committer.commit(say('b'));
  const change = writer.committer.commit(sayFirst('c'));
  const nothing = writer.committer.commit(sayOnce('c')).finally(() => (isAnswered = true));
  await world.clock.until(first);
  await world.clock.advance(100);
  expect(isAnswered).toBe(false);
  gate.open();
  expect(await world.clock.until(Promise.all([change, nothing]))).toEqual(['said', 'was there']);
});

test('if that change loses and is refused, the other is decided again by itself, and written (W9)', async () => {
  // Another says 'c' and takes the place: 'c' is refused; what depended on it must not be told on its behalf.
  writer.log.appends.push((real) => real(), async (real) => {
    await world.another('x');
    return real();
  });
  const first = writer.committer.commit(say('b'));
  const change = writer.committer.commit(sayUnlessX);
  const dependent = writer.committer.commit(sayOnce('c'));
  const outcomes = await world.clock.until(Promise.allSettled([first, change, dependent]));
  expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : (outcome.reason as Refusal).code))).toEqual([1, 'CANNOT', 'said']);
  expect(await world.words()).toEqual(['a', 'b', 'x', 'c']);
});

test('a decision that crashes harms nobody else in its group', async () => {
  const outcomes = await world.clock.until(
    Promise.allSettled([writer.committer.commit(say('b')), writer.committer.commit(crash), writer.committer.commit(say('c'))]),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(outcomes[1]).toMatchObject({ reason: { name: 'TypeError' } });
  expect(await world.words()).toEqual(['a', 'b', 'c']);
});

test('a decision whose change does not fit the state is not written', async () => {
  await expect(world.clock.until(writer.committer.commit(say('impossible')))).rejects.toThrow('this word does not fit');
  expect(world.entries).toHaveLength(1);
  expect(await world.clock.until(writer.committer.commit(say('b')))).toBe(1);
});

describe('age', () => {
  test('on a state of 10 minutes a command is appended without a read; on an older one it reads first', async () => {
    await world.clock.advance(limits.stateAgeMaxMs - 1);
    await world.clock.until(writer.committer.commit(say('b')));
    expect(writer.log.calls).toEqual(['append 2']);
    await world.clock.advance(2);
    await world.clock.until(writer.committer.commit(say('c')));
    expect(writer.log.calls).toEqual(['append 2', 'tail 2', 'append 3']);
  });

  test('it counts from when the read was sent, not from when it was answered (W7)', async () => {
    writer.log.tails.push(async (real) => {
      const tail = await real();
      await new Promise<void>((resolve) => world.clock.after(1_900, resolve));
      return tail;
    });
    const reading = writer.follower.refresh();
    await world.clock.until(reading);
    expect(writer.follower.ageMs()).toBe(1_900);
    await world.clock.advance(limits.stateAgeMaxMs - 1_000);
    await world.clock.until(writer.committer.commit(say('b')));
    expect(writer.log.calls).toEqual(['tail 1', 'tail 1', 'append 2']);
  });

  test('our own entries do not make a state younger', async () => {
    await world.clock.advance(limits.stateAgeMaxMs / 2);
    await world.clock.until(writer.committer.commit(say('b')));
    await world.clock.advance(limits.stateAgeMaxMs / 2 + 1);
    await world.clock.until(writer.committer.commit(say('c')));
    expect(writer.log.calls).toEqual(['append 2', 'tail 2', 'append 3']);
  });

  test.each([
    ['the wall clock says so, because the machine was suspended', limits.stateAgeMaxMs + 1, 0],
    ['the monotonic clock says so, while the wall clock was set back', -limits.stateAgeMaxMs, limits.stateAgeMaxMs + 1],
  ])('a state is old if %s', async (_why, wallJumpMs, byMs) => {
    world.clock.wallJumpMs += wallJumpMs;
    await world.clock.advance(byMs);
    await world.clock.until(writer.committer.commit(say('b')));
    expect(writer.log.calls).toEqual(['tail 1', 'append 2']);
  });

  test('an answer that finds the state old is checked against the floor again (W7)', async () => {
    writer.log.appends.push(async (real) => {
      const stored = await real();
      world.clock.wallJumpMs += limits.stateAgeMaxMs; // Suspended between the request and its answer.
      await new Promise<void>((resolve) => world.clock.after(1, resolve));
      return stored;
    });
    expect(await world.clock.until(writer.committer.commit(say('b')))).toBe(1);
    expect(writer.log.calls).toEqual(['append 2', 'tail 1']);
  });

  test('no state at all is read before the first command', async () => {
    const fresh = world.process();
    expect(await world.clock.until(fresh.committer.commit(say('b')))).toBe(1);
    expect(fresh.log.calls).toEqual(['tail 0', 'append 2']);
  });

  test('an old state that cannot be read refuses, and nothing is appended', async () => {
    await world.clock.advance(limits.stateAgeMaxMs + 1);
    writer.log.tails.push(fails);
    await expect(world.clock.until(writer.committer.commit(say('b')))).rejects.toThrow(Unavailable);
    expect(writer.log.calls).toEqual(['tail 1']);
  });
});

test('an unknown fate of the entry is the fate of the whole group', async () => {
  writer.log.appends.push((real) => real(), worksButFails);
  const group = Promise.all(['b', 'c', 'd'].map((word) => writer.committer.commit(say(word))));
  expect(await world.clock.until(group)).toEqual([1, 2, 3]);
  expect(await world.words()).toEqual(['a', 'b', 'c', 'd']);
});

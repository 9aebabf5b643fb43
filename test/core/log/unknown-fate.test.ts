// Row by row: docs/log-protocol.md, "Failures".
import { decodeEntry } from '../../../services/core/log/entry';
import { FateUnknown, Refusal, Unavailable } from '../../../services/core/runtime/errors';
import { limits } from '../../../services/core/runtime/limits';
import { fails, isSilent, works, worksButFails, worksButIsSilent, type Answer, type Appended } from './scripted-log';
import { say, sayOnce } from './word-machine';
import { LOG, World, type Process } from './world';

const nothingSent = (): Promise<Appended> => Promise.reject(new Error('nothing was sent'));

/** The change's own entry gets `answer`; the fence gets `fence`. */
function script({ log }: Process, answer: Answer<Appended>, fence: Answer<Appended>): void {
  log.answerTo = (bytes) => (decodeEntry(bytes).changeCount === 0 ? fence : answer);
}

let world: World;
let writer: Process;
beforeEach(async () => {
  world = await World.of('a');
  writer = await world.reader();
});

const commit = (word: string): Promise<number> => world.clock.until(writer.committer.commit(say(word)));

/** What was appended must be the same bytes each time. */
function expectOneEntryOnly(): void {
  const [first, ...others] = writer.log.appended;
  for (const { position, bytes } of others) expect([position, Buffer.from(bytes)]).toEqual([first!.position, Buffer.from(first!.bytes)]);
}

test('stored at once: one request, and the state has moved (W1)', async () => {
  expect(await commit('b')).toBe(1);
  expect(writer.log.calls).toEqual(['append 2']);
  expect(writer.words()).toEqual(['a', 'b']);
  expect(writer.rung).toEqual([2]);
  expect(await world.words()).toEqual(['a', 'b']);
});

test('taken by another: the command is decided again on what the other made', async () => {
  await world.another('x');
  expect(await commit('b')).toBe(2);
  expect(writer.log.calls).toEqual(['append 2', 'tail 1', 'append 3']);
  expect(await world.words()).toEqual(['a', 'x', 'b']);
});

test('a change that another made meanwhile turns out to be nothing, and nothing is written', async () => {
  await world.another('b');
  expect(await world.clock.until(writer.committer.commit(sayOnce('b')))).toBe('was there');
  expect(await world.words()).toEqual(['a', 'b']);
});

test('each decision has a token of its own (W3)', async () => {
  await world.another('x');
  await commit('b');
  const tokens = writer.log.appended.map(({ bytes }) => Buffer.from(decodeEntry(bytes).token).toString('hex'));
  expect(new Set(tokens).size).toBe(2);
});

test.each([
  ['an error', worksButFails],
  ['silence', worksButIsSilent],
])('stored, but the answer is %s: the tail tells, and there is one entry (W4)', async (_what, answer) => {
  writer.log.appends.push(answer);
  expect(await commit('b')).toBe(1);
  expect(writer.log.calls).toEqual(['append 2', 'tail 1']);
  expect(await world.words()).toEqual(['a', 'b']);
});

test.each([
  ['an error', fails],
  ['silence', isSilent],
])('not stored, and the answer is %s: the very same bytes are sent again (W5)', async (_what, answer) => {
  writer.log.appends.push(answer, answer, answer);
  expect(await commit('b')).toBe(1);
  expect(writer.log.calls).toEqual(['append 2', 'tail 1', 'append 2', 'tail 1', 'append 2', 'tail 1', 'append 2']);
  expectOneEntryOnly();
  expect(await world.words()).toEqual(['a', 'b']);
});

test('taken by the first of our own sends: it is won, once', async () => {
  // The first send is stored only after the tail was read; the second finds the place taken, by ourselves.
  let landFirst = nothingSent;
  writer.log.appends.push(
    (real) => {
      landFirst = real;
      return Promise.reject(new Error('connection reset'));
    },
    async (real) => {
      await landFirst();
      return real();
    },
  );
  expect(await commit('b')).toBe(1);
  expect(writer.log.calls).toEqual(['append 2', 'tail 1', 'append 2', 'tail 1']);
  expectOneEntryOnly();
  expect(await world.words()).toEqual(['a', 'b']);
  expect(writer.rung).toEqual([2]);
});

test('won, and others have gone on since: their entries are applied too (R1)', async () => {
  writer.log.appends.push(async (real) => {
    await real();
    await world.another('x');
    throw new Error('connection reset');
  });
  expect(await commit('b')).toBe(1);
  expect(writer.words()).toEqual(['a', 'b', 'x']);
  expect(writer.rung).toEqual([2]);
});

test('an error, and another is at the position: decided again', async () => {
  writer.log.appends.push(async () => {
    await world.another('x');
    throw new Error('connection reset');
  });
  expect(await commit('b')).toBe(2);
  expect(await world.words()).toEqual(['a', 'x', 'b']);
});

test('a tail that cannot be read proves nothing: the same entry is sent until one can (W4, R5)', async () => {
  writer.log.appends.push(worksButFails);
  writer.log.tails.push(fails, isSilent, fails);
  expect(await commit('b')).toBe(1);
  expectOneEntryOnly();
  expect(await world.words()).toEqual(['a', 'b']);
});

describe('after 10 seconds of not knowing, a fence', () => {
  test('that is stored makes NO true: the entry is taken when it lands late (W6)', async () => {
    let landLate = nothingSent;
    script(writer, (real) => {
      landLate = real;
      return fails(real);
    }, works);
    await expect(commit('b')).rejects.toThrow(Unavailable);
    expect(await landLate()).toBe('taken');
    expect(await world.words()).toEqual(['a']);
    expect(writer.words()).toEqual(['a']);
    expect(world.entries).toHaveLength(2);
  });

  test('leaves the mod-sequences alone, and work goes on after it', async () => {
    script(writer, fails, works);
    await expect(commit('b')).rejects.toThrow(Unavailable);
    script(writer, works, fails);
    expect(await commit('c')).toBe(1);
    expect((await world.reader()).follower.current.state.map(({ word, modSeq }) => [word, modSeq])).toEqual([['a', 1], ['c', 2]]);
  });

  test('that is stored, but answered with an error, is found in the tail', async () => {
    script(writer, fails, worksButFails);
    await expect(commit('b')).rejects.toMatchObject({ name: 'Unavailable' });
    expect(await world.words()).toEqual(['a']);
  });

  test('that loses to the entry makes OK true', async () => {
    let landLate = nothingSent;
    script(
      writer,
      (real) => {
        landLate = real;
        return fails(real);
      },
      async (real) => {
        await landLate();
        return real();
      },
    );
    expect(await commit('b')).toBe(1);
    expect(await world.words()).toEqual(['a', 'b']);
    expect(writer.words()).toEqual(['a', 'b']);
  });

  test('that loses to another makes NO true, and the other is applied', async () => {
    script(writer, fails, async (real) => {
      await world.another('x');
      return real();
    });
    await expect(commit('b')).rejects.toMatchObject({ name: 'Unavailable' });
    expect(writer.words()).toEqual(['a', 'x']);
    expect(await world.words()).toEqual(['a', 'x']);
  });

  test('of which nothing can be learnt leaves the fate unknown', async () => {
    script(writer, fails, fails);
    await expect(commit('b')).rejects.toThrow(FateUnknown);
  });

  test('is not tried before 10 seconds', async () => {
    script(writer, fails, works);
    const sentAtMs = world.clock.monotonicMs();
    await expect(commit('b')).rejects.toThrow(Unavailable);
    expect(world.clock.monotonicMs() - sentAtMs).toBeGreaterThanOrEqual(limits.commitMs);
  });
});

test('a dead store leaves the fate unknown, in bounded time and with bounded requests', async () => {
  writer.log.otherwise = isSilent;
  const sentAtMs = world.clock.monotonicMs();
  await expect(commit('b')).rejects.toThrow(FateUnknown);
  expect(world.clock.monotonicMs() - sentAtMs).toBeLessThan(limits.commitMs + 5 * limits.storeRequestMs);
  expect(writer.log.calls.length).toBeLessThan(20);
  expect(world.clock.pendingTimers).toBe(0);
});

test('after an unknown fate the entry may be there, and the next command is decided on it', async () => {
  let landLate = nothingSent;
  writer.log.otherwise = fails;
  writer.log.appends.push((real) => {
    landLate = real;
    return fails(real);
  });
  await expect(commit('b')).rejects.toThrow(FateUnknown);
  writer.log.otherwise = works;
  await landLate();
  expect(await commit('c')).toBe(2);
  expect(await world.words()).toEqual(['a', 'b', 'c']);
});

test('INUSE is said only after 10 seconds of races that were known to be lost (W11)', async () => {
  const sentAtMs = world.clock.monotonicMs();
  let won = 0;
  const beaten: Answer<Appended> = async (real) => {
    await world.another(`x${(won += 1)}`);
    return real();
  };
  writer.log.answerTo = () => beaten;
  const refused = commit('b');
  await expect(refused).rejects.toThrow(Refusal);
  await expect(refused).rejects.toMatchObject({ code: 'INUSE' });
  expect(world.clock.monotonicMs() - sentAtMs).toBeGreaterThanOrEqual(limits.commitMs);
  expect(await world.words()).not.toContain('b');
});

test('a position that one process filled is never filled again: entries are what was stored first', async () => {
  const other = await world.reader();
  await world.clock.until(Promise.all([writer.committer.commit(say('b')), other.committer.commit(say('c'))]));
  const words = await world.words();
  expect([...words].sort()).toEqual(['a', 'b', 'c']);
  expect(world.tier.logs.get(LOG)!.entries.map(({ position }) => position)).toEqual([1, 2, 3]);
});

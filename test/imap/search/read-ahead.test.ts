// What a search reads before a message's turn, and that it stops.
import { Disconnected } from '../../../services/core/runtime/errors';
import { BYTES_AHEAD, MESSAGES_AHEAD } from '../../../services/imap/search/read-ahead';
import { Rig, type Message } from '../rig';

let rig: Rig;
afterEach(() => rig.close());

const messages = (count: number, bytes = 0): Message[] => Array.from({ length: count }, (_, i) => ({ text: `Subject: ${i + 1}\nX-Tag: t\n\nhello ${i % 2 === 0 ? 'even' : 'odd'}\n${'x'.repeat(70)}\n${`${'y'.repeat(70)}\n`.repeat(bytes / 72)}` }));

/** Reads that wait until they are let go. */
function gate(): { started: number; open: number; mostOpen: number; letGo: () => void } {
  const state = { started: 0, open: 0, mostOpen: 0, letGo: () => undefined as void };
  const gone = new Promise<void>((resolve) => {
    state.letGo = resolve;
  });
  rig.readThrough(async function* (inner, key, range) {
    state.started += 1;
    state.open += 1;
    state.mostOpen = Math.max(state.mostOpen, state.open);
    try {
      await gone;
      yield* inner(key, range);
    } finally {
      state.open -= 1;
    }
  });
  return state;
}

const turnsOfTheLoop = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i += 1) await new Promise(setImmediate);
};

test.each(['TEXT even', 'HEADER X-Tag t'])('SEARCH %s reads some messages ahead, and never more', async (key) => {
  rig = await Rig.open(messages(40));
  const reads = gate();
  const searching = rig.session().lines(`SEARCH ${key}`);
  await turnsOfTheLoop(50);
  expect(reads.started).toBe(MESSAGES_AHEAD);
  reads.letGo();
  await searching;
  expect(reads).toMatchObject({ started: 40, open: 0, mostOpen: MESSAGES_AHEAD });
});

test('a message that is larger than what may be held is read alone', async () => {
  rig = await Rig.open(messages(3, BYTES_AHEAD));
  const reads = gate();
  const searching = rig.session().lines('SEARCH BODY even');
  await turnsOfTheLoop(50);
  expect(reads.started).toBe(1);
  reads.letGo();
  expect((await searching)[0]).toBe('* SEARCH 1 3');
  expect(reads.started).toBe(3);
});

test('what is found comes in order, whichever body comes first', async () => {
  rig = await Rig.open(messages(20));
  let nth = 0;
  rig.readThrough(async function* (inner, key, range) {
    nth += 1;
    await turnsOfTheLoop((nth * 7) % 11);
    yield* inner(key, range);
  });
  expect((await rig.session().lines('SEARCH OR SUBJECT 1 TEXT odd'))[0]).toBe('* SEARCH 1 2 4 6 8 10 11 12 13 14 15 16 17 18 19 20');
});

test('a store that fails ends the search, and what was read ahead with it', async () => {
  rig = await Rig.open(messages(40));
  let started = 0;
  rig.readThrough(async function* (inner, key, range) {
    started += 1;
    if (started === 3) throw new Error('connection refused');
    yield* inner(key, range);
  });
  expect(await rig.session().lines('SEARCH BODY even')).toEqual(['NO [UNAVAILABLE] the blob store could not read a message']);
  expect(started).toBeLessThanOrEqual(2 + MESSAGES_AHEAD);
  const atEnd = started;
  await turnsOfTheLoop(20);
  expect(started).toBe(atEnd);
});

test('a search whose client has gone reads no further', async () => {
  // Each look at this clock is the end of a turn: the search may be ended at each message.
  let monotonicMs = 0;
  rig = await Rig.open(messages(60));
  const clock = { nowMs: () => Date.now(), monotonicMs: () => (monotonicMs += 20), after: () => () => undefined };
  Object.assign(rig, { clock });
  let started = 0;
  rig.readThrough(async function* (inner, key, range) {
    started += 1;
    yield* inner(key, range);
  });
  const gone = async (): Promise<void> => {
    if (started >= 10) throw new Disconnected('the peer is gone');
  };
  await expect(rig.session().say('SEARCH BODY even', gone)).rejects.toBeInstanceOf(Disconnected);
  await turnsOfTheLoop(20);
  expect(started).toBeLessThanOrEqual(10 + MESSAGES_AHEAD);
});

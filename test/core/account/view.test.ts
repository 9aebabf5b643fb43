// A client that believes what it is told must see what the server sees.
import * as fc from 'fast-check';
import { CHUNK_SIZE } from '../../../services/core/account/chunk';
import { View, type ViewChanges } from '../../../services/core/account/view';
import { UidSet } from '../../../services/core/account/uid-set';
import { anOp, expectEqual, known, Model, type ModelRow } from './mailbox-model';

interface ClientRow {
  readonly uid: number;
  readonly flags: readonly number[];
}

/** What an IMAP client makes of the responses, knowing nothing else but what it fetches by number. */
class Client {
  rows: ClientRow[] = [];

  constructor(private readonly view: View) {
    this.grow(view.exists);
  }

  hear({ gone, exists, changed }: ViewChanges): void {
    for (const { number, uid } of gone) {
      const [row] = this.rows.splice(number - 1, 1);
      expectEqual(row?.uid, uid);
    }
    if (exists !== null) {
      expect(exists).toBeGreaterThan(this.rows.length);
      this.grow(exists);
    }
    let last = 0;
    for (const { number, before, row } of changed) {
      expectEqual(number > last, true);
      expectEqual(this.rows[number - 1], { uid: row.uid, flags: before.flags });
      this.rows[number - 1] = { uid: row.uid, flags: row.flags };
      last = number;
    }
  }

  private grow(exists: number): void {
    while (this.rows.length < exists) {
      const { uid, flags } = this.view.at(this.rows.length + 1)!.row;
      this.rows.push({ uid, flags });
    }
  }
}

function expectSame(view: View, client: Client, ghosts: ReadonlySet<number>): void {
  const numbers = client.rows.map((_, k) => k + 1);
  const uids = client.rows.map(({ uid }) => uid);
  expect(view.exists).toBe(client.rows.length);
  expectEqual(numbers.map((number) => view.uidAt(number)), uids);
  expectEqual(uids.map((uid) => view.numberOf(uid)), numbers);
  const shown = numbers.map((number) => view.at(number)!).map(({ row: { uid, flags }, isGhost }) => ({ uid, flags, isGhost }));
  expectEqual(shown, client.rows.map((row) => ({ ...row, isGhost: ghosts.has(row.uid) })));
  expectEqual([...view.uids()], uids);
  expectEqual([...view.ghostUids()], [...ghosts].sort((a, b) => a - b));
  expect(view.hasGhosts).toBe(ghosts.size > 0);
  for (const outside of [0, -1, numbers.length + 1]) expect([view.at(outside), view.uidAt(outside)]).toEqual([undefined, undefined]);
  const some: [number, number][] = [[1, 3], [CHUNK_SIZE - 2, CHUNK_SIZE + 2], [numbers.length - 1, numbers.length + 9]];
  expect([...view.uidsOf(some)]).toEqual(uids.filter((_, k) => some.some(([first, last]) => first <= k + 1 && k + 1 <= last)));
}

const step = fc.oneof({ weight: 3, arbitrary: anOp }, { weight: 2, arbitrary: fc.constant('hold' as const) }, { weight: 1, arbitrary: fc.constant('all' as const) });

test('a client that replays what it is told has the numbers, UIDs and flags of the view, ghosts and all', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
      const model = Model.of(2 * CHUNK_SIZE + 20);
      const view = new View(model.mailbox);
      const client = new Client(view);
      const ghosts = new Set<number>();
      let seen: ReadonlyMap<number, ModelRow> = new Map(model.rows.map((row) => [row.uid, row]));
      for (const each of [...steps, 'hold', 'all'] as const) {
        if (typeof each === 'object') {
          model.apply(each);
          continue;
        }
        const now = new Map(model.rows.map((row) => [row.uid, row]));
        const lost = [...seen.keys()].filter((uid) => !now.has(uid));
        const numbered = client.rows.map(({ uid }) => uid);
        const changes = each === 'hold' ? view.syncHold(model.mailbox) : view.syncAll(model.mailbox);
        // Nothing is told of a message that came and went in between, nor of one that is as it was.
        expectEqual(changes.gone.map(({ uid }) => uid), each === 'all' ? [...ghosts, ...lost].sort((a, b) => a - b) : []);
        const differing = [...now.values()].filter((row) => (seen.get(row.uid)?.modSeq ?? row.modSeq) !== row.modSeq);
        expectEqual([...changes.changed].map(({ row }) => known(row)), differing);
        expect(changes.exists !== null).toBe([...now.keys()].some((uid) => !seen.has(uid)));
        client.hear(changes);
        if (each === 'hold') {
          for (const uid of lost) ghosts.add(uid);
          const lowest = Math.min(...[...ghosts].map((uid) => model.goneAt.get(uid)!));
          expect(changes.heldBack).toBe(lost.length > 0 ? lowest : null);
          expectEqual(client.rows.slice(0, numbered.length).map(({ uid }) => uid), numbered); // Numbers stay.
        } else {
          ghosts.clear();
          expect(changes.heldBack).toBeNull();
          expectEqual(client.rows, model.rows.map(({ uid, flags }) => ({ uid, flags })));
        }
        seen = now;
        expectSame(view, client, ghosts);
        expect(view.mailbox).toBe(model.mailbox);
      }
    }),
    { numRuns: 40 },
  );
}, 30_000);

/** What the client hears, in short. */
const short = ({ gone, exists, changed, heldBack }: ViewChanges) => ({
  gone: gone.map(({ number, uid }) => `${number}=${uid}`),
  exists,
  changed: [...changed].map(({ number, row }) => `${number}=${row.uid}`),
  heldBack,
});
const nothing = { gone: [], exists: null, changed: [], heldBack: null };

test('a message that came and went between two syncs is never told', () => {
  const model = Model.of(3);
  const view = new View(model.mailbox);
  const added = Model.of(3);
  added.apply({ kind: 'add', count: 1, flags: [], skip: 0 });
  const newest = added.mailbox.withExpunged(UidSet.of([4]), 4);
  expect(short(view.syncHold(newest))).toEqual(nothing);
  expect(short(view.syncAll(newest))).toEqual(nothing);
  expect(view.numberOf(4)).toBeNull();
});

test('each EXPUNGE has the number that is left when those before it are gone', () => {
  const { mailbox } = Model.of(5);
  const view = new View(mailbox);
  expect(short(view.syncAll(mailbox.withExpunged(UidSet.of([2, 3, 5]), 3))).gone).toEqual(['2=2', '2=3', '3=5']);
});

test('nothing that may be told later is above the first expunge held back, however many follow', () => {
  const { mailbox } = Model.of(5);
  const view = new View(mailbox);
  const first = mailbox.withExpunged(UidSet.of([4]), 10);
  const second = first.withExpunged(UidSet.of([1]), 11);
  expect(view.syncHold(first).heldBack).toBe(10);
  expect(view.syncHold(first).heldBack).toBeNull();
  expect(view.syncHold(second).heldBack).toBe(10);
  view.syncAll(second);
  expect(view.syncHold(second.withExpunged(UidSet.of([2]), 12)).heldBack).toBe(12);
});

test('a ghost keeps the flags that the client saw, and is not told as changed', () => {
  const { mailbox } = Model.of(3);
  const view = new View(mailbox);
  const newest = mailbox.withFlag(0, true, UidSet.of([2, 3]), 3).withExpunged(UidSet.of([2]), 4);
  expect(short(view.syncHold(newest))).toEqual({ ...nothing, changed: ['3=3'], heldBack: 4 });
  expect(view.at(2)).toMatchObject({ isGhost: true, row: { uid: 2, flags: [] } });
});

test('a view over an emptied mailbox holds every ghost, then tells them all', () => {
  const { mailbox } = Model.of(CHUNK_SIZE + 1);
  const view = new View(mailbox);
  const empty = mailbox.withExpunged(UidSet.ofRanges([[1, CHUNK_SIZE + 1]]), 3);
  view.syncHold(empty);
  expect([view.exists, view.uidAt(CHUNK_SIZE + 1), view.mailbox.exists]).toEqual([CHUNK_SIZE + 1, CHUNK_SIZE + 1, 0]);
  expect(view.syncAll(empty).gone).toHaveLength(CHUNK_SIZE + 1);
  expect([view.exists, view.uidAt(1)]).toEqual([0, undefined]);
});

test('holding back as many expunges as there are messages, each a change of its own, is not quadratic', () => {
  const count = 40_000;
  let { mailbox } = Model.of(2 * count);
  const view = new View(mailbox);
  const chunk = 10;
  for (let first = 1; first < 2 * count; first += 2 * chunk) {
    const odd = Array.from({ length: chunk }, (_, k) => first + 2 * k);
    mailbox = mailbox.withExpunged(UidSet.ofAscending(odd), 3 + first);
  }
  expect(view.syncHold(mailbox).heldBack).toBe(4);
  expect(view.ghostUids().size).toBe(count);
}, 5_000);

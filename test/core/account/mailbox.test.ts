import * as fc from 'fast-check';
import { CHUNK_SIZE } from '../../../services/core/account/chunk';
import { Mailbox } from '../../../services/core/account/mailbox';
import { UidSet } from '../../../services/core/account/uid-set';
import { Damaged } from '../../../services/core/runtime/errors';
import { limits } from '../../../services/core/runtime/limits';
import { asMailboxId, asUidValidity } from '../../../services/core/runtime/numbers';
import { anOp, expectEqual, known, Model, newMessage } from './mailbox-model';

/** Everything that a version tells, to see whether it stays. */
function told(mailbox: Mailbox): string {
  const { uidNext, highestModSeq, totalsRow } = mailbox;
  const rows = Array.from({ length: mailbox.exists }, (_, i) => known(mailbox.at(i)!));
  return JSON.stringify({ uidNext, highestModSeq, totalsRow, rows, vanished: [...mailbox.vanishedSince(0).ranges()] });
}

function expectAgreement(model: Model): void {
  const { mailbox, rows } = model;
  expect(mailbox.totals).toMatchObject(model.totals);
  expect([mailbox.exists, mailbox.uidNext, mailbox.highestModSeq]).toEqual([rows.length, model.uidNext, model.highestModSeq]);
  expectEqual(Array.from({ length: rows.length }, (_, i) => known(mailbox.at(i)!)), rows);
  expectEqual(Array.from({ length: rows.length }, (_, i) => mailbox.uidAt(i)), rows.map(({ uid }) => uid));
  expect([mailbox.at(-1), mailbox.at(rows.length), mailbox.uidAt(-1), mailbox.uidAt(rows.length)]).toEqual([undefined, undefined, undefined, undefined]);
  for (const { length } of mailbox.chunks) expect(length > 0 && length <= CHUNK_SIZE).toBe(true);
}

function expectLookups(model: Model, probes: readonly number[]): void {
  const { mailbox, rows, goneAt } = model;
  const uids = new Set(probes.map((probe) => Math.floor(probe * (model.uidNext + 3))));
  for (const uid of uids) {
    const row = rows.find((each) => each.uid === uid);
    const found = mailbox.get(uid);
    expect([mailbox.rank(uid), mailbox.has(uid), found && known(found)]).toEqual([rows.filter((each) => each.uid < uid).length, row !== undefined, row]);
  }
  // A set with holes, and one with a run over everything between two probes.
  const [low, high] = [Math.min(...uids), Math.max(...uids)];
  for (const set of [UidSet.of(uids), UidSet.ofRanges([[low, high]]), UidSet.ofRanges([[1, 4_294_967_295]])]) {
    const expected = rows.filter(({ uid }) => set.has(uid));
    expectEqual([...mailbox.among(set)].map(known), expected);
    expectEqual([...mailbox.present(set)], expected.map(({ uid }) => uid));
  }
  const missing = Array.from({ length: model.uidNext - 1 }, (_, i) => i + 1).filter((uid) => !mailbox.has(uid));
  expectEqual([...mailbox.vanishedSince(0)], missing);
  for (const since of new Set([1, ...[...goneAt.values()].flatMap((at) => [at - 1, at])])) {
    const vanished = [...goneAt].filter(([, at]) => at > since).map(([uid]) => uid).sort((a, b) => a - b);
    expectEqual([...mailbox.vanishedSince(since)], vanished);
    const lost = UidSet.of(vanished.filter((uid) => uids.has(uid)));
    const first = Math.min(...[...lost].map((uid) => goneAt.get(uid)!));
    expect(mailbox.firstExpunge(lost, since)).toBe(lost.isEmpty ? null : first);
  }
}

test('a mailbox does what a plain list does, and no version changes when others are made from it', () => {
  const probes = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(anOp, { minLength: 1, maxLength: 9 }), probes, (ops, some) => {
      const model = Model.of(3 * CHUNK_SIZE + 10);
      const versions: [Mailbox, string][] = [];
      for (const op of ops) {
        model.apply(op);
        versions.push([model.mailbox, told(model.mailbox)]);
        expectAgreement(model);
      }
      expectLookups(model, some);
      for (const [version, before] of versions) expect(told(version) === before).toBe(true);
    }),
    { numRuns: 25 },
  );
}, 30_000);

test('a chunk that loses all its messages vanishes, and the others keep their places', () => {
  const model = Model.of(4 * CHUNK_SIZE);
  model.mailbox = model.mailbox.withExpunged(UidSet.ofRanges([[CHUNK_SIZE + 1, 2 * CHUNK_SIZE]]), 3);
  expect(model.mailbox.chunks).toHaveLength(3);
  expect(model.mailbox.uidAt(CHUNK_SIZE)).toBe(2 * CHUNK_SIZE + 1);
  expect(model.mailbox.rank(2 * CHUNK_SIZE + 1)).toBe(CHUNK_SIZE);
});

describe('a mailbox that comes from another server', () => {
  const made = Mailbox.created(asMailboxId(1), asUidValidity(7), 1_000, { givenBelow: 1 }).withAdded([newMessage(3), newMessage(4), newMessage(8)], 1_001, 0).withUidNext(11);

  test('goes on with the UIDNEXT that it had there (N2)', () => {
    expect([made.uidNext, made.exists, made.highestModSeq]).toEqual([11, 3, 1_001]);
    expect(made.withAdded([newMessage(11)], 1_002, 0).uidAt(3)).toBe(11);
  });

  test.each([
    [0, [1, 2, 5, 6, 7, 9, 10]],
    [999, [1, 2, 5, 6, 7, 9, 10]],
    [1_000, []],
    [1_001, []],
  ])('tells a client that knows it up to mod-sequence %i of every message that is gone (N5)', (since, vanished) => {
    expect([...made.vanishedSince(since)]).toEqual(vanished);
  });

  test('tells of what was expunged here as any other does', () => {
    const after = made.withExpunged(UidSet.of([4]), 1_002);
    expect([...after.vanishedSince(1_001)]).toEqual([4]);
    expect([...after.vanishedSince(5)]).toEqual([1, 2, 4, 5, 6, 7, 9, 10]);
  });
});

test('an emptied mailbox goes on with the next UID (N2)', () => {
  const empty = Model.of(3).mailbox.withExpunged(UidSet.of([1, 2, 3]), 3);
  expect([empty.exists, empty.chunks.length, empty.uidNext]).toEqual([0, 0, 4]);
  expect(empty.withAdded([newMessage(4)], 4, 0).uidAt(0)).toBe(4);
});

describe('what a change does not touch is shared with the version before', () => {
  const before = Model.of(4 * CHUNK_SIZE).mailbox;
  const shared = (after: Mailbox): boolean[] => before.chunks.map((chunk, c) => after.chunks[c] === chunk);

  test('a flag on one message copies one chunk', () => {
    expect(shared(before.withFlag(0, true, UidSet.of([CHUNK_SIZE + 1]), 3))).toEqual([true, false, true, true]);
  });

  test('an expunge copies the chunks it touches', () => {
    expect(shared(before.withExpunged(UidSet.of([1, 3 * CHUNK_SIZE + 1]), 3))).toEqual([false, true, true, false]);
  });

  test('a new message copies none when the last chunk is full', () => {
    expect(shared(before.withAdded([newMessage(before.uidNext)], 3, 0))).toEqual([true, true, true, true]);
  });
});

test.each([0, 4, 5, 36, 37, 68, 100, 132])('flag %i is set and cleared on one message alone', (flag) => {
  const before = Model.of(3).mailbox;
  const set = before.withFlag(flag, true, UidSet.of([2]), 3);
  expect([1, 2, 3].map((uid) => set.get(uid)!.flags)).toEqual([[], [flag], []]);
  expect(set.withFlag(flag, false, UidSet.of([2]), 4).get(2)!.flags).toEqual([]);
});

test('all 133 flags stand beside each other', () => {
  const all = Array.from({ length: 133 }, (_, flag) => flag);
  const mailbox = Mailbox.created(asMailboxId(1), asUidValidity(1), 1).withAdded([newMessage(1), newMessage(2, all), newMessage(3)], 2, 0);
  expect([1, 2, 3].map((uid) => mailbox.get(uid)!.flags)).toEqual([[], all, []]);
  expect(mailbox.withExpunged(UidSet.of([1]), 3).get(2)!.flags).toEqual(all);
});

test.each([
  ['a UID that was given before', (m: Mailbox) => m.withAdded([newMessage(3)], 9, 0)],
  ['a UID twice', (m: Mailbox) => m.withAdded([newMessage(4), newMessage(4)], 9, 0)],
  ['a UID of 2^31', (m: Mailbox) => m.withAdded([newMessage(limits.uidMax + 1)], 9, 0)],
  ['a UID that would wrap', (m: Mailbox) => m.withAdded([newMessage(2 ** 32 + 7)], 9, 0)],
  ['UIDNEXT as it was', (m: Mailbox) => m.withUidNext(4)],
  ['UIDNEXT going back', (m: Mailbox) => m.withUidNext(1)],
  ['UIDNEXT beyond 2^31', (m: Mailbox) => m.withUidNext(limits.uidMax + 1)],
  ['a flag set where it was set', (m: Mailbox) => m.withFlag(0, true, UidSet.of([2]), 8).withFlag(0, true, UidSet.of([1, 2]), 9)],
  ['a flag cleared where it was not set', (m: Mailbox) => m.withFlag(0, false, UidSet.of([1]), 9)],
  ['a flag on a message that is not there', (m: Mailbox) => m.withFlag(0, true, UidSet.of([3, 4]), 9)],
  ['an expunge of a message that is not there', (m: Mailbox) => m.withExpunged(UidSet.of([3, 4]), 9)],
  ['an expunge of everything there could be', (m: Mailbox) => m.withExpunged(UidSet.ofRanges([[1, 4_294_967_295]]), 9)],
])('%s is damage', (_what, change) => {
  expect(() => change(Model.of(3).mailbox)).toThrow(Damaged);
});

test('one expunge of very many runs can be told as vanished', () => {
  const before = Model.of(260_000).mailbox;
  const odd = UidSet.ofAscending(Array.from({ length: 130_000 }, (_, k) => 2 * k + 1));
  expect(before.withExpunged(odd, 3).vanishedSince(2).size).toBe(130_000);
});

// A mailbox as a plain list, changed side by side with the real one, and the random changes that drive both.
import * as fc from 'fast-check';
import { CHUNK_SIZE, type Row } from '../../../services/core/account/chunk';
import { DELETED, SEEN } from '../../../services/core/account/flag';
import { Mailbox } from '../../../services/core/account/mailbox';
import type { NewMessage } from '../../../services/core/account/record';
import { UidSet } from '../../../services/core/account/uid-set';
import { asMailboxId, asUid, asUidValidity } from '../../../services/core/runtime/numbers';

export interface ModelRow {
  readonly uid: number;
  readonly sizeBytes: number;
  readonly flags: readonly number[];
  readonly modSeq: number;
}

/** Where a change strikes: `place` in the mailbox (at a chunk's border if `atBorder`), `count` messages, each `step`-th. */
interface Strike {
  readonly place: number;
  readonly atBorder: boolean;
  readonly count: number;
  readonly step: number;
}

export type Op =
  | { readonly kind: 'add'; readonly count: number; readonly flags: readonly number[]; readonly skip: number }
  | ({ readonly kind: 'flag'; readonly flag: number; readonly set: boolean } & Strike)
  | ({ readonly kind: 'expunge' } & Strike);

const flag = fc.constantFrom(0, 1, 2, 3, 4, 5, 36, 37, 68, 132);
const strike = {
  place: fc.double({ min: 0, max: 0.999, noNaN: true }),
  atBorder: fc.boolean(),
  count: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 12 }) }, { weight: 2, arbitrary: fc.integer({ min: 1, max: 1_200 }) }),
  step: fc.constantFrom(1, 1, 2, 7),
};

export const anOp: fc.Arbitrary<Op> = fc.oneof(
  fc.record({
    kind: fc.constant('add' as const),
    count: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 700 })),
    flags: fc.uniqueArray(flag, { maxLength: 3 }).map((flags) => flags.sort((a, b) => a - b)),
    skip: fc.constantFrom(0, 0, 0, 5),
  }),
  fc.record({ kind: fc.constant('flag' as const), flag, set: fc.boolean(), ...strike }),
  fc.record({ kind: fc.constant('expunge' as const), ...strike }),
);

export class Model {
  mailbox = Mailbox.created(asMailboxId(1), asUidValidity(1), 1);
  rows: ModelRow[] = [];
  modSeq = 1;
  uidNext = 1;
  highestModSeq = 1;
  /** When each UID went. */
  readonly goneAt = new Map<number, number>();

  static of(count: number): Model {
    const model = new Model();
    model.apply({ kind: 'add', count, flags: [], skip: 0 });
    return model;
  }

  apply(op: Op): void {
    this.modSeq += 1;
    if (op.kind === 'add') this.add(op);
    else if (op.kind === 'flag') this.mark(op.flag, op.set, this.struck(op));
    else this.expunge(this.struck(op));
  }

  private add({ count, flags, skip }: Extract<Op, { kind: 'add' }>): void {
    const first = this.uidNext + skip;
    const uids = Array.from({ length: count }, (_, k) => first + k);
    this.mailbox = this.mailbox.withAdded(uids.map((uid) => newMessage(uid, flags)), this.modSeq, 5);
    for (const uid of uids) this.rows.push({ uid, sizeBytes: sizeOf(uid), flags, modSeq: this.modSeq });
    this.uidNext = first + count;
    this.highestModSeq = this.modSeq;
  }

  private mark(number: number, set: boolean, struck: readonly ModelRow[]): void {
    const changed = new Set(struck.filter(({ flags }) => flags.includes(number) !== set).map(({ uid }) => uid));
    if (changed.size === 0) return;
    this.mailbox = this.mailbox.withFlag(number, set, UidSet.of(changed), this.modSeq);
    const flagsOf = (flags: readonly number[]): number[] => (set ? [...flags, number].sort((a, b) => a - b) : flags.filter((other) => other !== number));
    this.rows = this.rows.map((row) => (changed.has(row.uid) ? { ...row, flags: flagsOf(row.flags), modSeq: this.modSeq } : row));
    this.highestModSeq = this.modSeq;
  }

  private expunge(struck: readonly ModelRow[]): void {
    if (struck.length === 0) return;
    const gone = new Set(struck.map(({ uid }) => uid));
    this.mailbox = this.mailbox.withExpunged(UidSet.of(gone), this.modSeq);
    this.rows = this.rows.filter(({ uid }) => !gone.has(uid));
    for (const uid of gone) this.goneAt.set(uid, this.modSeq);
    this.highestModSeq = this.modSeq;
  }

  private struck({ place, atBorder, count, step }: Strike): ModelRow[] {
    const middle = Math.floor(place * this.rows.length);
    const first = atBorder ? Math.max(0, Math.round(middle / CHUNK_SIZE) * CHUNK_SIZE - (count >> 1)) : middle;
    return this.rows.slice(first, first + count * step).filter((_, k) => k % step === 0);
  }

  get totals() {
    const deleted = this.rows.filter(({ flags }) => flags.includes(DELETED));
    return {
      exists: this.rows.length,
      unseen: this.rows.filter(({ flags }) => !flags.includes(SEEN)).length,
      deleted: deleted.length,
      bytes: bytesOf(this.rows),
      deletedBytes: bytesOf(deleted),
    };
  }
}

const bytesOf = (rows: readonly ModelRow[]): number => rows.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0);

/** What of a row the model knows. */
export const known = ({ uid, sizeBytes, flags, modSeq }: Row): ModelRow => ({ uid, sizeBytes, flags, modSeq });

const sizeOf = (uid: number): number => (uid * 7919) % 1_000_003;

export function newMessage(uid: number, flags: readonly number[] = []): NewMessage {
  const blobId = new Uint8Array(16);
  new DataView(blobId.buffer).setUint32(0, uid);
  return { uid: asUid(uid), blobId, sizeBytes: sizeOf(uid), internalDateMs: uid, flags, digest: blobId, summary: blobId, threadKey: null, emailId: null, pop3Uidl: null };
}

/** As `expect(actual).toEqual(expected)`, but quick for thousands of small values that are equal. */
export function expectEqual(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected);
}

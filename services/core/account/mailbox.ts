// The fold of one mailbox: an immutable index from UID to row, and the totals. A change makes a new version that shares what it did
// not touch, so that two versions are compared by what they do not share.
import { asModSeq, asUid, type MailboxId, type ModSeq, type Uid, type UidValidity } from '../runtime/numbers';
import { Damaged } from '../runtime/errors';
import { limits } from '../runtime/limits';
import type { TotalsRow } from '../log/entry';
import { CHUNK_SIZE, Chunk, type Row } from './chunk';
import { DELETED, SEEN, type FlagNumber } from './flag';
import type { NewMessage } from './record';
import { UidSet } from './uid-set';
import { lowerBound } from '../runtime/lower-bound';

/** What was expunged, newest first: each version shares the older part. */
interface Expunges {
  readonly modSeq: number;
  readonly uids: UidSet;
  readonly older: Expunges | null;
}

export interface MailboxTotals {
  readonly exists: number;
  readonly unseen: number;
  readonly deleted: number;
  readonly bytes: number;
  readonly deletedBytes: number;
}

interface Fields extends MailboxTotals {
  readonly id: MailboxId;
  readonly uidValidity: UidValidity;
  readonly isAdopted: boolean;
  /** UIDs below it were given before, to the same messages or to others: only an import may give them, to those that had them. */
  readonly givenBelow: number;
  readonly uidNext: number;
  /** Of the change that made it. */
  readonly createdModSeq: number;
  readonly highestModSeq: number;
  /** By UID; none is empty. */
  readonly chunks: readonly Chunk[];
  readonly expunges: Expunges | null;
}

export class Mailbox {
  private startsMemo: Uint32Array | null = null;

  private constructor(private readonly fields: Fields) {}

  /** `adopted`: it comes from elsewhere with its UIDVALIDITY, under which UIDs were given here before. */
  static created(id: MailboxId, uidValidity: UidValidity, modSeq: number, adopted: { readonly givenBelow: number } | null = null): Mailbox {
    return new Mailbox({ id, uidValidity, isAdopted: adopted !== null, givenBelow: adopted?.givenBelow ?? 1, uidNext: 1, createdModSeq: modSeq, highestModSeq: modSeq, chunks: [], expunges: null, exists: 0, unseen: 0, deleted: 0, bytes: 0, deletedBytes: 0 });
  }

  get id(): MailboxId {
    return this.fields.id;
  }

  get uidValidity(): UidValidity {
    return this.fields.uidValidity;
  }

  /** UIDVALIDITY and UIDs are those of the server that it comes from. */
  get isAdopted(): boolean {
    return this.fields.isAdopted;
  }

  get uidNext(): Uid {
    return asUid(this.fields.uidNext);
  }

  /** The UID of the next message that was never here. */
  get freeUid(): Uid {
    return asUid(Math.max(this.fields.uidNext, this.fields.givenBelow));
  }

  /** Of the last change that added, flagged or expunged here (RFC 7162 §3.1.2.1). */
  get highestModSeq(): ModSeq {
    return asModSeq(this.fields.highestModSeq);
  }

  get exists(): number {
    return this.fields.exists;
  }

  get totals(): MailboxTotals {
    return this.fields;
  }

  get totalsRow(): TotalsRow {
    const { id, exists, unseen, deleted, bytes, deletedBytes, uidNext } = this.fields;
    return [id, exists, unseen, deleted, bytes, deletedBytes, uidNext];
  }

  /** By UID, none empty. Two versions share the chunks in which they do not differ. */
  get chunks(): readonly Chunk[] {
    return this.fields.chunks;
  }

  /** The number of messages with a UID below `uid`. */
  rank(uid: number): number {
    const c = this.chunkOf(uid);
    return c < 0 ? 0 : this.starts()[c]! + this.chunks[c]!.rank(uid);
  }

  /** The message at `index`, 0 the oldest; undefined outside. */
  at(index: number): Row | undefined {
    const c = this.chunkAt(index);
    return this.chunks[c]?.row(index - this.starts()[c]!);
  }

  uidAt(index: number): Uid | undefined {
    const c = this.chunkAt(index);
    return this.chunks[c]?.uidAt(index - this.starts()[c]!);
  }

  get(uid: number): Row | undefined {
    const chunk = this.chunks[this.chunkOf(uid)];
    const i = chunk?.rank(uid) ?? 0;
    return chunk && i < chunk.length && chunk.uidAt(i) === uid ? chunk.row(i) : undefined;
  }

  has(uid: number): boolean {
    const chunk = this.chunks[this.chunkOf(uid)];
    const i = chunk?.rank(uid) ?? 0;
    return chunk !== undefined && i < chunk.length && chunk.uidAt(i) === uid;
  }

  /** Those of `uids` that are here, as rows, ascending. */
  *among(uids: UidSet): Generator<Row> {
    for (const [chunk, at] of this.locate(uids)) for (const i of at) yield chunk.row(i);
  }

  /** Those of `uids` that are here. */
  present(uids: UidSet): UidSet {
    const found: Uid[] = [];
    for (const [chunk, at] of this.locate(uids)) for (const i of at) found.push(chunk.uidAt(i));
    return UidSet.ofAscending(found);
  }

  /** Every message for which `test` holds. */
  select(test: (chunk: Chunk, i: number) => boolean): UidSet {
    const found: Uid[] = [];
    for (const chunk of this.chunks) for (let i = 0; i < chunk.length; i += 1) if (test(chunk, i)) found.push(chunk.uidAt(i));
    return UidSet.ofAscending(found);
  }

  /** Every UID here. */
  uids(): UidSet {
    return this.select(() => true);
  }

  /**
   * UIDs expunged by changes above `modSeq`. Below the change that made the mailbox it was another server's, which may have expunged
   * any that is not here: more may be told, never fewer (RFC 7162 §5.1).
   */
  vanishedSince(modSeq: number): UidSet {
    if (modSeq < this.fields.createdModSeq) return this.missing();
    const ranges: (readonly [Uid, Uid])[] = [];
    for (let e = this.fields.expunges; e !== null && e.modSeq > modSeq; e = e.older) for (const range of e.uids.ranges()) ranges.push(range);
    return UidSet.ofRanges(ranges);
  }

  /** Every UID below the next one that is not here. */
  private missing(): UidSet {
    const gaps: [number, number][] = [];
    let next = 1;
    for (const [first, last] of this.uids().ranges()) {
      if (first > next) gaps.push([next, first - 1]);
      next = last + 1;
    }
    if (next < this.uidNext) gaps.push([next, this.uidNext - 1]);
    return UidSet.ofRanges(gaps);
  }

  /** The first change above `since` that expunged some of `uids`; null if none did. */
  firstExpunge(uids: UidSet, since: number): ModSeq | null {
    if (uids.isEmpty) return null;
    let first: ModSeq | null = null;
    // One by one: each was a message once, so this is linear in what was expunged, where intersections would be quadratic.
    for (let e = this.fields.expunges; e !== null && e.modSeq > since; e = e.older) {
      for (const uid of e.uids) {
        if (!uids.has(uid)) continue;
        first = asModSeq(e.modSeq);
        break;
      }
    }
    return first;
  }

  withAdded(messages: readonly NewMessage[], modSeq: number, timeMs: number): Mailbox {
    const chunks = this.chunks.slice();
    let { uidNext, exists, unseen, deleted, bytes, deletedBytes } = this.fields;
    for (const { uid, flags, sizeBytes } of messages) {
      if (uid < uidNext || uid > limits.uidMax) throw new Damaged(`UID ${uid} is given after ${uidNext - 1}`);
      uidNext = uid + 1;
      exists += 1;
      bytes += sizeBytes;
      if (!flags.includes(SEEN)) unseen += 1;
      if (flags.includes(DELETED)) {
        deleted += 1;
        deletedBytes += sizeBytes;
      }
    }
    for (let next = 0; next < messages.length; ) {
      const open = chunks.at(-1);
      const target = open && open.length < CHUNK_SIZE ? chunks.pop()! : Chunk.empty(messages[next]!.uid);
      const part = messages.slice(next, next + CHUNK_SIZE - target.length);
      chunks.push(target.withAdded(part, modSeq, timeMs));
      next += part.length;
    }
    return this.with({ chunks, highestModSeq: modSeq, uidNext, exists, unseen, deleted, bytes, deletedBytes });
  }

  /** Leaves out the UIDs up to `uidNext`. */
  withUidNext(uidNext: number): Mailbox {
    if (uidNext <= this.uidNext || uidNext > limits.uidMax) throw new Damaged(`UIDs up to ${uidNext} are skipped after ${this.uidNext - 1}`);
    return this.with({ uidNext });
  }

  withFlag(flag: FlagNumber, set: boolean, uids: UidSet, modSeq: number): Mailbox {
    const chunks = this.chunks.slice();
    let { unseen, deleted, deletedBytes } = this.fields;
    let missing = uids.size;
    for (const [chunk, at, c] of this.locate(uids)) {
      missing -= at.length;
      const changed = at.filter((i) => chunk.hasFlag(i, flag) !== set);
      if (changed.length !== at.length) throw new Damaged(`flag ${flag} is changed to what it was`);
      if (flag === SEEN) unseen += set ? -at.length : at.length;
      if (flag === DELETED) {
        deleted += set ? at.length : -at.length;
        for (const i of at) deletedBytes += set ? chunk.sizeAt(i) : -chunk.sizeAt(i);
      }
      chunks[c] = chunk.withFlag(at, flag, set, modSeq);
    }
    if (missing > 0) throw new Damaged(`flag ${flag} is changed on ${missing} messages that are not there`);
    return this.with({ chunks, highestModSeq: modSeq, unseen, deleted, deletedBytes });
  }

  withExpunged(uids: UidSet, modSeq: number): Mailbox {
    const chunks: (Chunk | null)[] = this.chunks.slice();
    let { unseen, deleted, bytes, deletedBytes } = this.fields;
    let expunged = 0;
    for (const [chunk, at, c] of this.locate(uids)) {
      for (const i of at) {
        bytes -= chunk.sizeAt(i);
        if (!chunk.isSeen(i)) unseen -= 1;
        if (!chunk.isDeleted(i)) continue;
        deleted -= 1;
        deletedBytes -= chunk.sizeAt(i);
      }
      expunged += at.length;
      chunks[c] = at.length === chunk.length ? null : chunk.without(at);
    }
    if (expunged !== uids.size) throw new Damaged(`${uids.size - expunged} messages are expunged that are not there`);
    return this.with({
      chunks: chunks.filter((chunk) => chunk !== null),
      expunges: { modSeq, uids, older: this.fields.expunges },
      highestModSeq: modSeq,
      exists: this.exists - expunged,
      unseen,
      deleted,
      bytes,
      deletedBytes,
    });
  }

  private with(changed: Partial<Fields>): Mailbox {
    return new Mailbox({ ...this.fields, ...changed });
  }

  /** Each chunk that holds some of `uids`, where in it they are, and which chunk it is. */
  private *locate(uids: UidSet): Generator<readonly [Chunk, readonly number[], number]> {
    let c = -1;
    let at: number[] = [];
    for (const [first, last] of uids.ranges()) {
      for (let k = Math.max(this.chunkOf(first), 0); k < this.chunks.length && this.chunks[k]!.firstUid <= last; k += 1) {
        if (k !== c) {
          if (at.length > 0) yield [this.chunks[c]!, at, c];
          [c, at] = [k, []];
        }
        const end = this.chunks[k]!.rank(last + 1);
        for (let i = this.chunks[k]!.rank(first); i < end; i += 1) at.push(i);
      }
    }
    if (at.length > 0) yield [this.chunks[c]!, at, c];
  }

  /** The last chunk that starts at or before `uid`; -1 if all start later. */
  private chunkOf(uid: number): number {
    return lowerBound(this.chunks.length, (c) => this.chunks[c]!.firstUid <= uid) - 1;
  }

  private chunkAt(index: number): number {
    if (index < 0 || index >= this.exists) return -1;
    const starts = this.starts();
    return lowerBound(starts.length, (c) => starts[c]! <= index) - 1;
  }

  /** How many messages come before each chunk. */
  private starts(): Uint32Array {
    if (this.startsMemo) return this.startsMemo;
    const starts = new Uint32Array(this.chunks.length);
    let before = 0;
    for (const [c, chunk] of this.chunks.entries()) {
      starts[c] = before;
      before += chunk.length;
    }
    return (this.startsMemo = starts);
  }
}

// What one session has been told of its mailbox. A view is a version and ghosts: messages that are gone from the version, but whose
// EXPUNGE the client has not been told, so that they keep their numbers. Numbers change only in sync('all').
import { asSeqNum, type ModSeq, type SeqNum, type Uid } from '../runtime/numbers';
import type { Chunk, Row } from './chunk';
import type { Mailbox } from './mailbox';
import { UidSet } from './uid-set';
import { lowerBound } from '../runtime/lower-bound';

/** What must be told, in this order: `gone`, `exists`, `changed`. */
export interface ViewChanges {
  /** Each with the number that it has when the ones before it are gone already (RFC 3501 §7.4.1). */
  readonly gone: readonly { readonly number: SeqNum; readonly uid: Uid }[];
  /** The new count if messages came; null otherwise: EXPUNGEs tell the rest. */
  readonly exists: number | null;
  /** Known messages whose row is another now, ascending, with the number after `gone`; made one by one, as they are taken. */
  readonly changed: Iterable<{ readonly number: SeqNum; readonly before: Row; readonly row: Row }>;
  /** If this sync held an expunge back: the lowest that is held back now. No HIGHESTMODSEQ may be told above it (RFC 7162 §3.2.10). */
  readonly heldBack: ModSeq | null;
}

export class View {
  /** By UID, as they were last seen. */
  private ghosts: readonly Row[] = [];
  /** The index of each ghost among all messages that the client knows. */
  private ghostIndexes: readonly number[] = [];
  /** The change that expunged the first of them to go. */
  private firstGone: ModSeq | null = null;

  constructor(private shown: Mailbox) {}

  /** The version behind the view. It may lack what the client still counts, never have more. */
  get mailbox(): Mailbox {
    return this.shown;
  }

  get exists(): number {
    return this.shown.exists + this.ghosts.length;
  }

  get hasGhosts(): boolean {
    return this.ghosts.length > 0;
  }

  /** The lowest expunge that is held back; null if none is. */
  get heldBack(): ModSeq | null {
    return this.firstGone;
  }

  /** The message with this number, as the client may see it; undefined if it has none such. */
  at(number: number): { readonly row: Row; readonly isGhost: boolean } | undefined {
    const index = number - 1;
    const g = this.ghostFrom(index);
    if (this.ghostIndexes[g] === index) return { row: this.ghosts[g]!, isGhost: true };
    const row = this.shown.at(index - g);
    return row && { row, isGhost: false };
  }

  uidAt(number: number): Uid | undefined {
    const index = number - 1;
    const g = this.ghostFrom(index);
    return this.ghostIndexes[g] === index ? this.ghosts[g]!.uid : this.shown.uidAt(index - g);
  }

  /** The number of a message that the client knows; null for others. */
  numberOf(uid: number): SeqNum | null {
    const g = this.ghostsBelow(uid);
    if (this.ghosts[g]?.uid !== uid && !this.shown.has(uid)) return null;
    return asSeqNum(this.shown.rank(uid) + g + 1);
  }

  /** The UIDs of the messages with these numbers; those outside 1 to `exists` are left out. */
  uidsOf(ranges: Iterable<readonly [number, number]>): UidSet {
    const uids: Uid[] = [];
    for (const [first, last] of ranges) {
      for (let number = Math.max(first, 1); number <= Math.min(last, this.exists); number += 1) uids.push(this.uidAt(number)!);
    }
    return UidSet.of(uids);
  }

  /** Every UID that the client knows, ghosts included. */
  uids(): UidSet {
    return this.shown.uids().union(this.ghostUids());
  }

  ghostUids(): UidSet {
    return UidSet.ofAscending(this.ghosts.map(({ uid }) => uid));
  }

  /** Takes the newest version and tells everything; no ghost is left. */
  syncAll(newest: Mailbox): ViewChanges {
    const old = this.shown;
    const removed: number[] = this.ghosts.map(({ uid }) => uid);
    for (const [chunk, i] of removedBetween(old, newest)) removed.push(chunk.uidAt(i));
    const gone = [...UidSet.of(removed)].map((uid, told) => ({ number: asSeqNum(this.numberOf(uid)! - told), uid }));
    this.move(newest, []);
    this.firstGone = null;
    return { gone, exists: this.existsAfter(old), changed: changedBetween(old, newest, []), heldBack: null };
  }

  /** Takes the newest version but tells no expunge: what is gone stays as a ghost, numbered and counted. */
  syncHold(newest: Mailbox): ViewChanges {
    const old = this.shown;
    const removed: Row[] = [];
    for (const [chunk, i] of removedBetween(old, newest)) removed.push(chunk.row(i));
    const firstGone = newest.firstExpunge(UidSet.ofAscending(removed.map(({ uid }) => uid)), old.highestModSeq);
    if (firstGone !== null) {
      this.firstGone ??= firstGone;
      this.move(newest, [...this.ghosts, ...removed].sort((a, b) => a.uid - b.uid));
    } else {
      this.move(newest, this.ghosts);
    }
    const heldBack = firstGone === null ? null : this.firstGone;
    return { gone: [], exists: this.existsAfter(old), changed: changedBetween(old, newest, this.ghosts), heldBack };
  }

  /** The count, if `old` did not have all of it. */
  private existsAfter(old: Mailbox): number | null {
    return this.shown.rank(old.uidNext) < this.shown.exists ? this.exists : null;
  }

  private move(newest: Mailbox, ghosts: readonly Row[]): void {
    this.shown = newest;
    this.ghosts = ghosts;
    this.ghostIndexes = ghosts.map(({ uid }, g) => newest.rank(uid) + g);
  }

  /** The first ghost at or behind this index among all messages. */
  private ghostFrom(index: number): number {
    return lowerBound(this.ghostIndexes.length, (g) => this.ghostIndexes[g]! < index);
  }

  private ghostsBelow(uid: number): number {
    return lowerBound(this.ghosts.length, (g) => this.ghosts[g]!.uid < uid);
  }
}

/** The chunks that two versions do not share, each with what became of it; null: nothing of it is left. */
function* differing(old: Mailbox, newest: Mailbox): Generator<readonly [before: Chunk, after: Chunk | null]> {
  if (old === newest) return;
  let n = 0;
  for (const before of old.chunks) {
    while (n < newest.chunks.length && newest.chunks[n]!.firstUid < before.firstUid) n += 1;
    const after = newest.chunks[n];
    if (after !== before) yield [before, after?.firstUid === before.firstUid ? after : null];
  }
}

/** Each message of the old version: where it is there, and where in what became of its chunk; -1: it is gone. */
function* places(before: Chunk, after: Chunk | null): Generator<readonly [b: number, a: number]> {
  const length = after?.length ?? 0;
  let a = 0;
  for (let b = 0; b < before.length; b += 1) {
    const uid = before.uidAt(b);
    while (a < length && after!.uidAt(a) < uid) a += 1;
    yield [b, a < length && after!.uidAt(a) === uid ? a : -1];
  }
}

/** The messages of the old version that the new one lacks, ascending: their chunk, and where in it. */
function* removedBetween(old: Mailbox, newest: Mailbox): Generator<readonly [Chunk, number]> {
  for (const [before, after] of differing(old, newest)) {
    for (const [b, a] of places(before, after)) if (a === -1) yield [before, b];
  }
}

/** The messages that both versions have, but not alike. Both are immutable, so it may be iterated at any time. */
function changedBetween(old: Mailbox, newest: Mailbox, ghosts: readonly Row[]): ViewChanges['changed'] {
  return {
    *[Symbol.iterator]() {
      let below = 0;
      for (const [before, after] of differing(old, newest)) {
        if (!after) continue;
        for (const [b, a] of places(before, after)) {
          if (a === -1 || after.modSeqAt(a) === before.modSeqAt(b)) continue;
          const row = after.row(a);
          while (below < ghosts.length && ghosts[below]!.uid < row.uid) below += 1;
          yield { number: asSeqNum(newest.rank(row.uid) + below + 1), before: before.row(b), row };
        }
      }
    },
  };
}

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
  /** Known messages whose row is another now, with the number after `gone`. */
  readonly changed: readonly { readonly number: SeqNum; readonly before: Row; readonly row: Row }[];
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
    const { removed, changed, hasNew } = compare(this.shown, newest);
    const goneUids = UidSet.of([...removed, ...this.ghosts].map(({ uid }) => uid));
    const gone = [...goneUids].map((uid, told) => ({ number: asSeqNum(this.numberOf(uid)! - told), uid }));
    this.move(newest, []);
    this.firstGone = null;
    return { gone, exists: hasNew ? this.exists : null, changed: this.numbered(changed), heldBack: null };
  }

  /** Takes the newest version but tells no expunge: what is gone stays as a ghost, numbered and counted. */
  syncHold(newest: Mailbox): ViewChanges {
    const since = this.shown.highestModSeq;
    const { removed, changed, hasNew } = compare(this.shown, newest);
    const firstGone = newest.firstExpunge(UidSet.ofAscending(removed.map(({ uid }) => uid)), since);
    if (firstGone !== null) {
      this.firstGone ??= firstGone;
      this.move(newest, [...this.ghosts, ...removed].sort((a, b) => a.uid - b.uid));
    } else {
      this.move(newest, this.ghosts);
    }
    return {
      gone: [],
      exists: hasNew ? this.exists : null,
      changed: this.numbered(changed),
      heldBack: firstGone === null ? null : this.firstGone,
    };
  }

  private move(newest: Mailbox, ghosts: readonly Row[]): void {
    this.shown = newest;
    this.ghosts = ghosts;
    this.ghostIndexes = ghosts.map(({ uid }, g) => newest.rank(uid) + g);
  }

  private numbered(changed: readonly (readonly [Row, Row])[]): ViewChanges['changed'] {
    return changed.map(([before, row]) => ({ number: this.numberOf(row.uid)!, before, row }));
  }

  /** The first ghost at or behind this index among all messages. */
  private ghostFrom(index: number): number {
    return lowerBound(this.ghostIndexes.length, (g) => this.ghostIndexes[g]! < index);
  }

  private ghostsBelow(uid: number): number {
    return lowerBound(this.ghosts.length, (g) => this.ghosts[g]!.uid < uid);
  }
}

interface Difference {
  /** Rows of the old version that the new one lacks, ascending. */
  readonly removed: readonly Row[];
  /** Old and new row where they differ, ascending. */
  readonly changed: readonly (readonly [Row, Row])[];
  readonly hasNew: boolean;
}

/** Skips the chunks that both versions share. */
function compare(old: Mailbox, newest: Mailbox): Difference {
  const removed: Row[] = [];
  const changed: (readonly [Row, Row])[] = [];
  if (old === newest) return { removed, changed, hasNew: false };
  let n = 0;
  for (const before of old.chunks) {
    while (n < newest.chunks.length && newest.chunks[n]!.firstUid < before.firstUid) n += 1;
    const after = newest.chunks[n];
    if (after === before) continue;
    compareChunks(before, after?.firstUid === before.firstUid ? after : null, removed, changed);
  }
  const lastKnown = old.uidNext - 1;
  return { removed, changed, hasNew: newest.rank(lastKnown + 1) < newest.exists };
}

function compareChunks(before: Chunk, after: Chunk | null, removed: Row[], changed: (readonly [Row, Row])[]): void {
  const length = after?.length ?? 0;
  let a = 0;
  for (let b = 0; b < before.length; b += 1) {
    const uid = before.uidAt(b);
    while (a < length && after!.uidAt(a) < uid) a += 1;
    if (!after || a === length || after.uidAt(a) !== uid) removed.push(before.row(b));
    else if (after.modSeqAt(a) !== before.modSeqAt(b)) changed.push([before.row(b), after.row(a)]);
  }
}

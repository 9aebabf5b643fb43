// Reading on from a position: docs/log-protocol.md, "Readers".
import { createHash } from 'node:crypto';
import { BlobMissing, readWhole, type BlobStore } from '../store/blob-store';
import { blobKey } from '../store/blob-key';
import type { LogStore, StoredEntry } from '../store/log-store';
import { giveWay } from '../runtime/give-way';
import { Damaged } from '../runtime/errors';
import { limits } from '../runtime/limits';
import { decodeEntry, sameBytes, type Entry } from './entry';
import type { InTime } from '../runtime/in-time';
import { raised, type Machine, type Version } from './machine';
import { decodePointer, type Pointer } from './pointer';

/** Entries that are decoded at one go, some ms: all that this process serves waits for it. */
const DECODED_AT_ONCE = 256;

/** An entry with its changes read, wherever they were. */
export interface ReadEntry extends Entry {
  readonly position: number;
  readonly changeBytes: Uint8Array;
}

/** What one consistent read brought. 'trimmed': the position asked for is below the floor, so the tail proves nothing (R2). */
export type TailRead =
  | { readonly kind: 'tail'; readonly entries: readonly ReadEntry[]; readonly pointer: Pointer }
  | { readonly kind: 'trimmed'; readonly pointer: Pointer }
  | { readonly kind: 'absent' };

export interface TailSource {
  readonly log: LogStore;
  readonly blobs: BlobStore;
  readonly logId: string;
}

/**
 * Reads everything above `after`, and the floor with it. Throws Damaged for a gap that stays (R3); whatever the stores or `inTime`
 * throw passes through.
 */
export async function readTail(source: TailSource, after: number, inTime: InTime): Promise<TailRead> {
  let missing: number | null = null;
  for (let reads = 1; ; reads += 1) {
    const tail = await inTime(source.log.readTail(source.logId, after));
    if (tail.pointer === null) return { kind: 'absent' };
    const pointer = decodePointer(tail.pointer.bytes);
    if (after < pointer.floor) return { kind: 'trimmed', pointer };
    const gap = tail.entries.findIndex((entry, i) => entry.position !== after + 1 + i);
    if (gap === -1) {
      const entries: ReadEntry[] = [];
      for (const stored of tail.entries) {
        entries.push(await readEntry(source, stored, inTime));
        if (entries.length % DECODED_AT_ONCE === 0) await giveWay();
      }
      return { kind: 'tail', entries, pointer };
    }
    // While others write, each read may miss another entry; one that a later read misses again is not there.
    const position = after + 1 + gap;
    if (position !== missing) reads = 1;
    if (reads === limits.gapReads) throw new Damaged(`log ${source.logId} has no entry ${position}, but later ones`);
    missing = position;
  }
}

/** An entry as it is stored, with its changes. Throws Damaged; whatever the stores or `inTime` throw passes through. */
export async function readEntry(source: TailSource, { position, bytes }: StoredEntry, inTime: InTime): Promise<ReadEntry> {
  const entry = decodeEntry(bytes);
  if (entry.changes instanceof Uint8Array) return { ...entry, position, changeBytes: entry.changes };
  const key = blobKey(source.logId, entry.changes.blobId);
  const reading = readWhole(source.blobs, key).catch((error: unknown) => {
    throw error instanceof BlobMissing ? new Damaged(`the changes of entry ${position} of log ${source.logId} are missing`, { cause: error }) : error;
  });
  const changeBytes = await inTime(reading);
  if (!sameBytes(createHash('sha256').update(changeBytes).digest(), entry.changes.digest)) {
    throw new Damaged(`the changes of entry ${position} of log ${source.logId} are not those that were written`);
  }
  return { ...entry, position, changeBytes };
}

/** The version after `entry`, which must be the next one. Throws Damaged where the entry contradicts itself or the fold. */
export function applyEntry<State, Change>(machine: Machine<State, Change>, version: Version<State>, entry: ReadEntry): Version<State> {
  if (entry.position !== version.position + 1) throw new Damaged(`entry ${entry.position} does not follow ${version.position}`);
  if (entry.firstModSeq < version.nextModSeq) throw new Damaged(`entry ${entry.position} goes back to mod-sequence ${entry.firstModSeq}`);
  const changes = machine.decode(entry.changeBytes);
  if (changes.length !== entry.changeCount) throw new Damaged(`entry ${entry.position} has ${changes.length} changes, not ${entry.changeCount}`);
  let state = version.state;
  for (const [k, change] of changes.entries()) {
    state = machine.apply(state, change, { modSeq: entry.firstModSeq + k, timeMs: entry.timeMs });
  }
  const totals = machine.totals(state, changes);
  if (JSON.stringify(totals) !== JSON.stringify(entry.totals)) {
    throw new Damaged(`entry ${entry.position} says totals ${JSON.stringify(entry.totals)}, the fold ${JSON.stringify(totals)}`);
  }
  return raised(machine, { position: entry.position, token: entry.token, nextModSeq: entry.firstModSeq + changes.length, state });
}

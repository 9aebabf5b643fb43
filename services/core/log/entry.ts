// One position of a log, as it is stored: docs/log-protocol.md, "Entry".
import { Damaged, Unavailable } from '../runtime/errors';
import { decodeStored, encodeStored, isBytes, isCount } from './stored';

/** The newest entry format that this code reads and the one that it writes. */
const FORMAT = 1;
/** The oldest reader that understands what this code writes. */
const MIN_READER = 1;

/** Where the changes of a large entry are. */
export interface Spill {
  readonly blobId: Uint8Array;
  readonly digest: Uint8Array;
}

/** What a mailbox holds after an entry: [mailbox, exists, unseen, deleted, bytes, deletedBytes, uidNext]. */
export type TotalsRow = readonly [number, number, number, number, number, number, number];

export interface Entry {
  /** 16 random bytes: new for each decision, kept for each re-send (W3). */
  readonly token: Uint8Array;
  /** The writer's wall clock. */
  readonly timeMs: number;
  readonly firstModSeq: number;
  /** 0: a fence. */
  readonly changeCount: number;
  /** The encoded changes, or where they are. */
  readonly changes: Uint8Array | Spill;
  /** One row for each mailbox that the changes name and that is still there. */
  readonly totals: readonly TotalsRow[];
}

export function encodeEntry(entry: Entry): Uint8Array {
  const { changes } = entry;
  const body = changes instanceof Uint8Array ? changes : [changes.blobId, changes.digest];
  return encodeStored([FORMAT, MIN_READER, entry.token, entry.timeMs, entry.firstModSeq, entry.changeCount, body, entry.totals]);
}

/** Throws Damaged on bytes that are no entry, Unavailable on an entry that only a newer release understands. */
export function decodeEntry(bytes: Uint8Array): Entry {
  const [format, minReader, token, timeMs, firstModSeq, changeCount, body, totals] = decodeStored(bytes, 'an entry');
  if (!isCount(format) || !isCount(minReader)) throw new Damaged('an entry has no format');
  if (minReader > FORMAT) throw new Unavailable(`the log was written by a newer release (needs reader ${minReader}): update this node`);
  if (!isBytes(token, 16)) throw new Damaged('an entry has no token');
  if (!isCount(timeMs) || !isCount(firstModSeq) || !isCount(changeCount)) throw new Damaged('an entry has a bad number');
  if (!Array.isArray(totals) || !totals.every(isTotalsRow)) throw new Damaged('an entry has bad totals');
  return { token, timeMs, firstModSeq, changeCount, changes: changesOf(body), totals };
}

function changesOf(body: unknown): Uint8Array | Spill {
  if (body instanceof Uint8Array) return body;
  if (!Array.isArray(body)) throw new Damaged('an entry has no changes');
  const [blobId, digest] = body as unknown[];
  if (!isBytes(blobId, 16) || !isBytes(digest, 32)) throw new Damaged('an entry does not say where its changes are');
  return { blobId, digest };
}

function isTotalsRow(row: unknown): row is TotalsRow {
  return Array.isArray(row) && row.length === 7 && row.every(isCount);
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

// The log's one mutable item: docs/log-protocol.md, "Pointer". It sorts above every entry, so each tail read brings it last.
import { Damaged, Unavailable } from '../runtime/errors';
import { decodeStored, encodeStored, isBytes, isCount } from './stored';

/** The newest pointer format that this code reads and the one that it writes. */
const FORMAT = 1;

export interface Pointer {
  /** Entries up to here may be deleted at any moment. Never above `checkpoint.position`. */
  readonly floor: number;
  /** The newest checkpoint; null: the log is whole from position 1. */
  readonly checkpoint: { readonly position: number; readonly rootBlobId: Uint8Array } | null;
}

/** The pointer of a new log. */
export const firstPointer: Pointer = { floor: 0, checkpoint: null };

export function encodePointer(pointer: Pointer): Uint8Array {
  const { floor, checkpoint } = pointer;
  return encodeStored([FORMAT, floor, checkpoint === null ? null : [checkpoint.position, checkpoint.rootBlobId]]);
}

/** Throws Damaged on bytes that are no pointer, Unavailable on one that only a newer release understands. */
export function decodePointer(bytes: Uint8Array): Pointer {
  const [format, floor, checkpoint] = decodeStored(bytes, 'the pointer');
  if (!isCount(format)) throw new Damaged('the pointer has no format');
  if (format > FORMAT) throw new Unavailable(`the pointer was written by a newer release (format ${format}): update this node`);
  if (format !== FORMAT || !isCount(floor)) throw new Damaged('the pointer cannot be read');
  if (checkpoint === null) {
    if (floor !== 0) throw new Damaged(`the pointer has floor ${floor}, but no checkpoint`);
    return { floor, checkpoint };
  }
  if (!Array.isArray(checkpoint)) throw new Damaged('the pointer names no checkpoint');
  const [position, rootBlobId] = checkpoint as unknown[];
  if (!isCount(position) || !isBytes(rootBlobId, 16)) throw new Damaged('the pointer names no checkpoint');
  if (floor > position) throw new Damaged(`the pointer has floor ${floor} above its checkpoint ${position}`);
  return { floor, checkpoint: { position, rootBlobId } };
}

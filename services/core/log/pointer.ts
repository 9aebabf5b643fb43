// The log's one mutable item: docs/log-protocol.md, "Pointer". It sorts above every entry, so each tail read brings it last.
import { decode, encode } from '@msgpack/msgpack';
import { Damaged } from '../runtime/errors';

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
  return encode([1, floor, checkpoint === null ? null : [checkpoint.position, checkpoint.rootBlobId]]);
}

/** Throws Damaged on bytes that are no pointer. */
export function decodePointer(bytes: Uint8Array): Pointer {
  const fields: unknown = decode(bytes);
  if (!Array.isArray(fields) || fields[0] !== 1 || typeof fields[1] !== 'number') throw new Damaged('the pointer cannot be read');
  const [, floor, checkpoint] = fields as [number, number, unknown];
  if (checkpoint === null) return { floor, checkpoint };
  if (!Array.isArray(checkpoint) || typeof checkpoint[0] !== 'number' || !(checkpoint[1] instanceof Uint8Array)) {
    throw new Damaged('the pointer names no checkpoint');
  }
  return { floor, checkpoint: { position: checkpoint[0], rootBlobId: checkpoint[1] } };
}

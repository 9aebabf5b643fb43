// Reading what a log holds: MessagePack whose shape nobody vouches for.
import { decode } from '@msgpack/msgpack';
import { Damaged } from '../runtime/errors';

/** The fields of a stored list; `what` names it in errors. Throws Damaged if it is none. */
export function decodeStored(bytes: Uint8Array, what: string): readonly unknown[] {
  let fields: unknown;
  try {
    // A list has no more items than bytes: damaged lengths must not become allocations.
    fields = decode(bytes, { maxArrayLength: bytes.length });
  } catch (cause) {
    throw new Damaged(`${what} is not MessagePack`, { cause });
  }
  if (!Array.isArray(fields)) throw new Damaged(`${what} is not a list`);
  return fields;
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

export function isBytes(value: unknown, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}

// What a log holds, as bytes: a CRC-32 and a MessagePack list, so that no flipped bit is ever taken for a fact.
import { crc32 } from 'node:zlib';
import { decode, encode } from '@msgpack/msgpack';
import { Damaged } from '../runtime/errors';

const CRC_BYTES = 4;

export function encodeStored(fields: readonly unknown[]): Uint8Array {
  const list = encode(fields);
  const bytes = Buffer.allocUnsafe(CRC_BYTES + list.length);
  bytes.writeUInt32BE(crc32(list));
  bytes.set(list, CRC_BYTES);
  return bytes;
}

/** The fields of a stored list; `what` names it in errors. Throws Damaged if it is none, or not as it was written. */
export function decodeStored(bytes: Uint8Array, what: string): readonly unknown[] {
  const list = bytes.subarray(CRC_BYTES);
  if (bytes.length < CRC_BYTES || Buffer.from(bytes.buffer, bytes.byteOffset, CRC_BYTES).readUInt32BE() !== crc32(list)) {
    throw new Damaged(`${what} is not as it was written`);
  }
  let fields: unknown;
  try {
    // A list has no more items than bytes: damaged lengths must not become allocations.
    fields = decode(list, { maxArrayLength: list.length });
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

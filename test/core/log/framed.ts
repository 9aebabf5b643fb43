import { crc32 } from 'node:zlib';
import { encode } from '@msgpack/msgpack';

/** Any bytes with the checksum that makes them readable. */
export function framedBytes(bytes: Uint8Array): Uint8Array {
  const framed = Buffer.alloc(4 + bytes.length);
  framed.writeUInt32BE(crc32(bytes));
  framed.set(bytes, 4);
  return framed;
}

/** Any value as a writer with other ideas would store it. */
export function framed(value: unknown): Uint8Array {
  return framedBytes(encode(value));
}

import { crc32 } from 'node:zlib';
import { encode } from '@msgpack/msgpack';

/** Any bytes with the checksum that makes them readable. */
export function framedBytes(bytes: Uint8Array): Uint8Array {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(bytes));
  return Buffer.concat([checksum, bytes]);
}

/** Any value as a writer with other ideas would store it. */
export function framed(value: unknown): Uint8Array {
  return framedBytes(encode(value));
}

// What the log keeps of a message, so that listing a mailbox needs no body: structure, envelope, common fields, preview.
// Layout: one format octet, CRC-32 of the rest, then MessagePack deflated with a fixed dictionary. Within SUMMARY_BYTES_MAX, always.
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { decode, encode } from '@msgpack/msgpack';
import { Damaged } from '../runtime/errors';
import type { Envelope } from './envelope';
import type { MimePart } from './mime-part';
import { packEnvelope, packPart, readList, readString, unpackEnvelope, unpackPart } from './summary-layout';
import { collapsed, shortened } from './summary-limits';
import { SUMMARY_DICTIONARY } from './summary-dictionary';

export interface Summary {
  readonly structure: MimePart;
  readonly envelope: Envelope;
  /** See common-fields.ts; null: they have to be read from the body. */
  readonly commonFields: Uint8Array | null;
  /** See preview.ts; empty if there is no text. */
  readonly preview: string;
}

const FORMAT = 1;
const PREFIX_BYTES = 5;

/** Before deflating. Ordinary mail needs 1 to 2 KiB, 2,000 parts some 150 KiB. */
export const SUMMARY_BYTES_MAX = 256 * 1024;

// Most summaries inflate to less than this. The usual 16 KiB, allocated anew each time, cost as much as all the inflating.
const INFLATED_CHUNK_BYTES = 4 * 1024;

// A level of MIME is two arrays deep in MessagePack, a message three.
const PACKED_DEPTH_MAX = 512;

function pack({ structure, envelope, commonFields, preview }: Summary): Uint8Array {
  return encode([packPart(structure, 0), packEnvelope(envelope), commonFields, preview], { maxDepth: PACKED_DEPTH_MAX });
}

/**
 * What is given up of hostile mail, in this order, until it fits: the common fields; long strings and long address lists; the
 * structure, of which one opaque part remains.
 */
const FALLBACKS: readonly ((summary: Summary) => Summary)[] = [
  (summary) => summary,
  (summary) => ({ ...summary, commonFields: null }),
  (summary) => shortened({ ...summary, commonFields: null }),
  (summary) => collapsed({ ...summary, commonFields: null }),
];

function packWithinLimit(summary: Summary): Uint8Array {
  for (const fallback of FALLBACKS) {
    const packed = pack(fallback(summary));
    if (packed.length <= SUMMARY_BYTES_MAX) return packed;
  }
  throw new Error('a collapsed summary is above its limit');
}

/** Encodes what a scanner found. Some 300 to 1,000 octets for ordinary mail. */
export function encodeSummary(scanned: Summary): Uint8Array {
  const deflated = deflateRawSync(packWithinLimit(scanned), { dictionary: SUMMARY_DICTIONARY, level: 9 });
  const bytes = Buffer.alloc(PREFIX_BYTES + deflated.length);
  bytes[0] = FORMAT;
  bytes.writeUInt32BE(crc32(deflated), 1);
  bytes.set(deflated, PREFIX_BYTES);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Inverse of encodeSummary(), but for what hostile mail lost there. Throws Damaged if the octets are not what was encoded. */
export function decodeSummary(bytes: Uint8Array): Summary {
  const stored = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (stored.length <= PREFIX_BYTES || stored[0] !== FORMAT) throw new Damaged(`a summary of unknown format ${stored[0]}`);
  const deflated = stored.subarray(PREFIX_BYTES);
  if (crc32(deflated) !== stored.readUInt32BE(1)) throw new Damaged('a summary whose checksum is wrong');
  const [part, envelope, commonFields, preview] = readList(unpack(deflated));
  if (commonFields !== null && !(commonFields instanceof Uint8Array)) throw new Damaged('a summary without its common fields');
  return {
    structure: unpackPart(part, 0),
    envelope: unpackEnvelope(envelope),
    // A copy, so that what is cached does not hold all that was inflated.
    commonFields: commonFields === null ? null : new Uint8Array(commonFields),
    preview: readString(preview),
  };
}

function unpack(deflated: Uint8Array): unknown {
  try {
    return decode(inflateRawSync(deflated, { dictionary: SUMMARY_DICTIONARY, maxOutputLength: SUMMARY_BYTES_MAX, chunkSize: INFLATED_CHUNK_BYTES }));
  } catch (error) {
    // zlib and MessagePack throw errors of many classes; behind a right checksum all of them mean the same.
    throw new Damaged('a summary that cannot be unpacked', { cause: error });
  }
}

// The head of a checkpoint's root: by it a writer learns the fate of an entry that lies below the floor (docs/log-protocol.md, 2.5).
import { Damaged, Unavailable } from '../runtime/errors';
import { readWhole } from '../store/blob-store';
import { blobKey } from '../store/blob-key';
import type { Pointer } from './pointer';
import { decodeStored, encodeStored, isBytes, isCount } from './stored';
import type { TailSource } from './tail';

/** The newest root format that this code reads. */
const FORMAT = 1;

export interface RootHead {
  /** Of the checkpoint: the state after this entry. */
  readonly position: number;
  /** Of the entries of the checkpoint's last day, ascending. */
  readonly tokens: readonly (readonly [position: number, token: Uint8Array])[];
}

/** What more a root holds comes behind these fields. */
export function encodeRootHead({ position, tokens }: RootHead): Uint8Array {
  return encodeStored([FORMAT, FORMAT, position, tokens]);
}

/** Throws Damaged on bytes that are no root, Unavailable on one that only a newer release understands. */
export function decodeRootHead(bytes: Uint8Array): RootHead {
  const [format, minReader, position, tokens] = decodeStored(bytes, 'a root');
  if (!isCount(format) || !isCount(minReader)) throw new Damaged('a root has no format');
  if (minReader > FORMAT) throw new Unavailable(`the checkpoint was written by a newer release (needs reader ${minReader}): update this node`);
  if (!isCount(position) || !Array.isArray(tokens) || !tokens.every(isTokenRow)) throw new Damaged('a root has no tokens');
  return { position, tokens };
}

/** The root that the pointer names; null if it names none. Throws what the store or decodeRootHead throws. */
export async function readRootHead({ blobs, logId }: TailSource, { checkpoint }: Pointer): Promise<RootHead | null> {
  return checkpoint && decodeRootHead(await readWhole(blobs, blobKey(logId, checkpoint.rootBlobId)));
}

function isTokenRow(row: unknown): row is [number, Uint8Array] {
  return Array.isArray(row) && row.length === 2 && isCount(row[0]) && isBytes(row[1], 16);
}

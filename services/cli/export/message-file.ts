// One message as a file: its octets as they are stored, compared with their digest on the way; under its name only when all is durable.
import { createHash } from 'node:crypto';
import { rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Row } from '../../core/account/chunk';
import type { MessageBodies } from '../../core/account/message-bodies';
import { sameBytes } from '../../core/log/entry';
import { Damaged } from '../../core/runtime/errors';
import { BlobMissing } from '../../core/store/blob-store';
import { setFileTime } from '../maildir/file-time';
import { ownName } from '../maildir/own-files';
import { withFile } from './export-folder';

const LF = 0x0a;
const CR = 0x0d;

export interface Written {
  /** The part of the file's name that stays. */
  readonly name: string;
  /** The file's time is the message's. */
  readonly tellsTime: boolean;
}

/** Why a message was left out. */
export interface LeftOut {
  readonly why: string;
}

/** Writes the message into `folder`, a Maildir. A body that is gone, or not what was stored, leaves nothing. Throws Unavailable, and what the file system throws. */
export async function writeMessage(bodies: MessageBodies, folder: string, uidValidity: number, row: Row, letters: string): Promise<Written | LeftOut> {
  const { uid, sizeBytes, internalDateMs } = row;
  const unfinished = join(folder, 'tmp', `${uid}`);
  try {
    const { vsizeBytes, tellsTime } = await withFile(unfinished, async (handle) => {
      const copied = await copyBody(bodies, row, handle);
      const tells = await setFileTime(handle, internalDateMs);
      await handle.sync();
      return { vsizeBytes: copied, tellsTime: tells };
    });
    const name = ownName(uidValidity, uid, sizeBytes, vsizeBytes);
    await rename(unfinished, join(folder, 'cur', `${name}:2,${letters}`));
    return { name, tellsTime };
  } catch (error) {
    await rm(unfinished, { force: true });
    if (error instanceof BlobMissing) return { why: 'its body is gone' };
    if (error instanceof Damaged) return { why: error.message };
    throw error;
  }
}

/** Answers the size with CRLF at the end of every line. Throws Damaged. */
async function copyBody(bodies: MessageBodies, { blobId, sizeBytes, digest }: Row, handle: FileHandle): Promise<number> {
  const hash = createHash('sha256');
  let bareLfs = 0;
  let last = 0;
  for await (const piece of bodies.read(blobId, { startByte: 0, endByte: sizeBytes })) {
    hash.update(piece);
    for (let at = piece.indexOf(LF); at !== -1; at = piece.indexOf(LF, at + 1)) if ((at === 0 ? last : piece[at - 1]) !== CR) bareLfs += 1;
    last = piece.at(-1) ?? last;
    await handle.writeFile(piece); // Writes on where the last piece ended.
  }
  if (!sameBytes(hash.digest(), digest)) throw new Damaged('its body is not what was stored');
  return sizeBytes + bareLfs;
}

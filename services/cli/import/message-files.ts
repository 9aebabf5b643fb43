// A source in which each message is a file of its own.
import { createReadStream, type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileTimeMs } from '../maildir/file-time';
import { isSystemError, reasonOf } from '../../core/runtime/error-facts';
import { sourceProblem, type Former, type MessageFacts, type Report, type Source, type SourceMessage } from './source';
import { inWireForm } from './wire-form';

const CHUNK_BYTES = 256 * 1024;

/** A message's file, found but not opened. */
export interface MessageFile {
  readonly path: string;
  readonly mailbox: string;
  /** Path below what was named, as far as it stays when a mail program moves or flags the message. */
  readonly identity: string;
  /** Its octets are the message's, whatever its line ends are. */
  readonly isExact?: boolean;
  /** What it had where it comes from; null: none, or nobody knows. */
  readonly uid?: number | null;
  readonly pop3Uidl?: string | null;
  readonly describe: (head: Buffer) => Promise<MessageFacts>;
}

/** The files in their order. `top`: what was named. */
export function sourceOfFiles(top: string, mailboxes: readonly string[], files: readonly MessageFile[], former?: Former): Source {
  return {
    ...(former ? { former } : {}),
    total: files.length,
    unit: 'messages',
    mailboxes: [...new Set(mailboxes)],
    async *messages() {
      for (const file of files) yield messageOf(file, top);
    },
  };
}

function messageOf({ path, mailbox, identity, isExact, uid = null, pop3Uidl = null, describe }: MessageFile, top: string): SourceMessage {
  const place = relative(top, path) || path;
  return { mailbox, place, identity, uid, pop3Uidl, body: inWireForm(octetsOf(path), isExact), describe: (head) => orProblem(describe(head)), weight: 1 };
}

async function* octetsOf(path: string): AsyncIterable<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw sourceProblem(error);
  }
}

async function orProblem<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw sourceProblem(error);
  }
}

/** A mailbox below `root`, or at the top if that is null; INBOX is INBOX however it is written. */
export function mailboxBelow(root: string | null, name: string): string {
  return root === null ? name.replace(/^inbox(?=\/|$)/i, 'INBOX') : `${root}/${name}`;
}

export async function sortedEntries(path: string): Promise<Dirent[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What `look` finds in a folder below the top; null if it cannot be read, which is reported: the others may be. */
export async function unlessUnreadable<T>(folder: string, report: Report, look: () => Promise<T>): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    report(folder, reasonOf(error));
    return null;
  }
}

/** When the file was last written. */
export async function modifiedMs(path: string): Promise<number> {
  return fileTimeMs(await stat(path));
}

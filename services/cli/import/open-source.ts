// Finds out what kind of source a path is.
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { UsageError } from '../../options';
import { isEml, openEml, openEmlFolder } from './eml-folder';
import { isMaildir, openMaildir } from './maildir';
import { openMbox } from './mbox';
import type { Report, Source } from './source';
import { isSystemError, reasonOf } from '../../core/runtime/error-facts';

/** `mailbox`: where its top goes; null: INBOX. Throws UsageError if there is nothing to import, or it cannot be read. */
export async function openSource(path: string, mailbox: string | null, report: Report): Promise<Source> {
  try {
    return await openAny(path, mailbox, report);
  } catch (error) {
    throw isSystemError(error) ? new UsageError(`cannot read ${path}: ${reasonOf(error)}`, { cause: error }) : error;
  }
}

async function openAny(path: string, mailbox: string | null, report: Report): Promise<Source> {
  const info = await stat(path);
  if (info.isDirectory()) return (await isMaildir(path)) ? openMaildir(path, mailbox, report) : openEmlFolder(path, mailbox, report);
  if (!info.isFile()) throw new UsageError(`${path} is neither a file nor a folder`);
  const start = await startOf(path);
  if (start.startsWith('From ') || info.size === 0) return openMbox(path, mailbox ?? 'INBOX');
  if (isEml(basename(path)) || /^[!-9;-~]+:/.test(start)) return openEml(path, mailbox ?? 'INBOX');
  throw new UsageError(`${path} is no mbox (it does not start with 'From '), no Maildir, and no message`);
}

const START_BYTES = 1024;

async function startOf(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

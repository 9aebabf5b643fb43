// One mailbox as a Maildir folder, in the order of its UIDs.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Row } from '../../core/account/chunk';
import { flagName } from '../../core/account/flag';
import type { Mailbox } from '../../core/account/mailbox';
import type { MessageBodies } from '../../core/account/message-bodies';
import { lettersOfFlags } from '../maildir/flag-letters';
import { KEYWORDS, keywordsFile } from '../maildir/keywords-file';
import { extrasLine, FACTS } from '../maildir/own-files';
import { UIDLIST, uidlistHead, uidlistLine } from '../maildir/uidlist';
import { InFlight } from '../import/in-flight';
import { writeDurably } from './export-folder';
import { uniqueIdOf } from '../../core/account/unique-id';
import { syncFolder } from '../../core/runtime/sync-folder';
import { keywordsOf, type FolderKeywords } from './folder-keywords';
import { GrowingFile } from './growing-file';
import { writeMessage, type LeftOut, type Written } from './message-file';

/** Messages written side by side: disks sync many at once. */
const AT_ONCE = 16;

export interface FolderPlan {
  readonly mailbox: Mailbox;
  /** The account that it belongs to. */
  readonly accountId: string;
  /** The account's keywords. */
  readonly dictionary: readonly string[];
  readonly path: string;
  /** POP3 shows this one. */
  readonly isInbox: boolean;
}

export interface FolderReport {
  /** `null`: written. */
  onMessage(row: Row, leftOut: LeftOut | null): void;
  onKeywordsWithoutLetter(count: number): void;
}

/** `path` is a Maildir without messages. Throws Unavailable, and what the file system throws. */
export async function exportFolder(plan: FolderPlan, bodies: MessageBodies, report: FolderReport): Promise<void> {
  const { mailbox, path, dictionary } = plan;
  const keywords = keywordsOf(mailbox, dictionary);
  if (keywords.rest.size > 0) report.onKeywordsWithoutLetter(keywords.rest.size);
  if (keywords.lettered.length > 0) await writeDurably(join(path, KEYWORDS), keywordsFile(keywords.lettered));
  const [list, facts] = [new GrowingFile(join(path, UIDLIST)), new GrowingFile(join(path, FACTS))];
  try {
    list.add(uidlistHead({ uidValidity: mailbox.uidValidity, uidNext: mailbox.uidNext, guid: guidOf(plan) }));
    const inFlight = new InFlight(AT_ONCE);
    for (const row of rowsOf(mailbox)) {
      await inFlight.room();
      await list.write();
      await facts.write();
      const flags = row.flags.map((flag) => flagName(flag, dictionary));
      const writing = writeMessage(bodies, path, mailbox.uidValidity, row, lettersOfFlags(flags, keywords.lettered));
      inFlight.add(writing, async (written) => {
        if ('why' in written) return report.onMessage(row, written);
        list.add(uidlistLine(row.uid, plan.isInbox ? uniqueIdOf(row, mailbox.uidValidity) : null, written.name));
        facts.add(extrasOf(row, flags, keywords, written));
        report.onMessage(row, null);
      });
    }
    await inFlight.end();
    await list.end();
    await facts.end();
  } finally {
    await list.close();
    await facts.close();
  }
  for (const folder of [join(path, 'cur'), path]) await syncFolder(folder);
}

function* rowsOf({ chunks }: Mailbox): Generator<Row> {
  for (const chunk of chunks) for (let i = 0; i < chunk.length; i += 1) yield chunk.row(i);
}

/** A line where the file's name and time do not tell everything, else nothing. */
function extrasOf({ internalDateMs }: Row, flags: readonly string[], { rest }: FolderKeywords, { name, tellsTime }: Written): string {
  const keywords = flags.filter((flag) => rest.has(flag));
  if (tellsTime && keywords.length === 0) return '';
  return extrasLine(name, { ...(tellsTime ? {} : { internalDateMs }), ...(keywords.length > 0 ? { keywords } : {}) });
}

/** The same in each export, and in no other mailbox. */
function guidOf({ accountId, mailbox }: FolderPlan): string {
  return createHash('sha256').update(`${accountId}\0${mailbox.id}`).digest('hex').slice(0, 32);
}

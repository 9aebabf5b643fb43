// A Maildir, with the Maildir++ folders in it, as a source of messages.
import { join, relative } from 'node:path';
import type { FormerMailbox } from '../../core/account/decide/adopt';
import { Refusal } from '../../core/runtime/errors';
import { limits } from '../../core/runtime/limits';
import { asUidValidity } from '../../core/runtime/numbers';
import { mailboxName, subscribedNames } from '../maildir/folder-names';
import { MARK, readMark } from '../maildir/own-files';
import { kindOf, sideFileLines } from '../maildir/side-file';
import { UIDLIST } from '../maildir/uidlist';
import { readFolder, type MaildirFolder } from './maildir-folder';
import { mailboxBelow, sortedEntries, sourceOfFiles, unlessUnreadable } from './message-files';
import type { Former, Report, Source } from './source';

const SUBSCRIPTIONS = 'subscriptions';

export async function isMaildir(path: string): Promise<boolean> {
  return (await kindOf(join(path, 'cur'))) === 'folder' && (await kindOf(join(path, 'new'))) === 'folder';
}

/**
 * `root`: the mailbox of its own messages, above those of its folders; null: INBOX, with its folders beside it. Refuses an export that
 * was cut off.
 */
export async function openMaildir(path: string, root: string | null, report: Report): Promise<Source> {
  const mark = await unlessUnreadable(join(path, MARK), report, () => readMark(join(path, MARK)));
  if (mark && !mark.complete) throw new Refusal(null, `the export in ${path} was not finished (${MARK} says so): export again`);
  const folders = [await readFolder(path, root ?? 'INBOX', path, report)];
  for (const entry of await sortedEntries(path)) {
    if (!/^\.[^.]/.test(entry.name)) continue;
    const folder = join(path, entry.name);
    if (entry.isSymbolicLink()) report(folder, 'a symbolic link, which is not followed');
    if (!entry.isDirectory()) continue;
    const mailbox = mailboxBelow(root, mark?.names.get(entry.name) ?? mailboxName(entry.name));
    const found = await unlessUnreadable(folder, report, async () => ((await isMaildir(folder)) ? readFolder(folder, mailbox, path, report) : null));
    if (found) folders.push(found);
  }
  const subscriptions = await unlessUnreadable(join(path, SUBSCRIPTIONS), report, () => subscribed(join(path, SUBSCRIPTIONS), root, report));
  const mailboxes = folders.map(({ mailbox }) => mailbox);
  return sourceOfFiles(path, mailboxes, folders.flatMap(({ messages }) => messages), { ...uidsOf(folders, path), bareNames: bareNames(mailboxes, root), subscriptions });
}

function uidsOf(folders: readonly MaildirFolder[], top: string): Pick<Former, 'mailboxes' | 'obstacle'> {
  const mailboxes = new Map<string, FormerMailbox>();
  const obstacles: string[] = [];
  for (const { mailbox, folder, messages, uidlist } of folders) {
    const place = join(relative(top, folder), UIDLIST);
    if (uidlist?.broken) obstacles.push(`${place}: ${uidlist.broken}`);
    else if (!uidlist && messages.length > 0) obstacles.push(`there is no ${place}, but there are messages`);
    else if (uidlist && uidlist.uidNext > limits.uidMax) obstacles.push(`${place}: UIDs go beyond ${limits.uidMax}`);
    else if (uidlist && mailboxes.has(mailbox)) obstacles.push(`two folders are ${mailbox}`);
    if (uidlist) mailboxes.set(mailbox, { uidValidity: asUidValidity(uidlist.uidValidity), uidNext: uidlist.uidNext });
  }
  return { mailboxes, obstacle: obstacles[0] ?? null };
}

/** Parents that have no folder of their own. What was asked for by `root` is made as CREATE would. */
function bareNames(mailboxes: readonly string[], root: string | null): Set<string> {
  const own = new Set(mailboxes);
  const bare = new Set<string>();
  for (const mailbox of mailboxes) {
    for (let end = mailbox.lastIndexOf('/'); end > (root?.length ?? 0); end = mailbox.lastIndexOf('/', end - 1)) {
      const name = mailbox.slice(0, end);
      if (!own.has(name)) bare.add(name);
    }
  }
  return bare;
}

async function subscribed(file: string, root: string | null, report: Report): Promise<string[] | null> {
  if ((await kindOf(file)) !== 'file') return null;
  const names = new Set<string>();
  for await (const name of subscribedNames(sideFileLines(file))) {
    if (names.size >= limits.subscriptions) {
      report(file, `more than ${limits.subscriptions} subscriptions`);
      break;
    }
    if (name === null) report(file, 'a line that is too long');
    else names.add(root !== null && name.toUpperCase() === 'INBOX' ? root : mailboxBelow(root, name));
  }
  return [...names];
}

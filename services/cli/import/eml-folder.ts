// A tree of folders with .eml files, or with Maildirs, as a source of messages.
import { basename, join, relative } from 'node:path';
import { headerFacts } from './header-facts';
import { isMaildir } from './maildir';
import { readFolder } from './maildir-folder';
import { mailboxBelow, modifiedMs, sortedEntries, sourceOfFiles, unlessUnreadable, type MessageFile } from './message-files';
import type { MessageFacts, Report, Source } from './source';

export function isEml(name: string): boolean {
  return /\.eml$/i.test(name);
}

/** `root`: the mailbox of what lies at the top, above those of the folders below; null: INBOX, with them beside it. */
export async function openEmlFolder(top: string, root: string | null, report: Report): Promise<Source> {
  const mailboxes: string[] = [];
  const files: (MessageFile | readonly MessageFile[])[] = [];
  const waiting: string[] = [];
  const look = async (folder: string): Promise<void> => {
    const name = relative(top, folder);
    const mailbox = name === '' ? (root ?? 'INBOX') : mailboxBelow(root, name.normalize('NFC'));
    if (await isMaildir(folder)) {
      files.push((await readFolder(folder, mailbox, top, report)).messages);
    } else {
      const folders: string[] = [];
      for (const entry of await sortedEntries(folder)) {
        const path = join(folder, entry.name);
        if (entry.isSymbolicLink()) report(path, 'a symbolic link, which is not followed');
        else if (entry.isDirectory()) folders.push(path);
        else if (entry.isFile() && isEml(entry.name)) files.push(emlFile(path, mailbox, relative(top, path)));
      }
      for (const path of folders.toReversed()) waiting.push(path);
    }
    mailboxes.push(mailbox);
  };
  await look(top);
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const next = folder;
    await unlessUnreadable(next, report, () => look(next));
  }
  return sourceOfFiles(top, mailboxes, files.flat());
}

/** One file with one message. */
export function openEml(path: string, mailbox: string): Source {
  return sourceOfFiles(path, [mailbox], [emlFile(path, mailbox, basename(path))]);
}

/** Dates as the header gives them; the file's own only where it gives none: copying a file changes it. */
function emlFile(path: string, mailbox: string, identity: string): MessageFile {
  const describe = async (head: Buffer): Promise<MessageFacts> => {
    const facts = headerFacts(head, null);
    return { flags: facts.flags, internalDateMs: facts.internalDateMs ?? (await modifiedMs(path)), isMessage: true };
  };
  return { path, mailbox, identity, describe };
}

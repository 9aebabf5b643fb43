// One folder of a Maildir: its messages in the order in which they came, and what lies beside them.
import { join, relative } from 'node:path';
import { flagsOfLetters } from '../maildir/flag-letters';
import { KEYWORDS, readKeywords } from '../maildir/keywords-file';
import { FACTS, isOwnName, readExtras, type MessageExtras } from '../maildir/own-files';
import { baseName, readUidlist, UIDLIST, type Listed, type Uidlist } from '../maildir/uidlist';
import { modifiedMs, sortedEntries, unlessUnreadable, type MessageFile } from './message-files';
import type { MessageFacts, Report } from './source';

export interface MaildirFolder {
  readonly mailbox: string;
  readonly folder: string;
  readonly messages: readonly MessageFile[];
  readonly uidlist: Uidlist | null;
}

interface Found {
  readonly path: string;
  /** The part of the file's name that stays. */
  readonly base: string;
  readonly letters: string;
}

/** `top`: what was named. What is in `tmp` is not delivered yet. Rejects with the file system's error. */
export async function readFolder(folder: string, mailbox: string, top: string, report: Report): Promise<MaildirFolder> {
  const found = await findMessages(folder, report);
  const names = new Set(found.map(({ base }) => base));
  const beside = async <T>(file: string, read: (path: string) => Promise<T>): Promise<T | null> => unlessUnreadable(join(folder, file), report, () => read(join(folder, file)));
  const keywords = (await beside(KEYWORDS, readKeywords)) ?? new Map<string, string>();
  const extras = await beside(FACTS, (path) => readExtras(path, names));
  const uidlist = await beside(UIDLIST, (path) => readUidlist(path, names));
  if (uidlist?.broken) report(join(folder, UIDLIST), `${uidlist.broken}: what is behind it was not read`);
  const listed = (base: string): Listed | undefined => uidlist?.messages.get(base);
  const uidOf = ({ base }: Found): number => listed(base)?.uid ?? Infinity;
  found.sort((a, b) => compare(uidOf(a), uidOf(b)) || compare(deliveryTime(a.base), deliveryTime(b.base)) || compare(a.base, b.base));
  const messages = found.map(({ path, base, letters }): MessageFile => {
    const extra = extras?.get(base);
    return {
      path,
      mailbox,
      identity: join(relative(top, folder), base),
      isExact: isOwnName(base),
      uid: listed(base)?.uid ?? null,
      // Other folders have none that POP3 ever showed.
      pop3Uidl: mailbox === 'INBOX' ? (listed(base)?.pop3Uidl ?? null) : null,
      describe: () => factsOf(path, flagsOfLetters(letters, keywords), extra),
    };
  });
  return { mailbox, folder, messages, uidlist };
}

async function factsOf(path: string, flags: readonly string[], extra: MessageExtras | undefined): Promise<MessageFacts> {
  const internalDateMs = extra?.internalDateMs ?? (await modifiedMs(path));
  return { flags: [...new Set([...flags, ...(extra?.keywords ?? [])])], internalDateMs, isMessage: true };
}

async function findMessages(folder: string, report: Report): Promise<Found[]> {
  const found: Found[] = [];
  for (const part of ['new', 'cur']) {
    for (const entry of await sortedEntries(join(folder, part))) {
      const path = join(folder, part, entry.name);
      const base = baseName(entry.name);
      if (!entry.isFile()) report(path, 'not a file');
      else if (!entry.name.startsWith('.')) found.push({ path, base, letters: entry.name.slice(base.length + 3) });
    }
  }
  return found;
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Names start with it. */
function deliveryTime(name: string): number {
  return Number.parseInt(name, 10) || 0;
}

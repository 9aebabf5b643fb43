// A Maildir, with the Maildir++ folders in it, as a source of messages.
import { readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { decode } from 'iconv-lite';
import { isKeyword } from './header-facts';
import { mailboxBelow, modifiedMs, sortedEntries, sourceOfFiles, unlessUnreadable, type MessageFile } from './message-files';
import type { Report, Source } from './source';
import { codeOf } from '../../core/runtime/error-facts';

export async function isMaildir(path: string): Promise<boolean> {
  return (await isFolder(join(path, 'cur'))) && (await isFolder(join(path, 'new')));
}

/** `root`: the mailbox of its own messages, above those of its folders; null: INBOX, with its folders beside it. */
export async function openMaildir(path: string, root: string | null, report: Report): Promise<Source> {
  const mailboxes = [root ?? 'INBOX'];
  const files = [await maildirFiles(path, mailboxes[0]!, path, report)];
  for (const entry of await sortedEntries(path)) {
    if (!/^\.[^.]/.test(entry.name)) continue;
    const folder = join(path, entry.name);
    if (entry.isSymbolicLink()) report(folder, 'a symbolic link, which is not followed');
    if (!entry.isDirectory()) continue;
    const mailbox = mailboxBelow(root, folderName(entry.name));
    const found = await unlessUnreadable(folder, report, async () => ((await isMaildir(folder)) ? maildirFiles(folder, mailbox, path, report) : null));
    if (found === null) continue;
    mailboxes.push(mailbox);
    files.push(found);
  }
  return sourceOfFiles(path, mailboxes, files.flat());
}

/** The messages of one Maildir, oldest first: names start with the time of delivery. What is in `tmp` is not delivered yet. */
export async function maildirFiles(folder: string, mailbox: string, top: string, report: Report): Promise<MessageFile[]> {
  const keywords = await dovecotKeywords(folder);
  const found: { readonly name: string; readonly path: string }[] = [];
  for (const part of ['new', 'cur']) {
    for (const entry of await sortedEntries(join(folder, part))) {
      const path = join(folder, part, entry.name);
      if (!entry.isFile()) report(path, 'not a file');
      else if (!entry.name.startsWith('.')) found.push({ name: entry.name, path });
    }
  }
  found.sort((a, b) => deliveryTime(a.name) - deliveryTime(b.name) || (a.name < b.name ? -1 : 1));
  return found.map(({ name, path }) => {
    const [unique = '', letters = ''] = name.split(/[:;!]2,/);
    const flags = flagsOf(letters, keywords);
    const describe = async () => ({ flags, internalDateMs: await modifiedMs(path), isMessage: true });
    return { path, mailbox, identity: join(relative(top, folder), unique), describe };
  });
}

function deliveryTime(name: string): number {
  return Number.parseInt(name, 10) || 0;
}

const LETTERS: Readonly<Record<string, string>> = { S: '\\Seen', R: '\\Answered', F: '\\Flagged', T: '\\Deleted', D: '\\Draft', P: '$Forwarded' };

function flagsOf(letters: string, keywords: ReadonlyMap<string, string>): string[] {
  const flags = letters.split('').map((letter) => LETTERS[letter] ?? keywords.get(letter));
  return [...new Set(flags.filter((flag) => flag !== undefined))];
}

/** Which keyword Dovecot means by the letters `a`, `b` …: lines such as `0 $Forwarded`. */
async function dovecotKeywords(folder: string): Promise<Map<string, string>> {
  const keywords = new Map<string, string>();
  const path = join(folder, 'dovecot-keywords');
  const text = (await typeOf(path)) === 'file' ? await readFile(path, 'utf8') : '';
  for (const line of text.split('\n')) {
    const [, index, word] = /^(\d{1,2}) (\S+)$/.exec(line) ?? [];
    if (word !== undefined && isKeyword(word)) keywords.set(String.fromCharCode('a'.charCodeAt(0) + Number(index)), word);
  }
  return keywords;
}

/** `.Lists.Node` → `Lists/Node`; names are in modified UTF-7 (RFC 3501 §5.1.3), or newer in UTF-8. */
function folderName(folder: string): string {
  const isAscii = /^\p{ASCII}*$/u.test(folder);
  const parts = folder.slice(1).split('.');
  return parts.map((part) => (isAscii ? decode(Buffer.from(part, 'latin1'), 'utf-7-imap') : part).normalize('NFC')).join('/');
}

async function isFolder(path: string): Promise<boolean> {
  return (await typeOf(path)) === 'folder';
}

async function typeOf(path: string): Promise<'file' | 'folder' | 'none'> {
  try {
    const info = await stat(path);
    return info.isDirectory() ? 'folder' : info.isFile() ? 'file' : 'none';
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return 'none';
    throw error;
  }
}

// Names of mailboxes as Maildir++ directories and in Dovecot's `subscriptions`: modified UTF-7 (RFC 3501 §5.1.3), `.` between the parts.
// What a part cannot have as it is stands as `\` and two hex digits, as Dovecot's listescape plugin writes it.
import { decode, encode } from 'iconv-lite';

const MODIFIED_UTF7 = 'utf-7-imap';
const ESCAPED: Readonly<Record<string, string>> = { '.': '\\2e', '\\': '\\5c', '~': '\\7e' };
const MEANT: Readonly<Record<string, string>> = { '\\2e': '.', '\\5c': '\\', '\\7e': '~' };

/** The directory of a mailbox, but for INBOX, whose messages are at the top. */
export function directoryName(mailbox: string): string {
  return `.${storedParts(mailbox).join('.')}`;
}

/** `.Lists.N&APY-de` → `Lists/Nöde`; newer servers write UTF-8 as it is. */
export function mailboxName(directory: string): string {
  return directory.slice(1).split('.').map(meantPart).join('/');
}

const HEADER_2 = 'V\t2';

/** The file `subscriptions`, as Dovecot 2.3 writes it. */
export function subscriptionsFile(mailboxes: Iterable<string>): string {
  return [HEADER_2, '', ...Array.from(mailboxes, (mailbox) => storedParts(mailbox).join('\t')), ''].join('\n');
}

/** The names in a file of `subscriptions`, of version 2 or from before there were versions. Null: a line that is too long. */
export async function* subscribedNames(lines: AsyncIterable<string | null>): AsyncGenerator<string | null> {
  let separator = '.';
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (number === 1 && line === HEADER_2) separator = '\t';
    else if (line !== '') yield line === null ? null : line.split(separator).map(meantPart).join('/');
  }
}

function storedParts(mailbox: string): string[] {
  // Only where the whole name starts with it, `~` could be taken for somebody's home.
  return mailbox.split('/').map((part, i) => encode(part, MODIFIED_UTF7).toString('latin1').replace(i === 0 ? /^~|[.\\]/g : /[.\\]/g, (character) => ESCAPED[character]!));
}

function meantPart(stored: string): string {
  const plain = stored.replace(/\\(?:2e|5c|7e)/gi, (escape) => MEANT[escape.toLowerCase()]!);
  const isAscii = /^\p{ASCII}*$/u.test(plain);
  return (isAscii ? decode(Buffer.from(plain, 'latin1'), MODIFIED_UTF7) : plain).normalize('NFC');
}

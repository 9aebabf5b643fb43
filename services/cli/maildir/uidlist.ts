// Dovecot's `dovecot-uidlist`: UIDVALIDITY, UIDNEXT, and of each message its UID and perhaps its POP3 UIDL, by the part of its file
// name that stays. Version 3 is `uid [<letter><value>]… :name` below `3 V<uidvalidity> N<uidnext> …`; version 1 is Courier's.
import { sideFileLines } from './side-file';

export const UIDLIST = 'dovecot-uidlist';

export interface Listed {
  readonly uid: number;
  readonly pop3Uidl: string | null;
}

export interface Uidlist {
  readonly uidValidity: number;
  readonly uidNext: number;
  /** Of those asked for. */
  readonly messages: ReadonlyMap<string, Listed>;
  /** Why nothing behind some line was read; null: all was. */
  readonly broken: string | null;
}

export interface ListHead {
  readonly uidValidity: number;
  readonly uidNext: number;
  /** 32 hex digits: the folder's own, for Dovecot. */
  readonly guid: string;
}

export function uidlistHead({ uidValidity, uidNext, guid }: ListHead): string {
  return `3 V${uidValidity} N${uidNext} G${guid}\n`;
}

export function uidlistLine(uid: number, pop3Uidl: string | null, name: string): string {
  return `${uid} ${pop3Uidl === null ? '' : `P${pop3Uidl} `}:${name}\n`;
}

const UINT32_MAX = 2 ** 32 - 1;

/** What the file of `folder` says of the messages with these names; null if there is none. A first line that makes no sense has UIDVALIDITY 0. */
export async function readUidlist(path: string, names: ReadonlySet<string>): Promise<Uidlist | null> {
  let head: Head | null = null;
  let lastUid = 0;
  let number = 0;
  const messages = new Map<string, Listed>();
  const end = (broken: string | null): Uidlist => {
    const { uidValidity, uidNext } = head ?? { uidValidity: 0, uidNext: 0 };
    return { uidValidity, uidNext: Math.max(uidNext, lastUid + 1), messages, broken };
  };
  for await (const line of sideFileLines(path)) {
    number += 1;
    if (line === null) return end(`line ${number} is too long`);
    if (!head) {
      head = headOf(line);
      if (!head) return end('its first line is no head of version 1 or 3');
      continue;
    }
    const entry = entryOf(line, head.version);
    if (!entry) return end(`line ${number} makes no sense`);
    if (entry.uid <= lastUid) return end(`line ${number}: UID ${entry.uid} comes after ${lastUid}`);
    lastUid = entry.uid;
    // A file that is listed twice has the later UID: that is how Dovecot gives a message another.
    if (names.has(entry.name)) messages.set(entry.name, entry);
  }
  return number === 0 ? null : end(null);
}

interface Head {
  readonly version: 1 | 3;
  readonly uidValidity: number;
  readonly uidNext: number;
}

function headOf(line: string): Head | null {
  const [version, ...fields] = line.split(' ');
  const value = (key: string): string | undefined => fields.find((field) => field.startsWith(key))?.slice(1);
  if (version === '3') return checkedHead(3, value('V'), value('N'));
  return version === '1' ? checkedHead(1, fields[0], fields[1]) : null;
}

function checkedHead(version: 1 | 3, validity: string | undefined, next: string | undefined): Head | null {
  const [uidValidity, uidNext] = [numberOf(validity), numberOf(next)];
  return uidValidity === null || uidNext === null ? null : { version, uidValidity, uidNext };
}

function entryOf(line: string, version: 1 | 3): (Listed & { readonly name: string }) | null {
  const [, digits, rest] = /^(\d+) +(.*)$/.exec(line) ?? [];
  const uid = numberOf(digits);
  if (uid === null || rest === undefined) return null;
  let [from, pop3Uidl] = [0, null as string | null];
  if (version === 3) {
    // A field may hold a colon; the name starts at the first word that begins with one.
    for (; from < rest.length && rest[from] !== ':'; ) {
      const space = rest.indexOf(' ', from);
      if (space === -1) return null;
      if (rest[from] === 'P') pop3Uidl = rest.slice(from + 1, space);
      from = space + 1;
    }
    from += 1;
  }
  const name = baseName(rest.slice(from));
  return name === '' || name.includes('/') ? null : { uid, pop3Uidl, name };
}

/** 1 to 2^32 − 1. */
function numberOf(digits: string | undefined): number | null {
  const number = digits !== undefined && /^\d{1,10}$/.test(digits) ? Number(digits) : 0;
  return number >= 1 && number <= UINT32_MAX ? number : null;
}

/** The part of a message's file name that stays when its flags change. */
export function baseName(file: string): string {
  return file.split(/[:;!]2,/, 1)[0]!;
}

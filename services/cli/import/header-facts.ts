// What mail programs that keep mail in files write into headers: flags, keywords, and notes to themselves.
import { firstValue, parseHeader, type Header } from '../../core/message/header';
import { isKeyword } from '../maildir/keyword';
import { headerDateMs } from './mail-date';
import type { MessageFacts } from './source';

const LETTERS: Readonly<Record<string, string>> = { R: '\\Seen', A: '\\Answered', F: '\\Flagged', D: '\\Deleted', T: '\\Draft' };
/** Bits of X-Mozilla-Status, which Thunderbird keeps; the last is of a message that waits to be compacted away. */
const MOZILLA_BITS: readonly (readonly [number, string])[] = [[0x1, '\\Seen'], [0x2, '\\Answered'], [0x4, '\\Flagged'], [0x8, '\\Deleted']];

/** `dateMs`: what the file says of when the message came, if it says so. */
export function headerFacts(head: Buffer, dateMs: number | null): MessageFacts {
  const header = parseHeader(head);
  return {
    flags: flagsOf(header),
    internalDateMs: dateMs ?? arrivalMs(header),
    // UW-IMAP keeps its state in a first message, which only that has this field.
    isMessage: firstValue(header, 'x-imap') === null,
  };
}

function flagsOf(header: Header): string[] {
  const letters = `${firstValue(header, 'status') ?? ''}${firstValue(header, 'x-status') ?? ''}`;
  const flags = new Set(letters.split('').map((letter) => LETTERS[letter]).filter((flag) => flag !== undefined));
  const mozilla = Number.parseInt(firstValue(header, 'x-mozilla-status') ?? '0', 16) || 0;
  for (const [bit, flag] of MOZILLA_BITS) if ((mozilla & bit) !== 0) flags.add(flag);
  for (const word of (firstValue(header, 'x-keywords') ?? '').split(/\s+/)) if (isKeyword(word)) flags.add(word);
  return [...flags];
}

/** When the last server took it, else when it was written. */
function arrivalMs(header: Header): number | null {
  const received = firstValue(header, 'received');
  const date = firstValue(header, 'date');
  return (received === null ? null : headerDateMs(received)) ?? (date === null ? null : headerDateMs(date));
}

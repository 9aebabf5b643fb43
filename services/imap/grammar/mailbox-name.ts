// mailbox = "INBOX" / astring (RFC 3501 §9): modified UTF-7 on the wire (§5.1.3), NFC inside. Which names an account can hold
// (depth, length, empty parts) is the account's rule, not grammar.
import { decode, encode } from 'iconv-lite';
import { BadCommand, Refusal } from '../../core/runtime/errors';
import { limits } from '../../core/runtime/limits';
import { LIST } from './characters';
import type { Reader } from './reader';

const MODIFIED_UTF7 = 'utf-7-imap';
const SEPARATOR = '/';
// Normalisation is quadratic in a run of combining marks, so names far over the limit stop here. Modified UTF-7 takes at most
// 2.7 times the bytes of UTF-8, and two shifts.
const WIRE_BYTES_MAX = limits.mailboxNameBytes * 4;
/** Control characters and halves of surrogate pairs. */
const FORBIDDEN = /\p{Cc}|\p{Surrogate}/u;

/** Reads a mailbox name. Throws BadCommand, or Refusal(CANNOT) for a name that no mailbox can have. */
export function readMailbox(reader: Reader, what = 'a mailbox name'): string {
  return foldInbox(decodeName(reader.readAstring(what)));
}

/** list-mailbox = 1*list-char / string: a name with wildcards, INBOX not folded. Throws as readMailbox. */
export function readListMailbox(reader: Reader): string {
  const bytes = reader.readAstring('a mailbox pattern', LIST);
  // Each piece between wildcards is modified UTF-7 by itself.
  checkLength(bytes);
  return bytes.toString('latin1').split(/([%*])/).map((piece) => decodeText(piece)).join('');
}

/** The reference of LIST: a name, or part of one, INBOX not folded. Throws as readMailbox. */
export function readReference(reader: Reader): string {
  return decodeName(reader.readAstring('a reference name'));
}

/** INBOX is the same in any case (RFC 3501 §5.1), here as the whole first part of a name only. */
export function foldInbox(name: string): string {
  if (name.slice(0, 5).toUpperCase() !== 'INBOX') return name;
  return name.length === 5 || name[5] === SEPARATOR ? `INBOX${name.slice(5)}` : name;
}

function decodeName(bytes: Buffer): string {
  checkLength(bytes);
  return decodeText(bytes.toString('latin1'));
}

function checkLength(bytes: Buffer): void {
  if (bytes.length > WIRE_BYTES_MAX) throw new Refusal('CANNOT', 'the mailbox name is too long');
}

/**
 * Modified UTF-7 to NFC. What is not exactly what an encoder makes is refused, not mended: names must not have two spellings, and
 * RFC 3501 §5.1.3 forbids encoding what needs none.
 */
function decodeText(wire: string): string {
  if (/[\u0080-\u00ff]/.test(wire)) throw new Refusal('CANNOT', 'mailbox names are sent in modified UTF-7');
  if (FORBIDDEN.test(wire)) throw new BadCommand('a mailbox name must not contain control characters');
  if (!wire.includes('&')) return wire;
  const name = decode(Buffer.from(wire, 'latin1'), MODIFIED_UTF7);
  if (encode(name, MODIFIED_UTF7).toString('latin1') !== wire) throw new Refusal('CANNOT', 'the mailbox name is not modified UTF-7');
  if (FORBIDDEN.test(name)) throw new Refusal('CANNOT', 'the mailbox name contains characters that are not allowed');
  return name.normalize('NFC');
}

// resp-text-code with arguments, for tagged() and untagged(). Codes without arguments are written as they are: `READ-ONLY`, `CLOSED`.
import { setText, type RangeSet } from './sequence-set';

/** A code with one number: UIDNEXT, UIDVALIDITY and UNSEEN (RFC 3501 §7.1), HIGHESTMODSEQ (RFC 7162 §3.1.2.1). */
export function numberCode(name: 'UIDNEXT' | 'UIDVALIDITY' | 'UNSEEN' | 'HIGHESTMODSEQ', value: number): string {
  return `${name} ${value}`;
}

/** `mayMakeKeywords`: adds `\*` (RFC 3501 §7.1). */
export function permanentFlagsCode(flags: readonly string[], mayMakeKeywords: boolean): string {
  return `PERMANENTFLAGS (${(mayMakeKeywords ? [...flags, '\\*'] : flags).join(' ')})`;
}

/** RFC 8474 §4.1, §4.2 */
export function mailboxIdCode(objectId: string): string {
  return `MAILBOXID (${objectId})`;
}

/** RFC 4315 §3; several UIDs after MULTIAPPEND (RFC 3502) */
export function appendUidCode(uidValidity: number, uids: RangeSet): string {
  return `APPENDUID ${uidValidity} ${setText(uids)}`;
}

/** RFC 4315 §3: the n-th UID of `from` became the n-th of `to`. */
export function copyUidCode(uidValidity: number, from: RangeSet, to: RangeSet): string {
  return `COPYUID ${uidValidity} ${setText(from)} ${setText(to)}`;
}

/** RFC 7162 §3.1.3: what a conditional STORE left alone; numbers, or UIDs for UID STORE. */
export function modifiedCode(messages: RangeSet): string {
  return `MODIFIED ${setText(messages)}`;
}

/** RFC 3501 §7.1 */
export function badCharsetCode(charsets: readonly string[]): string {
  return `BADCHARSET (${charsets.join(' ')})`;
}

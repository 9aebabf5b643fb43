// VANISHED (RFC 7162 §3.2.10).
import type { ByteWriter } from '../../core/wire/byte-writer';
import { writeSet, type RangeSet } from './sequence-set';

/** `isEarlier`: in answer to FETCH or SELECT, where no numbers change. Throws RangeError if `uids` is empty. */
export function writeVanished(out: ByteWriter, uids: RangeSet, isEarlier: boolean): void {
  out.ascii(isEarlier ? '* VANISHED (EARLIER) ' : '* VANISHED ');
  writeSet(out, uids);
  out.crlf();
}

// EXISTS, RECENT and EXPUNGE: how many messages there are, and which one is gone.
import type { ByteWriter } from '../../core/wire/byte-writer';

/** RFC 3501 §7.3.1 */
export function writeExists(out: ByteWriter, count: number): void {
  out.ascii('* ').number(count).ascii(' EXISTS\r\n');
}

/** RFC 3501 §7.3.2 */
export function writeRecent(out: ByteWriter, count: number): void {
  out.ascii('* ').number(count).ascii(' RECENT\r\n');
}

/** RFC 3501 §7.4.1: higher numbers go down by one with each. */
export function writeExpunge(out: ByteWriter, number: number): void {
  out.ascii('* ').number(number).ascii(' EXPUNGE\r\n');
}

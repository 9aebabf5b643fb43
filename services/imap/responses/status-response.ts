// STATUS (RFC 3501 §7.2.4).
import type { ByteWriter } from '../../core/wire/byte-writer';
import { writeMailbox } from './mailbox-name';
import { writeList } from './strings';

/** `values`: the items asked for, by their names on the wire; texts are written as they are. */
export function writeStatusResponse(out: ByteWriter, mailbox: string, values: Iterable<readonly [name: string, value: number | string]>): void {
  out.ascii('* STATUS ');
  writeMailbox(out, mailbox);
  out.ascii(' ');
  writeList(out, values, ([name, value]) => out.ascii(`${name} ${value}`));
  out.crlf();
}

// LIST and LSUB (RFC 3501 §7.2.2, §7.2.3).
import type { ByteWriter } from '../../core/wire/byte-writer';
import { writeMailbox } from './mailbox-name';
import { writeFlagList } from './flags';

/** `attributes`: with their backslash. `separator` null: the name is flat. */
export function writeListEntry(
  out: ByteWriter,
  kind: 'LIST' | 'LSUB',
  attributes: readonly string[],
  separator: '/' | null,
  name: string,
): void {
  // mailbox-list = "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE / nil) SP mailbox
  out.ascii(`* ${kind} `);
  writeFlagList(out, attributes);
  out.ascii(separator === null ? ' NIL ' : ` "${separator}" `);
  writeMailbox(out, name);
  out.crlf();
}

// flag-list and the FLAGS response (RFC 3501 §7.2.6). Flags are names: `\Seen`, `$Junk`.
import { systemFlags } from '../../core/account/flag';
import type { ByteWriter } from '../../core/wire/byte-writer';

/** flag-list = "(" [flag *(SP flag)] ")" */
export function writeFlagList(out: ByteWriter, flags: Iterable<string>): void {
  out.ascii('(');
  let isFirst = true;
  for (const flag of flags) {
    if (!isFirst) out.ascii(' ');
    isFirst = false;
    out.ascii(flag);
  }
  out.ascii(')');
}

/** FLAGS of a mailbox: the system flags and the account's keywords. */
export function writeMailboxFlags(out: ByteWriter, keywords: readonly string[]): void {
  out.ascii('* FLAGS ');
  writeFlagList(out, [...systemFlags, ...keywords]);
  out.crlf();
}

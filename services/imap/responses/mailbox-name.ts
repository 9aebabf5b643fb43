// Mailbox names as clients see them: modified UTF-7 (RFC 3501 §5.1.3).
import { encode } from 'iconv-lite';
import type { ByteWriter } from '../../core/wire/byte-writer';
import { writeAstring } from './strings';

/** mailbox = "INBOX" / astring */
export function writeMailbox(out: ByteWriter, name: string): void {
  writeAstring(out, encode(name, 'utf-7-imap').toString('latin1'));
}

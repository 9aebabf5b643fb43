// ENVELOPE (RFC 3501 §7.4.2): values are byte strings, raw as in the message.
import type { Address } from '../../core/message/address';
import type { Envelope } from '../../core/message/envelope';
import type { ByteWriter } from '../../core/wire/byte-writer';
import { writeNString } from './strings';

/** envelope = "(" env-date SP env-subject SP env-from SP env-sender SP … SP env-message-id ")" */
export function writeEnvelope(out: ByteWriter, envelope: Envelope): void {
  out.ascii('(');
  writeNString(out, envelope.date);
  out.ascii(' ');
  writeNString(out, envelope.subject);
  const { from, sender, replyTo, to, cc, bcc } = envelope;
  for (const addresses of [from, sender, replyTo, to, cc, bcc]) {
    out.ascii(' ');
    writeAddresses(out, addresses);
  }
  out.ascii(' ');
  writeNString(out, envelope.inReplyTo);
  out.ascii(' ');
  writeNString(out, envelope.messageId);
  out.ascii(')');
}

/** env-from = "(" 1*address ")" / nil: no spaces between addresses. */
function writeAddresses(out: ByteWriter, addresses: readonly Address[]): void {
  if (addresses.length === 0) {
    out.ascii('NIL');
    return;
  }
  out.ascii('(');
  for (const { name, route, mailbox, host } of addresses) {
    // address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"
    out.ascii('(');
    writeNString(out, name);
    out.ascii(' ');
    writeNString(out, route);
    out.ascii(' ');
    writeNString(out, mailbox);
    out.ascii(' ');
    writeNString(out, host);
    out.ascii(')');
  }
  out.ascii(')');
}

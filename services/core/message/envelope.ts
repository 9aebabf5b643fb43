// ENVELOPE (RFC 3501 §7.4.2): values stay raw, unfolded, encoded words untouched. Byte strings (see mime-part.ts).
import { parseAddresses, type Address } from './address';
import { fieldValue, firstValue, type Header } from './header';
import { ADDRESSES_MAX } from './mime-limits';

export interface Envelope {
  /** Null: no such field. Of several fields the first counts. */
  readonly date: string | null;
  readonly subject: string | null;
  /** An empty list is NIL. */
  readonly from: readonly Address[];
  readonly sender: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly inReplyTo: string | null;
  readonly messageId: string | null;
}

/** Of a message that could not be looked into. */
export const EMPTY_ENVELOPE: Envelope = {
  date: null, subject: null, from: [], sender: [], replyTo: [], to: [], cc: [], bcc: [], inReplyTo: null, messageId: null,
};

/** The addresses of all fields of this name, ADDRESSES_MAX of them at most: a doubled To loses nobody. */
function addressesOf(header: Header, key: string): readonly Address[] {
  const addresses: Address[] = [];
  for (const field of header.fields) {
    if (field.key !== key || addresses.length >= ADDRESSES_MAX) continue;
    for (const address of parseAddresses(fieldValue(header, field), ADDRESSES_MAX - addresses.length)) addresses.push(address);
  }
  return addresses;
}

/** The envelope of a message with this header. Never throws. */
export function envelopeOf(header: Header): Envelope {
  const from = addressesOf(header, 'from');
  // RFC 3501 §7.4.2: absent or empty, Sender and Reply-To have the value of From.
  const orFrom = (addresses: readonly Address[]): readonly Address[] => (addresses.length > 0 ? addresses : from);
  return {
    date: firstValue(header, 'date'),
    subject: firstValue(header, 'subject'),
    from,
    sender: orFrom(addressesOf(header, 'sender')),
    replyTo: orFrom(addressesOf(header, 'reply-to')),
    to: addressesOf(header, 'to'),
    cc: addressesOf(header, 'cc'),
    bcc: addressesOf(header, 'bcc'),
    inReplyTo: firstValue(header, 'in-reply-to'),
    messageId: firstValue(header, 'message-id'),
  };
}

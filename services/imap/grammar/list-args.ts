// The arguments of LIST and LSUB (RFC 3501 §6.3.8, §6.3.9).
import { foldInbox, readListMailbox, readReference } from './mailbox-name';
import type { Reader } from './reader';

export interface ListArgs {
  /** Where the pattern is meant; also what a request for the separator is answered with. */
  readonly reference: string;
  /**
   * Reference and pattern joined, with `*` and `%`; INBOX is folded if it is written out. Empty: the client asks for the
   * separator only.
   */
  readonly pattern: string;
}

/** list = "LIST" SP mailbox SP list-mailbox. Reads what follows the name. */
export function readListArgs(reader: Reader): ListArgs {
  reader.readSpace('a reference name');
  const reference = readReference(reader);
  reader.readSpace('a mailbox pattern');
  const pattern = readListMailbox(reader);
  return { reference, pattern: pattern === '' ? '' : foldInbox(reference + pattern) };
}

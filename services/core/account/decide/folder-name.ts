// What a mailbox may be called.
import { Refusal } from '../../runtime/errors';
import { limits } from '../../runtime/limits';
import { SEPARATOR } from '../folder-tree';

/** Controls, line and paragraph separators, and halves of surrogate pairs. */
const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]/u;

/** Refuses a full name that no mailbox may have. */
export function requireName(fullName: string): void {
  if (fullName.length === 0) throw new Refusal('CANNOT', 'a mailbox needs a name');
  if (Buffer.byteLength(fullName) > limits.mailboxNameBytes) throw new Refusal('LIMIT', `a mailbox name may have ${limits.mailboxNameBytes} octets`);
  const parts = fullName.split(SEPARATOR);
  if (parts.length > limits.mailboxDepth) throw new Refusal('LIMIT', `mailboxes may be nested ${limits.mailboxDepth} deep`);
  for (const part of parts) {
    if (part.length === 0) throw new Refusal('CANNOT', 'a mailbox name has an empty part');
    if (FORBIDDEN.test(part)) throw new Refusal('CANNOT', 'a mailbox name has a control character');
  }
  // Where other people's mailboxes will be (RFC 2342 §5).
  if (parts[0] === 'Other Users') throw new Refusal('CANNOT', 'this name is taken by the server');
}

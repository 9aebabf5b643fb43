// \Recent for one process: the first read-write session that is told of a message has it as recent (RFC 3501 §2.3.2). There is no
// state of it in the log: of messages that came before this process first looked, none is recent.
import type { MailboxId } from '../runtime/numbers';
import type { Mailbox } from './mailbox';

export class RecentClaims {
  /** For each mailbox, the first UID that no session has claimed. */
  private readonly unclaimed = new Map<MailboxId, number>();

  /** To be called for each mailbox when it is first seen. */
  watch(mailbox: Mailbox): void {
    if (!this.unclaimed.has(mailbox.id)) this.unclaimed.set(mailbox.id, mailbox.uidNext);
  }

  /** The first UID that is recent for a session told of all of `mailbox` now: from there on, they are its own if `isReadWrite`. */
  claim(mailbox: Mailbox, isReadWrite: boolean): number {
    this.watch(mailbox);
    const first = this.unclaimed.get(mailbox.id)!;
    if (isReadWrite) this.unclaimed.set(mailbox.id, mailbox.uidNext);
    return first;
  }

  /** How many messages would be recent for a new session (STATUS RECENT). */
  count(mailbox: Mailbox): number {
    this.watch(mailbox);
    return mailbox.exists - mailbox.rank(this.unclaimed.get(mailbox.id)!);
  }
}

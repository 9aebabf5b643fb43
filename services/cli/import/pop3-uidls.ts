// The POP3 unique-ids that an import may bring into INBOX: no two of its messages may have one (RFC 1939 §7).
import type { Account } from '../../core/account/account';
import { findMailbox } from '../../core/account/account-state';
import type { Mailbox } from '../../core/account/mailbox';
import { isUniqueId } from '../../core/account/unique-id';

const INBOX = 'INBOX';

export class Pop3Uidls {
  private taken: Set<string> | null = null;

  constructor(private readonly account: Account) {}

  /** The one that a message for `mailbox` may keep; null: that which it gets here. */
  claim(mailbox: string, uidl: string | null | undefined): string | null {
    const inbox = uidl && mailbox === INBOX ? findMailbox(this.account.state, INBOX)?.mailbox : undefined;
    if (!inbox || !uidl || !isUniqueId(uidl) || isGivenBy(inbox, uidl)) return null;
    this.taken ??= importedInto(inbox);
    if (this.taken.has(uidl)) return null;
    this.taken.add(uidl);
    return uidl;
  }
}

/** `uidvalidity.uid` is what a message without one is shown by, now or when its UID is given. */
function isGivenBy({ uidValidity }: Mailbox, uidl: string): boolean {
  return uidl.startsWith(`${uidValidity}.`) && /^\d+$/.test(uidl.slice(`${uidValidity}.`.length));
}

function importedInto({ chunks }: Mailbox): Set<string> {
  const uidls = new Set<string>();
  for (const chunk of chunks) {
    for (let i = 0; i < chunk.length; i += 1) {
      const { pop3Uidl } = chunk.row(i);
      if (pop3Uidl !== null) uidls.add(pop3Uidl);
    }
  }
  return uidls;
}

// The mailboxes that rows read.
import { quoted, type ImapSession } from './wire/imap-session';

export interface Mailbox {
  /** Under Bench; or INBOX, which may hold more than this. */
  readonly name: string;
  /** The accounts 1 to this one have it. */
  readonly accounts: number;
  readonly messages: number;
  readonly sizeBytes: number;
}

/** Its name as on the wire, with the server's own separator. */
export async function mailboxName(session: ImapSession, name: string): Promise<string> {
  return name === 'INBOX' ? name : quoted(`Bench${await session.separator()}${name}`);
}

/** What several rows want, each mailbox once, in as many accounts as any of them wants it. */
export function joined(wanted: readonly Mailbox[]): Mailbox[] {
  const byName = new Map<string, Mailbox>();
  for (const mailbox of wanted) {
    const accounts = Math.max(mailbox.accounts, byName.get(mailbox.name)?.accounts ?? 0);
    byName.set(mailbox.name, { ...mailbox, accounts });
  }
  return [...byName.values()];
}

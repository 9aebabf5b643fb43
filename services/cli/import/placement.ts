// Where imported messages go: behind what is there, with UIDs as they come; or to where they were on the server that they come from.
import type { Account } from '../../core/account/account';
import { addMessages, type Added, type IncomingMessage } from '../../core/account/decide/add-messages';
import { adoptMailbox, adoptMessage, isAdopted, raiseModSeq, skipUids } from '../../core/account/decide/adopt';
import type { Decide } from '../../core/account/decide/decision';
import { Refusal } from '../../core/runtime/errors';
import type { Clock } from '../../core/runtime/clock';
import { asUid } from '../../core/runtime/numbers';
import type { Former, Source, SourceMessage } from './source';

export interface Placement {
  /** Before any mailbox is made. Refuses what cannot be done, before anything of it is. */
  begin(account: Account): Promise<void>;
  add(message: SourceMessage, incoming: IncomingMessage, deliveryId: Uint8Array): Decide<Added | null>;
  /** After all messages. */
  end(account: Account): Promise<void>;
}

export const newUids: Placement = {
  begin: async () => undefined,
  add: ({ mailbox }, incoming, deliveryId) => addMessages(mailbox, [incoming], deliveryId),
  end: async () => undefined,
};

/** UIDVALIDITY, UIDs and UIDNEXT as they were. Refuses a source that does not tell them. */
export function keptUids({ former }: Source, clock: Clock): Placement {
  if (!former) throw new Refusal(null, 'UIDs can be kept only of a Maildir: nothing else tells them');
  if (former.obstacle !== null) throw new Refusal(null, `UIDs cannot be kept: ${former.obstacle}`);
  return new KeptUids(former, clock);
}

class KeptUids implements Placement {
  constructor(
    private readonly former: Former,
    private readonly clock: Clock,
  ) {}

  async begin(account: Account): Promise<void> {
    const { mailboxes, bareNames } = this.former;
    const missing = [...mailboxes].filter(([name, former]) => !isAdopted(account.state, name, former));
    if (missing.length === 0) return;
    for (const [name, former] of missing) adoptMailbox(name, former, bareNames)(account.state, this.clock.nowMs());
    // In an entry before the mailboxes' (N5): what clients know from elsewhere must be older than all that is here.
    await account.commit(raiseModSeq());
    for (const [name, former] of missing) await account.commit(adoptMailbox(name, former, bareNames));
  }

  add(message: SourceMessage, incoming: IncomingMessage, deliveryId: Uint8Array): Decide<Added | null> {
    const { mailbox, uid } = message;
    const former = this.former.mailboxes.get(mailbox);
    if (!former) return newUids.add(message, incoming, deliveryId);
    return adoptMessage(mailbox, former, typeof uid === 'number' ? asUid(uid) : null, incoming, deliveryId);
  }

  async end(account: Account): Promise<void> {
    for (const [name, former] of this.former.mailboxes) await account.commit(skipUids(name, former));
  }
}

// What a client wants changed, and the production decision that does it. What is told is text, so that the oracle can compare it.
import { addMessages } from '../../services/core/account/decide/add-messages';
import { copyMessages } from '../../services/core/account/decide/copy-messages';
import type { Decide } from '../../services/core/account/decide/decision';
import { expunge } from '../../services/core/account/decide/expunge';
import {
  createAccount, createMailbox, deleteAccount, deleteMailbox, disableAccount, renameMailbox, setQuota, subscribe, unsubscribe,
} from '../../services/core/account/decide/folders';
import { storeFlags, type FlagEdit } from '../../services/core/account/decide/store-flags';
import { updateMaildrop } from '../../services/core/account/decide/update-maildrop';
import { UidSet } from '../../services/core/account/uid-set';
import type { MailboxId, UidValidity } from '../../services/core/runtime/numbers';

/** A body that is stored already. Ids are hex. */
export interface Body {
  readonly blob: string;
  readonly digest: string;
  readonly sizeBytes: number;
  readonly dateMs: number | null;
  readonly flags: readonly string[];
  readonly summaryBytes: number;
}

export type Intent =
  | { readonly kind: 'createAccount'; readonly login: string; readonly quotaBytes: number | null }
  | { readonly kind: 'add'; readonly name: string; readonly messages: readonly Body[]; readonly deliveryId: string | null }
  | { readonly kind: 'store'; readonly mailbox: MailboxId; readonly uids: readonly number[]; readonly edit: FlagEdit; readonly unchangedSince: number | null }
  | { readonly kind: 'expunge'; readonly mailbox: MailboxId; readonly uids: readonly number[] | null }
  | { readonly kind: 'update'; readonly mailbox: MailboxId; readonly uidValidity: UidValidity; readonly retrieved: readonly number[]; readonly deleted: readonly number[] }
  | { readonly kind: 'copy' | 'move'; readonly mailbox: MailboxId; readonly uids: readonly number[]; readonly name: string }
  | { readonly kind: 'create' | 'delete' | 'subscribe' | 'unsubscribe'; readonly name: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'quota'; readonly quotaBytes: number | null; readonly quotaMessages: number | null }
  | { readonly kind: 'disable'; readonly disabled: boolean }
  | { readonly kind: 'remove' };

/** To be made once a command: a decision that is made again must not remember the first. */
export function decisionOf(intent: Intent): Decide<string> {
  switch (intent.kind) {
    case 'createAccount':
      return telling(createAccount(intent.login, intent.quotaBytes, 0), () => 'done');
    case 'add': {
      const messages = intent.messages.map(({ blob, digest, sizeBytes, dateMs, flags, summaryBytes }) => ({
        blobId: bytesOf(blob),
        digest: bytesOf(digest),
        sizeBytes,
        internalDateMs: dateMs,
        flags,
        summary: new Uint8Array(summaryBytes).fill(sizeBytes),
        threadKey: null,
      }));
      const deliveryId = intent.deliveryId === null ? null : bytesOf(intent.deliveryId);
      return telling(addMessages(intent.name, messages, deliveryId), (added) => (added ? `${added.uidValidity}: ${list(added.uids)}` : 'duplicate'));
    }
    case 'store':
      return telling(
        storeFlags(intent.mailbox, UidSet.of(intent.uids), intent.edit, intent.unchangedSince),
        ({ stored, modified }) => `stored ${list(stored)}, modified ${list(modified)}`,
      );
    case 'expunge':
      return telling(expunge(intent.mailbox, intent.uids && UidSet.of(intent.uids)), (gone) => `gone ${list(gone)}`);
    case 'update': {
      const { mailbox, uidValidity, retrieved, deleted } = intent;
      return telling(updateMaildrop({ mailbox, uidValidity, retrieved: UidSet.of(retrieved), deleted: UidSet.of(deleted) }), (gone) => `gone ${list(gone)}`);
    }
    case 'copy':
    case 'move':
      return telling(
        copyMessages(intent.mailbox, UidSet.of(intent.uids), intent.name, intent.kind),
        ({ uidValidity, from, to }) => `${uidValidity}: ${list(from)} to ${list(to)}`,
      );
    case 'create':
      return telling(createMailbox(intent.name), (mailbox) => `mailbox ${mailbox}`);
    case 'delete':
      return telling(deleteMailbox(intent.name), () => 'done');
    case 'rename':
      return telling(renameMailbox(intent.from, intent.to), () => 'done');
    case 'subscribe':
      return telling(subscribe(intent.name), () => 'done');
    case 'unsubscribe':
      return telling(unsubscribe(intent.name), () => 'done');
    case 'quota':
      return telling(setQuota({ quotaBytes: intent.quotaBytes, quotaMessages: intent.quotaMessages }), () => 'done');
    case 'disable':
      return telling(disableAccount(intent.disabled), () => 'done');
    case 'remove':
      return telling(deleteAccount(), (highestUidValidity) => `highest ${highestUidValidity}`);
  }
}

function telling<Result>(decide: Decide<Result>, tell: (result: Result) => string): Decide<string> {
  return (state, timeMs) => {
    const { change, result } = decide(state, timeMs);
    return { change, result: tell(result) };
  };
}

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

export const list = (uids: Iterable<number>): string => [...uids].join(' ');

// A delivery as a decision on an account's state: into the folder that the address wishes for if there is one, else into INBOX.
import { findMailbox, type AccountState } from '../core/account/account-state';
import { SEPARATOR } from '../core/account/folder-tree';
import type { StoredBody } from '../core/account/body-intake';
import { addMessages, requireQuota } from '../core/account/decide/add-messages';
import { requireLiving, type Decide } from '../core/account/decide/decision';
import { disabledUser } from './reply';

const INBOX = 'INBOX';

/**
 * What can be said of a delivery before its body is stored; `sizeBytes` may be less than it will have. Throws what the delivery would
 * be refused with.
 */
export function foresee(state: AccountState, sizeBytes: number, deliveryId: Uint8Array | null): 'new' | 'repeated' {
  if (isKnown(state, deliveryId)) return 'repeated';
  requireOpen(state);
  requireQuota(state, [{ sizeBytes }]);
  return 'new';
}

/** Adds the message. With a `deliveryId` that the account has seen in the last days nothing changes. */
export function takeDelivery(folder: string | null, body: StoredBody, deliveryId: Uint8Array | null): Decide<'delivered' | 'repeated'> {
  return (state, timeMs) => {
    // First of all: what was taken once must not bounce, whatever has become of the account since.
    if (isKnown(state, deliveryId)) return { change: null, result: 'repeated' };
    requireOpen(state);
    const { change } = addMessages(mailboxFor(state, folder), [{ ...body, flags: [], internalDateMs: null }], deliveryId)(state, timeMs);
    return { change, result: 'delivered' };
  };
}

function isKnown(state: AccountState, deliveryId: Uint8Array | null): boolean {
  return deliveryId !== null && state.deliveryIds.has(deliveryId);
}

function requireOpen(state: AccountState): void {
  requireLiving(state);
  if (state.disabled) throw disabledUser();
}

function mailboxFor(state: AccountState, folder: string | null): string {
  const [first = '', ...below] = (folder ?? INBOX).split(SEPARATOR);
  // RFC 3501 §5.1: INBOX is INBOX in any case.
  const name = [first.toUpperCase() === INBOX ? INBOX : first, ...below].join(SEPARATOR);
  return findMailbox(state, name) ? name : INBOX;
}

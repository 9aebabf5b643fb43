// What was asked, decided, sent, told and seen, in the order in which it happened: all that the oracle judges by, beside the log itself.
import type { AccountChange } from '../../services/core/account/record';
import { encodeChanges } from '../../services/core/account/record-codec';
import type { Intent } from './intent';

export class Violation extends Error {
  override readonly name = 'Violation';
}

export type Told =
  | { readonly kind: 'ok'; readonly result: string; readonly position: number; readonly storedThrough: number }
  | { readonly kind: 'refused'; readonly code: string | null; readonly storedThrough: number }
  /** Nothing was changed, says the server. */
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'unknown' };

/** One change as it was asked of a node. */
export interface Asked {
  readonly id: number;
  readonly accountId: string;
  readonly node: string;
  readonly client: string;
  readonly intent: Intent;
  /** The newest position that any client had been told of when this was asked. */
  readonly knownThrough: number;
  /** What was decided last, encoded; null: nothing to change, or a refusal. */
  lastDecision: string | null;
  /** Null while, or if, nothing was ever told. */
  told: Told | null;
}

export interface ShownRow {
  readonly uid: number;
  readonly blob: string;
  /** Names, sorted. */
  readonly flags: string;
  readonly flagNumbers: string;
  readonly modSeq: number;
  readonly isGhost: boolean;
  /** What the view's other questions answer for this number and this UID. */
  readonly uidAt: number | undefined;
  readonly numberOf: number | null;
}

/** A session's whole view, by number. */
export interface Shown {
  readonly accountId: string;
  readonly position: number;
  readonly mailbox: number;
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly highestModSeq: number;
  readonly rows: readonly ShownRow[];
  /** Every UID of the view, as a set. */
  readonly uids: string;
}

export interface Seen extends Shown {
  readonly client: string;
  /** In a sync that held back: all ghosts if it made some, and what the view says of the lowest expunge held back. */
  readonly heldBack: { readonly uids: readonly number[]; readonly modSeq: number | null } | null;
}

interface Decided {
  readonly asked: Asked;
  readonly base: number;
  readonly change: string;
}

/** A message that a delivery agent tries to hand over until it is taken. */
export interface Delivery {
  readonly accountId: string;
  readonly deliveryId: string;
  isTaken: boolean;
}

export class History {
  readonly asked: Asked[] = [];
  readonly seen: Seen[] = [];
  readonly deliveries: Delivery[] = [];
  /** Token of each entry that was ever sent, and the changes in it by who asked for them. */
  readonly senders = new Map<string, readonly Asked[]>();
  private readonly known = new Map<string, number>();
  /** By node and account. */
  private readonly decisions = new Map<string, Decided[]>();

  /** The newest position that any client of the account was told of. */
  knownThrough(accountId: string): number {
    return this.known.get(accountId) ?? 0;
  }

  learn(accountId: string, position: number): void {
    this.known.set(accountId, Math.max(this.knownThrough(accountId), position));
  }

  ask(accountId: string, node: string, client: string, intent: Intent, knownThrough: number): Asked {
    const asked: Asked = { id: this.asked.length + 1, accountId, node, client, intent, knownThrough, lastDecision: null, told: null };
    this.asked.push(asked);
    return asked;
  }

  /** Called each time that a node decides on a change; `base`: on which position. */
  decided(asked: Asked, base: number, change: AccountChange | null): void {
    asked.lastDecision = change && encodedChange(change);
    if (asked.lastDecision === null) return;
    const key = `${asked.node} ${asked.accountId}`;
    const decisions = this.decisions.get(key) ?? [];
    this.decisions.set(key, decisions);
    decisions.push({ asked, base, change: asked.lastDecision });
  }

  /** Called when a node sends an entry: finds out whose changes are in it. */
  sent(node: string, accountId: string, position: number, token: string, changes: readonly AccountChange[]): void {
    if (this.senders.has(token)) return;
    const decisions = this.decisions.get(`${node} ${accountId}`) ?? [];
    const senders: Asked[] = [];
    let at = decisions.length - 1;
    for (const change of [...changes].reverse()) {
      const encoded = encodedChange(change);
      while (at >= 0 && !(decisions[at]!.base === position - 1 && decisions[at]!.change === encoded)) at -= 1;
      if (at < 0) throw new Violation(`${node} sends a change at ${position} that nobody decided there: ${JSON.stringify(change)}`);
      senders.unshift(decisions[at]!.asked);
      at -= 1;
    }
    this.senders.set(token, senders);
  }
}

export function encodedChange(change: AccountChange): string {
  return Buffer.from(encodeChanges([change])).toString('latin1');
}

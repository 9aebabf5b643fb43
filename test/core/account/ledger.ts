// An account without a log: decisions made and applied one after the other, each through its bytes.
import { findMailbox, type AccountState } from '../../../services/core/account/account-state';
import { accountMachine } from '../../../services/core/account/apply';
import type { IncomingMessage } from '../../../services/core/account/decide/add-messages';
import { addMessages } from '../../../services/core/account/decide/add-messages';
import type { Decide } from '../../../services/core/account/decide/decision';
import { createAccount } from '../../../services/core/account/decide/folders';
import { flagName } from '../../../services/core/account/flag';
import type { Mailbox } from '../../../services/core/account/mailbox';
import type { AccountChange, AccountRecord } from '../../../services/core/account/record';
import { Refusal } from '../../../services/core/runtime/errors';
import type { Uid } from '../../../services/core/runtime/numbers';

export const NOON_MS = 1_700_000_000_000;

export class Ledger {
  state: AccountState = accountMachine.initial;
  /** The log's time. */
  timeMs = NOON_MS;
  readonly changes: AccountChange[] = [];

  /** An account as `createAccount` makes it. */
  static open(quotaBytes: number | null = null): Ledger {
    const ledger = new Ledger();
    ledger.run(createAccount('ann', quotaBytes, 0));
    return ledger;
  }

  /** Decides, applies what was decided, and returns the result. */
  run<Result>(decide: Decide<Result>): Result {
    const { change, result } = decide(this.state, this.timeMs);
    if (change) this.apply(change);
    return result;
  }

  apply(change: AccountChange): void {
    const [read] = accountMachine.decode(accountMachine.encode([change]));
    this.changes.push(change);
    this.state = accountMachine.apply(this.state, read!, { modSeq: this.changes.length, timeMs: this.timeMs });
  }

  /** What a decision would write now; null: nothing. */
  change(decide: Decide<unknown>): readonly AccountRecord[] | null {
    return decide(this.state, this.timeMs).change;
  }

  /** The code with which a decision is refused now; 'done' if it is not. */
  refusal(decide: Decide<unknown>): string | null {
    try {
      decide(this.state, this.timeMs);
      return 'done';
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      throw error;
    }
  }

  mailbox(fullName: string): Mailbox {
    const found = findMailbox(this.state, fullName);
    if (!found) throw new Error(`there is no mailbox ${fullName}`);
    return found.mailbox;
  }

  /** Adds messages; returns their UIDs. */
  add(fullName: string, ...messages: Partial<IncomingMessage>[]): readonly Uid[] {
    return this.run(addMessages(fullName, messages.map(incoming)))!.uids;
  }

  /** The flags of a message, by name. */
  flags(fullName: string, uid: number): string[] {
    return this.mailbox(fullName).get(uid)!.flags.map((flag) => flagName(flag, this.state.keywords));
  }

  /** Every full name, \Noselect ones in brackets. */
  names(): string[] {
    return [...this.state.tree.walk()].map(([name, { selectable }]) => (selectable ? name : `(${name})`));
  }
}

let made = 0;

/** A message that differs from every other, as APPEND brings it. */
export function incoming(message: Partial<IncomingMessage> = {}): IncomingMessage {
  made += 1;
  const id = Buffer.alloc(16);
  id.writeUInt32BE(made);
  return {
    blobId: Uint8Array.from(id),
    sizeBytes: 100,
    internalDateMs: NOON_MS - made,
    flags: [],
    digest: new Uint8Array(32).fill(made & 0xff),
    summary: Uint8Array.of(made & 0xff),
    threadKey: null,
    ...message,
  };
}

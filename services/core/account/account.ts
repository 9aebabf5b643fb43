// One account in one process, shared by its sessions: its log followed, and changes committed to it.
import { Committer, type Decide } from '../log/committer';
import { Follower } from '../log/follower';
import type { Clock } from '../runtime/clock';
import { limits } from '../runtime/limits';
import type { Random } from '../runtime/random';
import type { BlobStore } from '../store/blob-store';
import type { Doorbell } from '../store/doorbell';
import type { LogStore } from '../store/log-store';
import type { AccountState } from './account-state';
import { accountMachine } from './apply';
import { RecentClaims } from './recent-claims';
import type { AccountChange } from './record';

/** What an account needs of its node. */
export interface AccountPorts {
  readonly log: LogStore;
  readonly blobs: BlobStore;
  readonly doorbell: Doorbell;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of reads in the background that failed: the next one repeats them. */
  readonly onReadFailed: (accountId: string, error: unknown) => void;
}

export class Account {
  readonly recent = new RecentClaims();
  private readonly follower: Follower<AccountState, AccountChange>;
  private readonly committer: Committer<AccountState, AccountChange>;
  private readonly unwatch: () => void;
  private cancelPoll: () => void = () => {};

  private constructor(
    readonly id: string,
    private readonly ports: AccountPorts,
  ) {
    const { log, blobs, doorbell, clock, random } = ports;
    this.follower = new Follower({ log, blobs, logId: id }, accountMachine, clock);
    this.committer = new Committer(this.follower, clock, random, (position) => doorbell.ring(id, position));
    this.unwatch = doorbell.watch(id, (position) => {
      if (position === 0 || position > this.follower.position) this.refreshInBackground();
    });
  }

  /** Loads the account. Throws Unavailable if the store does not answer, Damaged. */
  static async load(id: string, ports: AccountPorts): Promise<Account> {
    const account = new Account(id, ports);
    try {
      await account.refresh();
    } catch (error) {
      account.close();
      throw error;
    }
    account.pollLater();
    return account;
  }

  /** The newest state known here. Durable, but perhaps not the newest there is. Throws Damaged. */
  get state(): AccountState {
    return this.follower.current.state;
  }

  /** Of the last entry applied. */
  get position(): number {
    return this.follower.position;
  }

  /** Reads consistently, with a request sent after this call. Throws Unavailable, Damaged. */
  refresh(): Promise<void> {
    return this.follower.refresh();
  }

  /** For commands that need no fresh read: what the doorbell brought will do, without one what is a second old. */
  async refreshIfUnheard(): Promise<void> {
    if (!this.ports.doorbell.isHealthy() && this.follower.ageMs() > limits.unheardAgeMaxMs) await this.refresh();
  }

  /**
   * Decides and commits; resolves when the decision's state is durable. Throws Refusal, Unavailable (nothing was changed),
   * FateUnknown (nobody knows), Damaged.
   */
  commit<Result>(decide: Decide<AccountState, AccountChange, Result>): Promise<Result> {
    return this.committer.commit(decide);
  }

  /** Calls `onMove` after each move of the state; the returned function ends it. */
  onMove(onMove: () => void): () => void {
    return this.follower.onMove(onMove);
  }

  close(): void {
    this.unwatch();
    this.cancelPoll();
  }

  private pollLater(): void {
    const delayMs = this.ports.doorbell.isHealthy() ? limits.pollHeardMs : limits.pollUnheardMs;
    this.cancelPoll = this.ports.clock.after(delayMs, () => {
      this.refreshInBackground();
      this.pollLater();
    });
  }

  private refreshInBackground(): void {
    this.refresh().catch((error: unknown) => this.ports.onReadFailed(this.id, error));
  }
}

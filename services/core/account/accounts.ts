// The accounts that this process has in memory: each loaded once, shared by its sessions, kept a while after the last.
import { LRUCache } from 'lru-cache';
import { limits } from '../runtime/limits';
import { Account, type AccountPorts } from './account';

/** An account in use. `release` must be called once. */
export interface AccountLease {
  readonly account: Account;
  release(): void;
}

interface Loaded {
  readonly account: Promise<Account>;
  users: number;
}

export class Accounts {
  private readonly used = new Map<string, Loaded>();
  private readonly idle = new LRUCache<string, Loaded>({
    max: limits.idleAccounts,
    dispose: (loaded, _id, reason) => {
      if (reason === 'evict') close(loaded);
    },
  });

  constructor(private readonly ports: AccountPorts) {}

  /** The account, loaded if it is not in memory. Throws what Account.load throws. */
  async open(accountId: string): Promise<AccountLease> {
    const loaded = this.used.get(accountId) ?? this.idle.get(accountId) ?? { account: Account.load(accountId, this.ports), users: 0 };
    loaded.users += 1;
    this.used.set(accountId, loaded);
    this.idle.delete(accountId);
    try {
      const account = await loaded.account;
      return { account, release: once(() => this.release(accountId, loaded)) };
    } catch (error) {
      loaded.users -= 1;
      if (this.used.get(accountId) === loaded) this.used.delete(accountId);
      throw error;
    }
  }

  /** Ends the reading of all accounts. */
  close(): void {
    for (const loaded of [...this.used.values(), ...this.idle.values()]) close(loaded);
    this.used.clear();
    this.idle.clear();
  }

  private release(accountId: string, loaded: Loaded): void {
    loaded.users -= 1;
    if (loaded.users > 0 || this.used.get(accountId) !== loaded) return;
    this.used.delete(accountId);
    this.idle.set(accountId, loaded);
  }
}

function close({ account }: Loaded): void {
  account.then(
    (loaded) => loaded.close(),
    () => {}, // Loading failed: there is nothing to close, and who waited for it was told.
  );
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}

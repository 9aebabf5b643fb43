// The inside of a node over stores in memory, without any server.
import { Accounts } from '../../services/core/account/accounts';
import type { PasswordHasher } from '../../services/core/auth/passwords';
import { systemClock, type Clock } from '../../services/core/runtime/clock';
import { systemRandom, type Random } from '../../services/core/runtime/random';
import type { BlobStore } from '../../services/core/store/blob-store';
import type { Directory } from '../../services/core/store/directory';
import type { LogStore } from '../../services/core/store/log-store';
import { MemoryBlobStore } from '../../services/core/store/memory/memory-blob-store';
import { MemoryDirectory } from '../../services/core/store/memory/memory-directory';
import { MemoryDoorbell } from '../../services/core/store/memory/memory-doorbell';
import { MemoryLogStore } from '../../services/core/store/memory/memory-log-store';
import { MemoryTier } from '../../services/core/store/memory/memory-tier';
import { Users } from '../../services/provision/users';

/** Costs nothing: what a password costs is tested where it is made. */
export const cheapHasher: PasswordHasher = {
  hash: async (password) => `cheap:${password}`,
  verify: async (phc, password) => phc === `cheap:${password}`,
};

export interface MemoryNode {
  readonly tier: MemoryTier;
  readonly log: LogStore;
  readonly blobs: BlobStore;
  readonly directory: Directory;
  readonly accounts: Accounts;
  readonly users: Users;
  readonly clock: Clock;
  readonly random: Random;
}

export interface Replaced {
  readonly tier?: MemoryTier;
  readonly clock?: Clock;
  readonly log?: (inner: LogStore) => LogStore;
  readonly blobs?: (inner: BlobStore) => BlobStore;
  readonly directory?: (inner: Directory) => Directory;
}

const opened: MemoryNode[] = [];

/** For afterEach: ends the polling of all accounts that the nodes of a test have loaded. */
export function closeMemoryNodes(): void {
  for (const { accounts } of opened.splice(0)) accounts.close();
}

/** Stores may be wrapped, to make them fail. */
export function memoryNode(replaced: Replaced = {}): MemoryNode {
  const tier = replaced.tier ?? new MemoryTier();
  const clock = replaced.clock ?? systemClock;
  const random = systemRandom;
  const log = (replaced.log ?? same)(new MemoryLogStore(tier));
  const blobs = (replaced.blobs ?? same)(new MemoryBlobStore(tier, clock));
  const directory = (replaced.directory ?? same)(new MemoryDirectory(tier));
  const accounts = new Accounts({ log, blobs, doorbell: new MemoryDoorbell(tier), clock, random, onReadFailed: ignore });
  const users = new Users({ directory, log, accounts, clock, random }, cheapHasher);
  const node = { tier, log, blobs, directory, accounts, users, clock, random };
  opened.push(node);
  return node;
}

function ignore(): void {}

function same<T>(store: T): T {
  return store;
}

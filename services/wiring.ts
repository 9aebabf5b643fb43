// The only place that picks adapters: from a configuration to a node that works.
import type { StoreConfig } from './config';
import { Accounts } from './core/account/accounts';
import { argon2id } from './core/auth/passwords';
import { SignIn } from './core/auth/sign-in';
import { Users } from './provision/users';
import { systemClock, type Clock } from './core/runtime/clock';
import { openLog, type Logger } from './core/runtime/logging';
import { Metrics } from './core/runtime/metrics';
import { systemRandom, type Random } from './core/runtime/random';
import type { BlobStore } from './core/store/blob-store';
import type { Directory } from './core/store/directory';
import type { Doorbell } from './core/store/doorbell';
import { openEmbedded } from './core/store/embedded/open-embedded';
import type { LogStore } from './core/store/log-store';
import { inTimeBy, type InTime } from './core/runtime/in-time';
import { meteredBlobs, meteredDirectory, meteredLog, timedBy } from './metered-stores';

/** What runs in one process, whatever it serves. */
export interface Node {
  readonly name: string;
  readonly log: LogStore;
  readonly blobs: BlobStore;
  readonly doorbell: Doorbell;
  readonly directory: Directory;
  readonly accounts: Accounts;
  readonly users: Users;
  readonly signIn: SignIn;
  readonly clock: Clock;
  /** Bounds a request to one of the stores. */
  readonly inTime: InTime;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Resolves if the store answers. Rejects with Unavailable. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

/** A login that nobody can have: reading its entry costs what any reading costs. */
const PROBE_LOGIN = '%probe%';

/** Opens the stores. Rejects with Unavailable if they cannot be opened. */
export async function openNode(config: StoreConfig): Promise<Node> {
  const [clock, random] = [systemClock, systemRandom];
  const logger = openLog(config.logLevel, config.nodeName);
  const metrics = new Metrics();
  const timed = timedBy(metrics, clock);
  const inTime = inTimeBy(clock);
  const store = await openEmbedded(config.dataDir, clock);
  const log = meteredLog(store.log, timed);
  const blobs = meteredBlobs(store.blobs, timed);
  const directory = meteredDirectory(store.directory, timed);
  const { doorbell } = store;
  const onReadFailed = (accountId: string, error: unknown): void => logger.warn({ accountId, error }, 'a read in the background failed');
  const accounts = new Accounts({ log, blobs, doorbell, clock, random, onReadFailed });
  return {
    name: config.nodeName,
    log,
    blobs,
    doorbell,
    directory,
    accounts,
    users: new Users({ directory, log, accounts, clock, random }),
    signIn: new SignIn(directory, clock, random, argon2id, (result) => metrics.logins.inc({ result })),
    clock,
    inTime,
    random,
    logger,
    metrics,
    async probe() {
      await inTime(directory.get(PROBE_LOGIN));
    },
    async close() {
      accounts.close();
      await store.close();
    },
  };
}

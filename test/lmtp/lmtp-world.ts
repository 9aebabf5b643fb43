// Nodes of one mail system with a delivery role each, over stores in memory.
import { findMailbox } from '../../services/core/account/account-state';
import type { Account } from '../../services/core/account/account';
import { systemClock } from '../../services/core/runtime/clock';
import { openLog } from '../../services/core/runtime/logging';
import { Metrics } from '../../services/core/runtime/metrics';
import { systemRandom } from '../../services/core/runtime/random';
import { blobPrefix } from '../../services/core/store/blob-key';
import { readWhole, type BlobStore } from '../../services/core/store/blob-store';
import { countingBlobStore, countingDirectory, countingLogStore, RequestCounts } from '../../services/core/store/memory/counting';
import { noFaults, type FaultPlan } from '../../services/core/store/memory/fault-plan';
import { faultyBlobStore, faultyDirectory, faultyLogStore } from '../../services/core/store/memory/faults';
import { MemoryTier } from '../../services/core/store/memory/memory-tier';
import { NodeLink } from '../../services/core/store/memory/node-link';
import type { RunningServer } from '../../services/core/wire/serve-clients';
import { lmtpLimits, type LmtpLimits } from '../../services/lmtp/lmtp-limits';
import { startLmtp } from '../../services/lmtp/server';
import { Aliases } from '../../services/provision/aliases';
import { memoryNode, type MemoryNode } from '../support/memory-node';
import { LmtpClient } from './lmtp-client';

export interface LmtpWorldNode extends MemoryNode {
  readonly server: RunningServer;
  /** To cut the node off from its stores. */
  readonly link: NodeLink;
  readonly metrics: Metrics;
  readonly counts: RequestCounts;
  /** What the node wrote into its log; errors in it fail the test at its end, unless they are taken out. */
  readonly logged: string[];
}

export interface WorldOptions {
  readonly limits?: Partial<LmtpLimits>;
  /** Of every store of every node. */
  readonly faults?: Partial<FaultPlan>;
  readonly blobs?: (inner: BlobStore) => BlobStore;
}

export interface StoredMessage {
  readonly text: string;
  readonly uid: number;
  readonly flags: readonly number[];
  readonly internalDateMs: number;
}

export class LmtpWorld {
  readonly tier = new MemoryTier();
  /** Knows no faults. */
  readonly admin = memoryNode({ tier: this.tier });
  readonly aliases = new Aliases(this.admin);
  readonly #nodes = new Map<string, Promise<LmtpWorldNode>>();
  readonly #clients: LmtpClient[] = [];

  constructor(private readonly options: WorldOptions = {}) {}

  /** The node with this name, started if it is not running. */
  node(name = 'A'): Promise<LmtpWorldNode> {
    const node = this.#nodes.get(name) ?? this.#start(name);
    this.#nodes.set(name, node);
    return node;
  }

  /** A sender at the node, not yet greeted. */
  async connect(name = 'A'): Promise<LmtpClient> {
    const client = await LmtpClient.open((await this.node(name)).server.port);
    this.#clients.push(client);
    return client;
  }

  /** A sender at the node that has said LHLO. */
  async sender(name = 'A'): Promise<LmtpClient> {
    const client = await this.connect(name);
    await client.reply();
    await client.command('LHLO mx.example.com');
    return client;
  }

  async addUser(login: string, quotaBytes: number | null = null): Promise<void> {
    await this.admin.users.add(login, 'secret', { quotaBytes });
  }

  /** Runs `work` on the account of a user as the admin sees it, after a read. */
  async withAccount<T>(login: string, work: (account: Account) => Promise<T>): Promise<T> {
    const { accountId } = await this.admin.users.find(login);
    return this.admin.users.withAccount(accountId, async (account) => {
      await account.refresh();
      return work(account);
    });
  }

  /** What is in a mailbox, octets as latin1. */
  messages(login: string, mailbox = 'INBOX'): Promise<StoredMessage[]> {
    return this.withAccount(login, async ({ id, state }) => {
      const found = findMailbox(state, mailbox)!.mailbox;
      const stored: StoredMessage[] = [];
      for (let i = 0; i < found.exists; i += 1) {
        const row = found.at(i)!;
        const body = await readWhole(this.admin.blobs, blobPrefix(id) + Buffer.from(row.blobId).toString('hex'));
        stored.push({ text: body.toString('latin1'), uid: row.uid, flags: [...row.flags], internalDateMs: row.internalDateMs });
      }
      return stored;
    });
  }

  /** How many deliveries ended how, on all nodes. */
  async results(): Promise<Record<string, number>> {
    const sums: Record<string, number> = {};
    for (const { metrics } of await Promise.all(this.#nodes.values())) {
      for (const { labels, value } of (await metrics.deliveries.get()).values) sums[String(labels.result)] = (sums[String(labels.result)] ?? 0) + value;
    }
    return sums;
  }

  /** Ends all; rejects if a node logged an error, which is always a bug. */
  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    const nodes = await Promise.all(this.#nodes.values());
    for (const { server, accounts } of nodes) {
      await server.drain();
      accounts.close();
    }
    this.admin.accounts.close();
    const errors = nodes.flatMap(({ logged }) => logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 50));
    if (errors.length > 0) throw new Error(`a node logged errors:\n${errors.join('')}`);
  }

  async #start(name: string): Promise<LmtpWorldNode> {
    const logged: string[] = [];
    const metrics = new Metrics();
    const counts = new RequestCounts();
    const link = new NodeLink(systemClock);
    const faults = [systemClock, systemRandom, { ...noFaults, ...this.options.faults }, link] as const;
    const inside = memoryNode({
      tier: this.tier,
      log: (inner) => countingLogStore(faultyLogStore(inner, ...faults), counts),
      blobs: (inner) => countingBlobStore((this.options.blobs ?? same)(faultyBlobStore(inner, ...faults)), counts),
      directory: (inner) => countingDirectory(faultyDirectory(inner, ...faults), counts),
    });
    const log = openLog('info', name, (line) => logged.push(line));
    const limits = { ...lmtpLimits, ...this.options.limits };
    const server = await startLmtp({ host: '127.0.0.1', port: 0, node: inside, log, metrics, limits });
    return { ...inside, server, link, metrics, counts, logged };
  }
}

const same = <T>(store: T): T => store;

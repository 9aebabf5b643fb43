// Nodes of one mail system inside a test: real servers on free ports, real accounts, stores in memory over one tier.
import { createSecureContext, type SecureContext } from 'node:tls';
import { generate } from 'selfsigned';
import { Account, type AccountPorts } from '../../services/core/account/account';
import { Accounts } from '../../services/core/account/accounts';
import { createAccount } from '../../services/core/account/decide/folders';
import { SignIn } from '../../services/core/auth/sign-in';
import type { PasswordHasher } from '../../services/core/auth/passwords';
import { encodePointer, firstPointer } from '../../services/core/log/pointer';
import { systemClock, type Clock } from '../../services/core/runtime/clock';
import { openLog } from '../../services/core/runtime/logging';
import { Metrics } from '../../services/core/runtime/metrics';
import { systemRandom } from '../../services/core/runtime/random';
import { noFaults } from '../../services/core/store/memory/fault-plan';
import { faultyBlobStore, faultyDirectory, faultyDoorbell, faultyLogStore } from '../../services/core/store/memory/faults';
import { MemoryBlobStore } from '../../services/core/store/memory/memory-blob-store';
import { MemoryDirectory } from '../../services/core/store/memory/memory-directory';
import { MemoryDoorbell } from '../../services/core/store/memory/memory-doorbell';
import { MemoryLogStore } from '../../services/core/store/memory/memory-log-store';
import { MemoryTier } from '../../services/core/store/memory/memory-tier';
import { NodeLink } from '../../services/core/store/memory/node-link';
import type { ImapNode } from '../../services/imap/handler';
import type { RunningServer } from '../../services/core/wire/serve-clients';
import { startImap } from '../../services/imap/server';
import { ImapClient } from './imap-client';

export interface WorldOptions {
  /** STARTTLS is offered. */
  readonly tls?: boolean;
  readonly requireTls?: boolean;
  readonly clock?: Clock;
}

export interface WorldNode {
  readonly server: RunningServer;
  readonly accounts: Accounts;
  /** To cut the node off from its stores. */
  readonly link: NodeLink;
  readonly metrics: Metrics;
  /** What the node wrote into its log; errors in it fail the test at its end, unless they are taken out. */
  readonly logged: string[];
}

export const PASSWORD = 'secret';

/** Costs nothing: what a password costs is tested where it is made. */
const cheapHasher: PasswordHasher = {
  hash: async (password) => `cheap:${password}`,
  verify: async (phc, password) => phc === `cheap:${password}`,
};

export class ImapWorld {
  readonly tier = new MemoryTier();
  readonly #clock: Clock;
  readonly #nodes = new Map<string, WorldNode>();
  readonly #clients: ImapClient[] = [];
  readonly #accountIds = new Map<string, string>();

  private constructor(
    private readonly options: WorldOptions,
    private readonly tls: SecureContext | null,
  ) {
    this.#clock = options.clock ?? systemClock;
  }

  static async open(options: WorldOptions = {}): Promise<ImapWorld> {
    return new ImapWorld(options, options.tls ? await certificate() : null);
  }

  /** The node with this name, started if it is not running. */
  async node(name = 'A'): Promise<WorldNode> {
    const known = this.#nodes.get(name);
    if (known) return known;
    const logged: string[] = [];
    const log = openLog('warn', name, (line) => logged.push(line));
    const ports = this.#ports();
    const accounts = new Accounts(ports);
    const directory = faultyDirectory(new MemoryDirectory(this.tier), this.#clock, systemRandom, noFaults, ports.link);
    const node: ImapNode = {
      accounts,
      signIn: new SignIn(directory, this.#clock, systemRandom, cheapHasher),
      blobs: ports.blobs,
      clock: this.#clock,
      random: systemRandom,
      tls: this.tls,
      requireTls: this.options.requireTls ?? false,
      name: 'Isomail',
      version: 'test',
    };
    const metrics = new Metrics();
    const server = await startImap({ host: '127.0.0.1', port: 0, implicitTls: null, node, log, metrics });
    const started = { server, accounts, link: ports.link, metrics, logged };
    this.#nodes.set(name, started);
    return started;
  }

  /** A client of the node, not yet greeted. */
  async connect(name = 'A'): Promise<ImapClient> {
    const client = await ImapClient.open((await this.node(name)).server.port);
    this.#clients.push(client);
    return client;
  }

  /** A client of the node, greeted and logged in. */
  async signIn(login: string, name = 'A'): Promise<ImapClient> {
    const client = await this.connect(name);
    await client.response();
    const reply = await client.command('login', `LOGIN ${login} ${PASSWORD}`);
    if (!reply.at(-1)!.startsWith('login OK')) throw new Error(`${login} cannot log in: ${reply.join('\n')}`);
    return client;
  }

  /** Makes an account, its log first: so that whoever can sign in has mailboxes. */
  async addUser(login: string, quotaBytes: number | null = null): Promise<void> {
    const accountId = `account-${login}`;
    const ports = this.#ports();
    await ports.log.movePointer(accountId, 0, encodePointer(firstPointer));
    const account = await Account.load(accountId, ports);
    await account.commit(createAccount(login, quotaBytes, 0));
    account.close();
    const passwordHash = await cheapHasher.hash(PASSWORD);
    const entry = { login, accountId, passwordHash, credentialVersion: 1, disabled: false, removed: false, highestUidValidity: 0, aliasOf: null };
    await new MemoryDirectory(this.tier).put(entry, 0);
    this.#accountIds.set(login, accountId);
  }

  /** Runs `work` on the account of a user as one more process would. */
  async withAccount<T>(login: string, work: (account: Account) => Promise<T>): Promise<T> {
    const account = await Account.load(this.#accountIds.get(login)!, this.#ports());
    try {
      return await work(account);
    } finally {
      account.close();
    }
  }

  /** Ends all clients and nodes; rejects if one of them logged an error, which is always a bug. */
  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    for (const { server, accounts } of this.#nodes.values()) {
      await server.drain();
      accounts.close();
    }
    const errors = [...this.#nodes.values()].flatMap(({ logged }) => logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 50));
    if (errors.length > 0) throw new Error(`a node logged errors:\n${errors.join('')}`);
  }

  /** What one more process has: its own way to the same stores. */
  #ports(): AccountPorts & { readonly link: NodeLink } {
    const clock = this.#clock;
    const link = new NodeLink(clock);
    const faults = [clock, systemRandom, noFaults, link] as const;
    return {
      link,
      log: faultyLogStore(new MemoryLogStore(this.tier), ...faults),
      blobs: faultyBlobStore(new MemoryBlobStore(this.tier, clock), ...faults),
      doorbell: faultyDoorbell(new MemoryDoorbell(this.tier), ...faults),
      clock,
      random: systemRandom,
      onReadFailed: () => undefined,
    };
  }
}

let made: Promise<SecureContext> | null = null;

/** A certificate that nobody trusts, made once a process. */
function certificate(): Promise<SecureContext> {
  made ??= generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' }).then(({ cert, private: key }) => createSecureContext({ cert, key }));
  return made;
}

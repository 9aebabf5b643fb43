// Frontends of one mail system inside a test, serving POP3 and IMAP: real servers on free ports, stores in memory over one tier.
import { createSecureContext, type SecureContext } from 'node:tls';
import { generate } from 'selfsigned';
import { findMailbox } from '../../services/core/account/account-state';
import type { Account } from '../../services/core/account/account';
import { takeBody } from '../../services/core/account/body-intake';
import { addMessages, type IncomingMessage } from '../../services/core/account/decide/add-messages';
import type { Mailbox } from '../../services/core/account/mailbox';
import { SignIn } from '../../services/core/auth/sign-in';
import { systemClock, type Clock } from '../../services/core/runtime/clock';
import { openLog } from '../../services/core/runtime/logging';
import { Metrics } from '../../services/core/runtime/metrics';
import { systemRandom } from '../../services/core/runtime/random';
import { blobKey } from '../../services/core/store/blob-key';
import { RequestCounts, countingBlobStore, countingDirectory, countingLogStore } from '../../services/core/store/memory/counting';
import { noFaults, type FaultPlan } from '../../services/core/store/memory/fault-plan';
import { faultyBlobStore, faultyDirectory, faultyLogStore } from '../../services/core/store/memory/faults';
import { MemoryTier } from '../../services/core/store/memory/memory-tier';
import { NodeLink } from '../../services/core/store/memory/node-link';
import type { RunningServer } from '../../services/core/wire/serve-clients';
import { startImap } from '../../services/imap/server';
import { startPop3 } from '../../services/pop3/server';
import { ImapClient } from '../support/imap-client';
import { cheapHasher, memoryNode, type MemoryNode } from '../support/memory-node';
import { Pop3Client } from './pop3-client';

export interface WorldOptions {
  readonly tls?: boolean;
  readonly requireTls?: boolean;
  readonly clock?: Clock;
  /** What goes wrong between frontends and the log. */
  readonly logFaults?: FaultPlan;
}

export interface WorldNode extends MemoryNode {
  readonly server: RunningServer;
  readonly imap: RunningServer;
  readonly link: NodeLink;
  readonly counts: RequestCounts;
  readonly metrics: Metrics;
  /** What the node wrote into its log; errors in it fail the test at its end, unless they are taken out. */
  readonly logged: string[];
}

export const PASSWORD = 'a secret';

export class Pop3World {
  readonly tier = new MemoryTier();
  readonly #clock: Clock;
  readonly #nodes = new Map<string, WorldNode>();
  readonly #clients: { destroy(): void }[] = [];
  readonly #accountIds = new Map<string, string>();
  /** Makes accounts and mail; nothing goes wrong with it. */
  readonly #office: MemoryNode;

  private constructor(
    private readonly options: WorldOptions,
    private readonly tls: SecureContext | null,
  ) {
    this.#clock = options.clock ?? systemClock;
    this.#office = memoryNode({ tier: this.tier, clock: this.#clock });
  }

  static async open(options: WorldOptions = {}): Promise<Pop3World> {
    return new Pop3World(options, options.tls ? await certificate() : null);
  }

  /** The frontend with this name, started if it is not running. */
  async node(name = 'A'): Promise<WorldNode> {
    const known = this.#nodes.get(name);
    if (known) return known;
    const [clock, tls] = [this.#clock, this.tls];
    const link = new NodeLink(clock);
    const counts = new RequestCounts();
    const inside = memoryNode({
      tier: this.tier,
      clock,
      log: (inner) => countingLogStore(faultyLogStore(inner, clock, systemRandom, this.options.logFaults ?? noFaults, link), counts),
      blobs: (inner) => countingBlobStore(faultyBlobStore(inner, clock, systemRandom, noFaults, link), counts),
      directory: (inner) => countingDirectory(faultyDirectory(inner, clock, systemRandom, noFaults, link), counts),
    });
    const logged: string[] = [];
    const metrics = new Metrics();
    const signIn = new SignIn(inside.directory, clock, systemRandom, cheapHasher);
    const node = { ...inside, signIn, tls, requireTls: this.options.requireTls ?? false, name: 'Isomail', version: 'test' };
    const listening = { host: '127.0.0.1', port: 0, implicitTls: null, node, log: openLog('warn', name, (line) => logged.push(line)), metrics };
    const started = { ...inside, server: await startPop3(listening), imap: await startImap(listening), link, counts, metrics, logged };
    this.#nodes.set(name, started);
    return started;
  }

  /** A client of the frontend, not yet greeted. */
  async connect(name = 'A'): Promise<Pop3Client> {
    return this.#kept(await Pop3Client.open((await this.node(name)).server.port));
  }

  /** A client of the frontend, greeted and logged in. */
  async signIn(login = 'alice', name = 'A'): Promise<Pop3Client> {
    const client = await this.connect(name);
    await client.line();
    await client.command(`USER ${login}`);
    const reply = await client.command(`PASS ${PASSWORD}`);
    if (!reply.startsWith('+OK')) throw new Error(`${login} cannot log in: ${reply}`);
    return client;
  }

  /** An IMAP client of the same frontend, with the INBOX selected. */
  async imap(login = 'alice', name = 'A'): Promise<ImapClient> {
    const client = this.#kept(await ImapClient.open((await this.node(name)).imap.port));
    await client.response();
    await client.command('login', `LOGIN ${login} "${PASSWORD}"`);
    await client.command('select', 'SELECT INBOX');
    return client;
  }

  async addUser(login = 'alice'): Promise<void> {
    const { accountId } = await this.#office.users.add(login, PASSWORD);
    this.#accountIds.set(login, accountId);
  }

  /** Puts messages into the INBOX of a user, octets as they are. */
  async deliver(login: string, messages: readonly (string | Uint8Array | { readonly text: string; readonly pop3Uidl?: string; readonly flags?: readonly string[] })[]): Promise<void> {
    const incoming: IncomingMessage[] = [];
    for (const message of messages) {
      const { text, pop3Uidl = null, flags = [] } = typeof message === 'string' || message instanceof Uint8Array ? { text: message } : message;
      const body = await takeBody(this.#office, this.#accountIds.get(login)!, typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
      incoming.push({ ...body, flags, internalDateMs: 0, pop3Uidl });
    }
    await this.withAccount(login, (account) => account.commit(addMessages('INBOX', incoming)));
  }

  /** Runs `work` on the account of a user as one more frontend would. */
  withAccount<T>(login: string, work: (account: Account) => Promise<T>): Promise<T> {
    return this.#office.users.withAccount(this.#accountIds.get(login)!, work);
  }

  /** The INBOX of a user as it is now. */
  inbox(login = 'alice'): Promise<Mailbox> {
    return this.withAccount(login, async (account) => {
      await account.refresh();
      return findMailbox(account.state, 'INBOX')!.mailbox;
    });
  }

  /** What the user's INBOX has: UID, and S where it is \Seen. */
  async messages(login = 'alice'): Promise<string[]> {
    const inbox = await this.inbox(login);
    return [...inbox.among(inbox.uids())].map(({ uid, flags }) => `${uid}${flags.includes(0) ? 'S' : ''}`);
  }

  /** Takes the body of a message away, as damage would. */
  async loseBody(login: string, uid: number): Promise<void> {
    const { blobId } = (await this.inbox(login)).get(uid)!;
    await this.#office.blobs.delete(blobKey(this.#accountIds.get(login)!, blobId));
  }

  /** How many entries the user's log has. */
  entries(login = 'alice'): number {
    return this.tier.logs.get(this.#accountIds.get(login)!)!.entries.length;
  }

  async disable(login = 'alice'): Promise<void> {
    await this.#office.users.disable(login);
  }

  async remove(login = 'alice'): Promise<void> {
    await this.#office.users.remove(login);
  }

  /** Ends all clients and nodes; rejects if one of them logged an error, which is always a bug. */
  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    for (const { server, imap, accounts } of this.#nodes.values()) {
      await Promise.all([server.drain(), imap.drain()]);
      accounts.close();
    }
    this.#office.accounts.close();
    const errors = [...this.#nodes.values()].flatMap(({ logged }) => logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 50));
    if (errors.length > 0) throw new Error(`a node logged errors:\n${errors.join('')}`);
  }

  #kept<C extends { destroy(): void }>(client: C): C {
    this.#clients.push(client);
    return client;
  }
}

let made: Promise<SecureContext> | null = null;

/** A certificate that nobody trusts, made once a process. */
function certificate(): Promise<SecureContext> {
  made ??= generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' }).then(({ cert, private: key }) => createSecureContext({ cert, key }));
  return made;
}

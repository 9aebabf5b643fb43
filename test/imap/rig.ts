// Handlers without sockets: one account over stores in memory, sessions on its INBOX, commands by their text. What a session hears is
// what the dispatcher would write.
import { Account } from '../../services/core/account/account';
import { findMailbox } from '../../services/core/account/account-state';
import { takeBody } from '../../services/core/account/body-intake';
import { addMessages } from '../../services/core/account/decide/add-messages';
import { expunge } from '../../services/core/account/decide/expunge';
import { createAccount } from '../../services/core/account/decide/folders';
import { storeFlags } from '../../services/core/account/decide/store-flags';
import { UidSet } from '../../services/core/account/uid-set';
import { View } from '../../services/core/account/view';
import { encodePointer, firstPointer } from '../../services/core/log/pointer';
import { systemClock, type Clock } from '../../services/core/runtime/clock';
import type { Logger } from '../../services/core/runtime/logging';
import { Metrics } from '../../services/core/runtime/metrics';
import { systemRandom } from '../../services/core/runtime/random';
import { blobPrefix } from '../../services/core/store/blob-key';
import type { BlobStore } from '../../services/core/store/blob-store';
import { MemoryBlobStore } from '../../services/core/store/memory/memory-blob-store';
import { MemoryDoorbell } from '../../services/core/store/memory/memory-doorbell';
import { MemoryLogStore } from '../../services/core/store/memory/memory-log-store';
import { MemoryTier } from '../../services/core/store/memory/memory-tier';
import { dispatch } from '../../services/imap/dispatch';
import { parseCommand } from '../../services/imap/grammar/command';
import type { Context, Exchange } from '../../services/imap/handler';
import { Session } from '../../services/imap/session';
import { segmentsOf } from './segments-of';

export interface Message {
  readonly text: string | Uint8Array;
  readonly flags?: readonly string[];
  readonly internalDateMs?: number;
}

/** What a test says about time if it does not matter. */
const INTERNAL_DATE_MS = Date.UTC(1996, 6, 17, 9, 44, 25);

export class Rig {
  readonly tier = new MemoryTier();
  /** What was logged at `warn` and above. */
  readonly logged: { readonly level: string; readonly message: string }[] = [];
  blobs: BlobStore;
  account!: Account;
  readonly metrics = new Metrics();

  private constructor(readonly clock: Clock) {
    this.blobs = new MemoryBlobStore(this.tier, clock);
  }

  static async open(messages: readonly Message[] = [], clock: Clock = systemClock): Promise<Rig> {
    const rig = new Rig(clock);
    const log = new MemoryLogStore(rig.tier);
    await log.movePointer('account', 0, encodePointer(firstPointer));
    const doorbell = new MemoryDoorbell(rig.tier);
    rig.account = await Account.load('account', { log, blobs: rig.blobs, doorbell, clock, random: systemRandom, onReadFailed: () => undefined });
    await rig.account.commit(createAccount('alice', null, 0));
    if (messages.length > 0) await rig.add(messages);
    return rig;
  }

  /** Adds messages to the INBOX; LFs of texts become CRLFs. */
  async add(messages: readonly Message[]): Promise<void> {
    const incoming = [];
    for (const { text, flags = [], internalDateMs = INTERNAL_DATE_MS } of messages) {
      const bytes = typeof text === 'string' ? Buffer.from(text.replaceAll('\n', '\r\n')) : text;
      const body = await takeBody({ blobs: this.blobs, clock: this.clock, random: systemRandom }, 'account', bytes);
      incoming.push({ ...body, flags, internalDateMs });
    }
    await this.account.commit(addMessages('INBOX', incoming));
  }

  /** A session with the INBOX selected. */
  session({ isReadOnly = false, enabled = [] }: { readonly isReadOnly?: boolean; readonly enabled?: readonly ('CONDSTORE' | 'QRESYNC')[] } = {}): RigSession {
    const { mailbox } = findMailbox(this.account.state, 'INBOX')!;
    const session = new Session();
    const user = { login: 'alice', lease: { account: this.account, release: () => undefined } };
    session.state = { name: 'selected', user, selected: { mailbox: mailbox.id, isInbox: true, isReadOnly, view: new View(mailbox), recent: [], keywordsTold: this.account.state.keywords.length } };
    this.account.recent.claim(mailbox, !isReadOnly);
    for (const word of enabled) session.enabled.add(word);
    return new RigSession(this, session);
  }

  /** Puts `read` between the handlers and the blob store. */
  readThrough(read: (inner: BlobStore['read'], ...args: Parameters<BlobStore['read']>) => AsyncIterable<Uint8Array>): void {
    const store = this.blobs;
    this.blobs = {
      put: (...args) => store.put(...args),
      read: (...args) => read((key, range) => store.read(key, range), ...args),
      list: (...args) => store.list(...args),
      delete: (...args) => store.delete(...args),
      close: () => store.close(),
    };
  }

  /** Where the body of a message of the INBOX is. */
  keyOf(uid: number): string {
    const { blobId } = findMailbox(this.account.state, 'INBOX')!.mailbox.get(uid)!;
    return blobPrefix('account') + Buffer.from(blobId).toString('hex');
  }

  /** Another session's work: sets a flag, and expunges. */
  async flagElsewhere(uids: readonly number[], flag: string): Promise<void> {
    const { id } = findMailbox(this.account.state, 'INBOX')!.mailbox;
    await this.account.commit(storeFlags(id, UidSet.of(uids), { mode: 'add', flags: [flag] }));
  }

  async expungeElsewhere(uids: readonly number[]): Promise<void> {
    await this.flagElsewhere(uids, '\\Deleted');
    await this.account.commit(expunge(findMailbox(this.account.state, 'INBOX')!.mailbox.id));
  }

  close(): void {
    this.account.close();
  }

  context(session: Session): Context {
    const note = (level: string) => (_fields: object, message: string) => void this.logged.push({ level, message });
    const log: Logger = { debug: () => undefined, info: () => undefined, warn: note('warn'), error: note('error'), child: () => log };
    const { blobs, clock } = this;
    const node = { blobs, clock, random: systemRandom, tls: null, requireTls: false, name: 'test', version: '0' } as unknown as Context['node'];
    return { session, node, exchange: {} as Exchange, log };
  }
}

export class RigSession {
  private count = 0;

  constructor(
    private readonly rig: Rig,
    readonly session: Session,
  ) {}

  /** Runs a command and answers all that is said, as one character for each octet. `onWrite` may wait: the client is slow then. */
  async say(command: string, onWrite: (bytes: Uint8Array) => Promise<void> = async () => undefined): Promise<string> {
    const heard: Uint8Array[] = [];
    this.count += 1;
    const write = async (bytes: Uint8Array): Promise<void> => {
      heard.push(Uint8Array.from(bytes));
      await onWrite(bytes);
    };
    await dispatch(parseCommand(segmentsOf(`t${this.count} ${command}`)), { ...this.rig.context(this.session), metrics: this.rig.metrics, write });
    return Buffer.concat(heard).toString('latin1');
  }

  /** The same, line by line, the tag taken away. */
  async lines(command: string): Promise<string[]> {
    const said = await this.say(command);
    return said.replace(/^t\d+ /m, '').trimEnd().split('\r\n');
  }
}

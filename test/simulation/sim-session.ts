// The server's end of one connection, as an IMAP, LMTP or POP3 session works: production account, decisions and view; no wire format.
import type { AccountLease } from '../../services/core/account/accounts';
import { findMailbox, mailboxById } from '../../services/core/account/account-state';
import { flagName } from '../../services/core/account/flag';
import { View, type ViewChanges } from '../../services/core/account/view';
import { sleep, withDeadline } from '../../services/core/runtime/clock';
import { FateUnknown, Refusal, Unavailable } from '../../services/core/runtime/errors';
import { limits } from '../../services/core/runtime/limits';
import { blobPrefix } from '../../services/core/store/blob-key';
import { hexOf } from './hex';
import type { Asked, Seen, Shown } from './history';
import { decisionOf, list, type Body, type Intent } from './intent';
import type { SimNode } from './sim-node';
import type { World } from './world';

export type Which =
  | { readonly by: 'uid'; readonly uids: readonly number[] }
  /** `meant`: what the client knows these numbers for. */
  | { readonly by: 'number'; readonly ranges: readonly (readonly [number, number])[]; readonly meant: readonly number[] };

/** An intent whose messages are named as on the wire, in the selected mailbox. */
type OnSelected<I> = I extends { readonly mailbox: unknown } ? Omit<I, 'mailbox' | 'uids'> & { readonly which: Which | null } : never;

export type Command =
  | { readonly verb: 'select' | 'status'; readonly name: string }
  | { readonly verb: 'noop' | 'fetch' }
  | { readonly verb: 'idle'; readonly forMs: number }
  | { readonly verb: 'append'; readonly name: string; readonly bodies: readonly Omit<Body, 'blob'>[]; readonly deliveryId: string | null }
  /** POP3's: on the mailbox as it was selected. */
  | { readonly verb: 'quit'; readonly retrieved: readonly number[]; readonly deleted: readonly number[] }
  | { readonly verb: 'onSelected'; readonly intent: OnSelected<Intent> }
  | { readonly verb: 'change'; readonly intent: Intent };

export interface Reply {
  readonly outcome: 'ok' | 'no' | 'bye';
  readonly text: string;
  readonly changes: ViewChanges | null;
  readonly shown: Shown | null;
}

/** Mail clients wait 20 to 60 s; a change may wait for another one's fate before its own is found out. */
const COMMAND_MAX_MS = 45_000;

export class SimSession {
  private lease: AccountLease | null = null;
  private view: View | null = null;
  private isEnded = false;
  private isBusy = false;

  constructor(
    private readonly world: World,
    private readonly node: SimNode,
    private readonly accountId: string,
    private readonly client: string,
    private readonly push: (changes: ViewChanges, shown: Shown) => void,
  ) {}

  end(): void {
    this.isEnded = true;
    if (!this.isBusy) this.lease?.release();
  }

  async handle(command: Command): Promise<Reply> {
    this.isBusy = true;
    this.node.busy.add(this);
    const { pauses } = this.node;
    const sinceMs = this.node.clock.monotonicMs();
    const knownThrough = this.world.history.knownThrough(this.accountId);
    let reply: Reply = { outcome: 'no', text: 'failed', changes: null, shown: null };
    try {
      reply = await this.answer(command, knownThrough);
    } catch (error) {
      this.world.violate(`${this.node.name} fails: ${(error as Error).stack}`);
    }
    const tookMs = this.node.clock.monotonicMs() - sinceMs - (command.verb === 'idle' ? command.forMs : 0);
    if (tookMs > COMMAND_MAX_MS && this.node.pauses === pauses) this.world.violate(`${this.node.name} takes ${Math.round(tookMs)} ms for ${command.verb}`);
    this.isBusy = false;
    this.node.busy.delete(this);
    if (this.isEnded) this.lease?.release();
    return reply;
  }

  private async answer(command: Command, knownThrough: number): Promise<Reply> {
    let outcome: 'ok' | 'no' = 'ok';
    let text: string;
    try {
      this.lease ??= await this.node.accounts.open(this.accountId);
      text = await this.run(command, knownThrough);
    } catch (error) {
      if (error instanceof FateUnknown) return { outcome: 'bye', text: String(error), changes: null, shown: null };
      if (!(error instanceof Refusal || error instanceof Unavailable)) throw error;
      outcome = 'no';
      text = String(error);
    }
    return this.sync(command, outcome, text, knownThrough);
  }

  private get account() {
    return this.lease!.account;
  }

  private async run(command: Command, knownThrough: number): Promise<string> {
    switch (command.verb) {
      case 'select': {
        this.view = null;
        await this.account.refresh();
        const found = findMailbox(this.account.state, command.name);
        if (!found) throw new Refusal('NONEXISTENT', 'no such mailbox');
        this.view = new View(found.mailbox);
        return 'selected';
      }
      case 'status':
        await this.account.refresh();
        return `position ${this.account.position}`;
      case 'noop':
        await this.account.refresh();
        return 'done';
      case 'fetch':
        await this.account.refreshIfUnheard();
        return 'done';
      case 'idle':
        await this.idle(command.forMs);
        return 'done';
      case 'append': {
        const messages: Body[] = [];
        for (const body of command.bodies) messages.push({ ...body, blob: await this.store(body) });
        return this.change({ kind: 'add', name: command.name, messages, deliveryId: command.deliveryId }, knownThrough);
      }
      case 'quit': {
        const { retrieved, deleted } = command;
        const { id: mailbox, uidValidity } = this.view!.mailbox;
        return this.change({ kind: 'update', mailbox, uidValidity, retrieved, deleted }, knownThrough);
      }
      case 'onSelected': {
        const { which, ...intent } = command.intent;
        if (!this.view) throw new Refusal(null, 'nothing is selected');
        await this.account.refreshIfUnheard();
        return this.change({ ...intent, mailbox: this.view.mailbox.id, uids: which && this.resolve(which) } as Intent, knownThrough);
      }
      case 'change':
        return this.change(command.intent, knownThrough);
    }
  }

  private resolve(which: Which): number[] {
    if (which.by === 'uid') return [...which.uids];
    const uids = [...this.view!.uidsOf(which.ranges)];
    if (list(uids) !== list(which.meant)) this.world.violate(`${this.client} means UIDs ${list(which.meant)} by its numbers, ${this.node.name} takes them for ${list(uids)}`);
    return uids;
  }

  /** Stores a body before anything names it, as APPEND and LMTP do. */
  private async store(body: Omit<Body, 'blob'>): Promise<string> {
    const blob = hexOf(this.node.random.bytes(16));
    try {
      const put = this.node.blobs.put(blobPrefix(this.accountId) + blob, Buffer.from(body.digest, 'hex'));
      await withDeadline(this.node.clock, limits.storeRequestMs, put, () => new Unavailable('the blob store does not answer'));
    } catch (cause) {
      throw new Unavailable('the body could not be stored', { cause });
    }
    return blob;
  }

  private async change(intent: Intent, knownThrough: number): Promise<string> {
    const { world, account, accountId, node } = this;
    const asked = world.history.ask(accountId, node.name, this.client, intent, knownThrough);
    world.trace(node.name, `${this.client} asks #${asked.id} ${JSON.stringify(intent)}`);
    const decide = decisionOf(intent);
    let rounds = 0;
    try {
      const result = await account.commit((state, timeMs) => {
        rounds += 1;
        asked.lastDecision = null;
        const decision = decide(state, timeMs);
        world.history.decided(asked, account.position, decision.change);
        return decision;
      });
      this.told(asked, { kind: 'ok', result, position: account.position, storedThrough: world.storedThrough(accountId) });
      if (rounds > 1) world.count('decided again');
      if (result === 'duplicate') world.count('duplicate delivery');
      return result;
    } catch (error) {
      if (error instanceof Refusal) this.told(asked, { kind: 'refused', code: error.code, storedThrough: world.storedThrough(accountId) });
      else if (error instanceof FateUnknown) this.told(asked, { kind: 'unknown' });
      else if (error instanceof Unavailable) this.told(asked, { kind: 'unavailable' });
      throw error;
    }
  }

  private told(asked: Asked, told: NonNullable<Asked['told']>): void {
    asked.told = told;
    this.world.trace(this.node.name, `#${asked.id} ${JSON.stringify(told)}`);
    this.world.count(told.kind === 'refused' ? `refused ${told.code}` : told.kind);
  }

  private async idle(forMs: number): Promise<void> {
    await this.account.refresh();
    const tell = (): void => {
      const mailbox = this.view && mailboxById(this.account.state, this.view.mailbox.id);
      if (!mailbox || this.isEnded) return;
      const changes = this.view!.syncAll(mailbox);
      this.push(changes, this.show(null));
    };
    tell();
    const stop = this.account.onMove(tell);
    await sleep(this.node.clock, forMs);
    stop();
  }

  private sync(command: Command, outcome: 'ok' | 'no', text: string, knownThrough: number): Reply {
    const { view } = this;
    if (!this.lease) return { outcome, text, changes: null, shown: null };
    const isFresh = outcome === 'ok' && command.verb !== 'fetch';
    this.world.history.learn(this.accountId, this.account.position);
    if (isFresh && this.account.position < knownThrough) {
      this.world.violate(`${this.node.name} answers ${this.client} from position ${this.account.position}, but ${knownThrough} was known before`);
    }
    if (!view) return { outcome, text, changes: null, shown: null };
    const mailbox = mailboxById(this.account.state, view.mailbox.id);
    if (!mailbox) return { outcome: 'bye', text: 'the selected mailbox was deleted', changes: null, shown: null };
    const isNumbered = command.verb === 'fetch' || (command.verb === 'onSelected' && command.intent.which?.by === 'number' && command.intent.kind === 'store');
    const before = new Set(view.ghostUids());
    const changes = isNumbered ? view.syncHold(mailbox) : view.syncAll(mailbox);
    const ghosts = [...view.ghostUids()];
    const hasMade = ghosts.some((uid) => !before.has(uid));
    if (hasMade) this.world.count('ghosts');
    const shown = this.show(isNumbered ? { uids: hasMade ? ghosts : [], modSeq: changes.heldBack } : null);
    return { outcome, text, changes, shown };
  }

  private show(heldBack: Seen['heldBack']): Shown {
    const view = this.view!;
    const { keywords } = this.account.state;
    const { mailbox } = view;
    const rows = Array.from({ length: view.exists }, (_, i) => {
      const { row, isGhost } = view.at(i + 1)!;
      const flags = row.flags.map((flag) => flagName(flag, keywords)).sort().join(' ');
      return { uid: row.uid, blob: hexOf(row.blobId), flags, flagNumbers: row.flags.join(' '), modSeq: row.modSeq, isGhost, uidAt: view.uidAt(i + 1), numberOf: view.numberOf(row.uid) };
    });
    const shown: Shown = {
      accountId: this.accountId,
      position: this.account.position,
      mailbox: mailbox.id,
      uidValidity: mailbox.uidValidity,
      uidNext: mailbox.uidNext,
      highestModSeq: mailbox.highestModSeq,
      rows,
      uids: list(view.uids()),
    };
    this.world.history.learn(this.accountId, shown.position);
    this.world.history.seen.push({ ...shown, client: this.client, heldBack });
    this.world.trace(this.node.name, `${this.client} sees mailbox ${mailbox.id} at ${shown.position}: ${rows.map(({ uid, isGhost }) => (isGhost ? `(${uid})` : uid)).join(' ')}`);
    return shown;
  }
}


// Judges a finished simulation by its log: folds it naively and compares what every client was told and shown.
import { decodeChanges } from '../../services/core/account/record-codec';
import type { AccountChange } from '../../services/core/account/record';
import { decodeEntry, type Entry } from '../../services/core/log/entry';
import { blobPrefix } from '../../services/core/store/blob-key';
import type { MemoryTier } from '../../services/core/store/memory/memory-tier';
import { hexOf } from './hex';
import { encodedChange, Violation, type Asked, type History, type Seen } from './history';
import { NaiveAccount, type NaiveMailbox } from './naive-account';
import { expectationOf, factsOf, type Expectation } from './naive-intent';

interface LoggedEntry extends Entry {
  readonly position: number;
  readonly decoded: readonly AccountChange[];
}

/** Throws Violation; returns the account as its whole log makes it. */
export function judge(accountId: string, tier: MemoryTier, history: History): NaiveAccount {
  const trial = new Trial(accountId, history);
  const entries = readLog(accountId, tier);
  trial.afterPosition(0, 0);
  for (const entry of entries) trial.entry(entry);
  trial.finish();
  return trial.account;
}

function readLog(accountId: string, tier: MemoryTier): LoggedEntry[] {
  return (tier.logs.get(accountId)?.entries ?? []).map(({ position, bytes }, i) => {
    if (position !== i + 1) throw new Violation(`position ${i + 1} of ${accountId} is empty`);
    const entry = decodeEntry(bytes);
    const { changes } = entry;
    const changeBytes = changes instanceof Uint8Array ? changes : tier.blobs.get(blobPrefix(accountId) + hexOf(changes.blobId))?.bytes;
    if (!changeBytes) throw new Violation(`the spilled changes of ${position} are not stored`);
    return { ...entry, position, decoded: decodeChanges(changeBytes) };
  });
}

class Trial {
  readonly account = new NaiveAccount();
  /** How often the change that was asked for is in the log. */
  private readonly placed = new Map<Asked, number>();
  private readonly asked: readonly Asked[];
  /** Told that nothing changed, or refused: each until a state is found on which that was right. */
  private unjustified: Asked[];
  private readonly seen = new Map<number, Seen[]>();
  /** UIDVALIDITY and UID → body: what clients keep for ever. */
  private readonly bodies = new Map<string, string>();

  constructor(
    private readonly accountId: string,
    private readonly history: History,
  ) {
    this.asked = history.asked.filter((asked) => asked.accountId === accountId);
    this.unjustified = this.asked.filter(({ told, lastDecision }) => (told?.kind === 'ok' && lastDecision === null) || (told?.kind === 'refused' && told.code !== 'INUSE'));
    for (const seen of history.seen) if (seen.accountId === accountId) this.seen.set(seen.position, [...(this.seen.get(seen.position) ?? []), seen]);
  }

  entry(entry: LoggedEntry): void {
    const { position, token, decoded, firstModSeq, changeCount, timeMs } = entry;
    const senders = this.history.senders.get(hexOf(token));
    if (senders?.length !== decoded.length || changeCount !== decoded.length) throw new Violation(`nobody sent entry ${position}`);
    for (const [k, change] of decoded.entries()) {
      this.change(senders[k]!, change, position, firstModSeq + k, timeMs);
      this.justify(position, timeMs);
    }
    this.checkTotals(entry);
    this.afterPosition(position, timeMs);
  }

  afterPosition(position: number, timeMs: number): void {
    this.justify(position, timeMs);
    for (const seen of this.seen.get(position) ?? []) this.checkSeen(seen);
    this.seen.delete(position);
  }

  private change(asked: Asked, change: AccountChange, position: number, modSeq: number, timeMs: number): void {
    const { told } = asked;
    const name = `#${asked.id} (${asked.intent.kind}, told ${told?.kind ?? 'nothing'})`;
    this.placed.set(asked, (this.placed.get(asked) ?? 0) + 1);
    if (this.placed.get(asked) !== 1) throw new Violation(`${name} is in the log twice, again at ${position}`);
    if (told?.kind === 'refused' || told?.kind === 'unavailable') throw new Violation(`${name} is in the log, at ${position}`);
    if (position <= asked.knownThrough) throw new Violation(`${name} is at ${position}, but ${asked.knownThrough} was known before it was asked`);
    const expectation = expectationOf(asked.intent, this.account, timeMs);
    if ('refused' in expectation) throw new Violation(`${name} is in the log at ${position}, where it is to be refused: ${expectation.refused}`);
    const facts = factsOf(change, this.account);
    const before = this.account.tree();
    const made = this.account.mailboxesMade;
    this.account.apply(change, modSeq);
    if (facts.join('\n') !== expectation.facts.join('\n')) throw new Violation(`${name} at ${position} says\n${facts.join('\n')}\nnot\n${expectation.facts.join('\n')}`);
    compareTrees(name, this.account.tree(), expectation.tree ?? before, made);
    if (told?.kind !== 'ok') return;
    if (asked.lastDecision !== encodedChange(change)) throw new Violation(`${name} was answered by another decision than the one at ${position}`);
    if (told.position < position) throw new Violation(`${name} is at ${position}, but its session was at ${told.position} when told`);
    if (told.storedThrough < position) throw new Violation(`${name} was told before ${position} was stored`);
    const result = expectation.told(this.account);
    if (told.result !== result) throw new Violation(`${name} at ${position} was told "${told.result}", not "${result}"`);
  }

  /** Looks whether the state as it is now makes some answer right that changed nothing. */
  private justify(position: number, timeMs: number): void {
    this.unjustified = this.unjustified.filter((asked) => {
      const { told } = asked;
      if (told?.kind !== 'ok' && told?.kind !== 'refused') return true;
      if (position < asked.knownThrough || position > told.storedThrough) return true;
      return !isRight(told, expectationOf(asked.intent, this.account, timeMs), this.account);
    });
  }

  private checkTotals({ position, decoded, totals }: LoggedEntry): void {
    const named = new Set(decoded.flat().flatMap((record) => ('mailbox' in record ? [record.mailbox as number] : [])));
    const counted = [...named].filter((id) => this.account.mailboxes.has(id)).map((id) => this.account.totals(id));
    if (JSON.stringify(totals) !== JSON.stringify(counted)) throw new Violation(`entry ${position} has totals ${JSON.stringify(totals)}, counted ${JSON.stringify(counted)}`);
  }

  private checkSeen(seen: Seen): void {
    const name = `${seen.client} at ${seen.position} in mailbox ${seen.mailbox}`;
    const mailbox = this.account.mailboxOf(seen.mailbox);
    if (numbers(seen) !== numbers(mailbox)) throw new Violation(`${name} sees UIDVALIDITY, UIDNEXT, HIGHESTMODSEQ ${numbers(seen)}, not ${numbers(mailbox)}`);
    const rows = seen.rows.filter(({ isGhost }) => !isGhost).map(({ uid, blob, flags, modSeq }) => `${uid} ${blob} ${flags} ${modSeq}`);
    const messages = [...mailbox.messages.values()].map(({ uid, blob, flags, modSeq }) => `${uid} ${blob} ${[...flags].sort().join(' ')} ${modSeq}`);
    if (rows.join('\n') !== messages.join('\n')) throw new Violation(`${name} sees\n${rows.join('\n')}\nnot\n${messages.join('\n')}`);
    for (const { uid, isGhost } of seen.rows) if (isGhost && !mailbox.expunged.has(uid)) throw new Violation(`${name} has the ghost ${uid}, which was never expunged`);
    for (const { uid, blob } of seen.rows) this.checkBody(`${name}: UID ${uid}`, `${seen.uidValidity} ${uid}`, blob);
    checkHeldBack(name, seen, mailbox);
  }

  private checkBody(name: string, key: string, blob: string): void {
    const known = this.bodies.get(key) ?? blob;
    if (known !== blob) throw new Violation(`${name} is another message than it was`);
    this.bodies.set(key, blob);
  }

  finish(): void {
    for (const { client, position } of [...this.seen.values()].flat()) throw new Violation(`${client} saw position ${position}, which is not in the log`);
    for (const asked of this.asked) {
      const name = `#${asked.id} (${asked.intent.kind})`;
      if (asked.told?.kind === 'ok' && asked.lastDecision !== null && !this.placed.has(asked)) throw new Violation(`${name} was told OK and is not in the log`);
      if (asked.told?.kind === 'ok' && asked.lastDecision === null && this.placed.has(asked)) throw new Violation(`${name} was told that nothing changed, and is in the log`);
    }
    for (const { id, intent, told, knownThrough } of this.unjustified) {
      throw new Violation(`#${id} ${JSON.stringify(intent)} was told ${JSON.stringify(told)}; that was right on no state since ${knownThrough}`);
    }
    for (const { accountId, deliveryId, isTaken } of this.history.deliveries) {
      const isOurs = accountId === this.accountId && isTaken;
      if (isOurs && !this.account.deliveryIds.has(deliveryId)) throw new Violation(`delivery ${deliveryId} was taken and is not in the log`);
    }
  }
}

function numbers(of: { readonly uidValidity: number; readonly uidNext: number; readonly highestModSeq: number }): string {
  return `${of.uidValidity} ${of.uidNext} ${of.highestModSeq}`;
}

function isRight(told: NonNullable<Asked['told']>, expectation: Expectation, account: NaiveAccount): boolean {
  if (told.kind === 'refused') return 'refused' in expectation && expectation.refused === told.code;
  return told.kind === 'ok' && !('refused' in expectation) && expectation.facts.length === 0 && expectation.tree === null && expectation.told(account) === told.result;
}

function compareTrees(name: string, after: ReadonlyMap<string, number | null>, expected: ReadonlyMap<string, number | null | 'new'>, made: number): void {
  const shown = (tree: ReadonlyMap<string, number | null | 'new'>): string =>
    [...tree].map(([path, id]) => `${path}=${typeof id === 'number' && id > made ? 'new' : id}`).sort().join('\n');
  if (shown(after) !== shown(expected)) throw new Violation(`${name} makes the tree\n${shown(after)}\nnot\n${shown(expected)}`);
}

/** RFC 7162 §3.2: no HIGHESTMODSEQ above an expunge that was not told. */
function checkHeldBack(name: string, { heldBack }: Seen, mailbox: NaiveMailbox): void {
  if (!heldBack) return;
  const lowest = heldBack.uids.length > 0 ? Math.min(...heldBack.uids.map((uid) => mailbox.expunged.get(uid) ?? NaN)) : null;
  if (lowest !== heldBack.modSeq) throw new Violation(`${name} held back the expunge ${heldBack.modSeq}, not ${lowest}`);
}

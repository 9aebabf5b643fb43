// Brings a source's messages into an account, in their order, many in one entry. Whatever was cut off is done again by the same
// import, and what is in stays once: each message has a delivery id of its own.
import { createHash } from 'node:crypto';
import type { Account } from '../../core/account/account';
import { findMailbox, type AccountState } from '../../core/account/account-state';
import { takeBody, type BodyPorts, type StoredBody } from '../../core/account/body-intake';
import type { Added, IncomingMessage } from '../../core/account/decide/add-messages';
import type { Decide } from '../../core/account/decide/decision';
import { createMailbox, subscribe } from '../../core/account/decide/folders';
import { flagNumber } from '../../core/account/flag';
import { Refusal } from '../../core/runtime/errors';
import { limits } from '../../core/runtime/limits';
import { InFlight } from './in-flight';
import { newUids, type Placement } from './placement';
import { Pop3Uidls } from './pop3-uidls';
import { SourceProblem, type MessageFacts, type Report, type Source, type SourceMessage } from './source';

/** As for APPEND: what clients could never have put there they could perhaps not read either. */
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
/** Messages up to this are stored side by side, in memory until then; larger ones pass through, one at a time. */
const SMALL_BYTES = 1024 * 1024;
const IN_FLIGHT = 48;

export interface ImportResult {
  added: number;
  /** Were in the account already. */
  known: number;
  /** Reported, not imported. */
  skipped: number;
}

export class Importer {
  private readonly result: ImportResult = { added: 0, known: 0, skipped: 0 };
  private readonly inFlight = new InFlight(IN_FLIGHT);
  private readonly refused = new Set<string>();
  private readonly pop3Uidls: Pop3Uidls;

  constructor(
    private readonly ports: BodyPorts,
    private readonly account: Account,
    private readonly report: Report,
    private readonly onDone: (weight: number) => void,
    private readonly placement: Placement = newUids,
  ) {
    this.pop3Uidls = new Pop3Uidls(account);
  }

  /** Throws Refusal (OVERQUOTA, LIMIT …), Unavailable, FateUnknown: then the same import, started again, goes on. */
  async run(source: Source): Promise<ImportResult> {
    await this.makeMailboxes(source);
    for await (const message of source.messages()) {
      await this.inFlight.room();
      try {
        if (this.refused.has(message.mailbox)) throw new SourceProblem(`the mailbox ${message.mailbox} could not be made`);
        await this.take(message);
      } catch (error) {
        if (!(error instanceof SourceProblem)) throw error;
        this.result.skipped += 1;
        this.report(message.place, error.message);
        this.onDone(message.weight);
      }
    }
    await this.inFlight.end();
    await this.placement.end(this.account);
    return this.result;
  }

  private async makeMailboxes({ mailboxes, former }: Source): Promise<void> {
    const missing = mailboxes.filter((name) => !findMailbox(this.account.state, name));
    await this.placement.begin(this.account);
    for (const name of missing) {
      if (findMailbox(this.account.state, name)) continue;
      if (!(await this.unlessRefused(name, createMailbox(name, former?.bareNames)))) this.refused.add(name);
    }
    const subscriptions = former?.subscriptions ?? missing.filter((name) => !this.refused.has(name));
    for (const name of subscriptions) await this.unlessRefused(name, subscribe(name));
  }

  /** False, and reported, if it was refused: the rest may come in all the same. */
  private async unlessRefused(name: string, decide: Decide<unknown>): Promise<boolean> {
    try {
      await this.account.commit(decide);
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code === 'ALREADYEXISTS') return true;
      this.result.skipped += 1;
      this.report(name, error.message);
      return false;
    }
  }

  private async take(message: SourceMessage): Promise<void> {
    const octets = limited(message.body)[Symbol.asyncIterator]();
    try {
      await this.takeOctets(message, octets);
    } finally {
      await octets.return?.(); // What was not read to its end is closed.
    }
  }

  private async takeOctets(message: SourceMessage, octets: AsyncIterator<Buffer>): Promise<void> {
    const { head, isWhole } = await readHead(octets);
    const facts = await message.describe(head);
    if (!facts.isMessage) return this.onDone(message.weight);
    if (!isWhole) {
      const body = await takeBody(this.ports, this.account.id, followedBy(head, octets));
      return this.add(message, facts, Promise.resolve(body), this.deliveryIdOf(message, body.digest));
    }
    const deliveryId = this.deliveryIdOf(message, createHash('sha256').update(head).digest());
    if (this.account.state.deliveryIds.has(deliveryId)) return this.count(null, message);
    this.add(message, facts, takeBody(this.ports, this.account.id, head), deliveryId);
  }

  /** Of this mailbox, not of its name: one that was deleted since is filled anew. */
  private deliveryIdOf({ identity, mailbox }: SourceMessage, digest: Uint8Array): Uint8Array {
    const id = findMailbox(this.account.state, mailbox)?.mailbox.id ?? 0;
    return new Uint8Array(createHash('sha256').update(`import\0${id}\0${identity}\0`).update(digest).digest().subarray(0, 16));
  }

  /** Changes are asked for in the source's order, so UIDs follow it; they need not be waited for one by one. */
  private add(message: SourceMessage, facts: MessageFacts, body: Promise<StoredBody>, deliveryId: Uint8Array): void {
    this.inFlight.add(body, async (stored) => {
      const pop3Uidl = this.pop3Uidls.claim(message.mailbox, message.pop3Uidl);
      const incoming: IncomingMessage = { ...stored, flags: facts.flags, internalDateMs: facts.internalDateMs, pop3Uidl };
      this.count(await this.account.commit(this.decideOn(message, incoming, deliveryId)), message);
    });
  }

  /** An account's dictionary of keywords may be full: a message without its keyword is better than none. */
  private decideOn(message: SourceMessage, incoming: IncomingMessage, deliveryId: Uint8Array): Decide<Added | null> {
    return (state, timeMs) => this.placement.add(message, { ...incoming, flags: fittingFlags(state, incoming.flags) }, deliveryId)(state, timeMs);
  }

  private count(added: Added | null, { weight }: SourceMessage): void {
    if (added) this.result.added += 1;
    else this.result.known += 1;
    this.onDone(weight);
  }
}

function fittingFlags(state: AccountState, names: readonly string[]): string[] {
  let free = limits.keywords - state.keywords.length;
  return names.filter((name) => flagNumber(name, state.keywords) !== null || free-- > 0);
}

async function* limited(body: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MESSAGE_BYTES_MAX) throw new SourceProblem(`larger than ${MESSAGE_BYTES_MAX / 1024 / 1024} MiB`);
    yield chunk;
  }
}

/** All of a small message, or the start of a large one. */
async function readHead(octets: AsyncIterator<Buffer>): Promise<{ head: Buffer; isWhole: boolean }> {
  const chunks: Buffer[] = [];
  for (let bytes = 0; bytes <= SMALL_BYTES; bytes += chunks.at(-1)!.length) {
    const next = await octets.next();
    if (next.done) return { head: Buffer.concat(chunks), isWhole: true };
    chunks.push(next.value);
  }
  return { head: Buffer.concat(chunks), isWhole: false };
}

async function* followedBy(head: Buffer, rest: AsyncIterator<Buffer>): AsyncIterable<Buffer> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

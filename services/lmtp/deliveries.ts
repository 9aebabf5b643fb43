// From a message that comes in to one outcome a recipient: its body stored for each, then an entry in each account's log (law 2). A small
// message is held until all have it; of a large one the first recipient's blob is what the others get their copies from.
import { createHash } from 'node:crypto';
import type { Account } from '../core/account/account';
import type { Accounts } from '../core/account/accounts';
import { takeBody, type BodyPorts, type StoredBody } from '../core/account/body-intake';
import { MessageBodies } from '../core/account/message-bodies';
import { Turnstile } from '../core/runtime/turnstile';
import { Disconnected, Refusal, Unavailable } from '../core/runtime/errors';
import type { Logger } from '../core/runtime/logging';
import { foresee, takeDelivery } from './decide-delivery';
import { Flood, type IncomingData } from './incoming-data';
import type { LmtpLimits } from './lmtp-limits';
import type { Recipient } from './recipient';
import { Reply, replyTo, type Result } from './reply';
import { traceFields } from './trace-fields';

export interface DeliveryPorts extends BodyPorts {
  readonly accounts: Accounts;
}

export type Outcome = 'delivered' | 'repeated' | Reply;

/** A message and for whom it is, none of them twice. */
export interface Arrival {
  readonly sender: string;
  readonly recipients: readonly Recipient[];
  readonly data: IncomingData;
  readonly log: Logger;
}

export class Deliveries {
  private readonly turnstile: Turnstile;

  constructor(
    private readonly ports: DeliveryPorts,
    private readonly limits: LmtpLimits,
    private readonly onResult: (result: Result) => void,
  ) {
    this.turnstile = new Turnstile(limits.deliveriesAtOnce, limits.connections * limits.recipients, 'too many deliveries at this moment; try again');
  }

  /** How it ended for each recipient. Throws Disconnected and Flood: then nobody got anything. */
  async deliver(arrival: Arrival): Promise<ReadonlyMap<Recipient, Outcome>> {
    const outcomes = await this.outcomesOf(arrival);
    for (const [{ login }, outcome] of outcomes) this.tell(arrival.log, login, outcome);
    return outcomes;
  }

  private async outcomesOf(arrival: Arrival): Promise<Map<Recipient, Outcome>> {
    const { data } = arrival;
    const held: Buffer[] = [];
    let heldBytes = 0;
    try {
      for (;;) {
        const block = await data.block();
        if (block === null) return await this.deliverHeld(arrival, held, heldBytes);
        held.push(block);
        heldBytes += block.length;
        if (heldBytes >= this.limits.heldBytes) return await this.deliverStreamed(arrival, held, heldBytes);
      }
    } catch (error) {
      if (!(error instanceof Reply)) throw error; // It was too large, for all of them.
      return sameFor(arrival.recipients, error);
    }
  }

  private deliverHeld(arrival: Arrival, held: readonly Buffer[], heldBytes: number): Promise<Map<Recipient, Outcome>> {
    return this.each(arrival, arrival.recipients, (recipient) =>
      this.deliverTo(arrival, recipient, heldBytes, (fields) => Buffer.concat([fields, ...held])),
    );
  }

  private async deliverStreamed(arrival: Arrival, held: Buffer[], heldBytes: number): Promise<Map<Recipient, Outcome>> {
    const { sender, recipients, data, log } = arrival;
    const first = await this.firstWilling(recipients, heldBytes);
    if (first === null) return this.deliverNothing(arrival, heldBytes);
    const fields = traceFields(sender, first.address);
    let body: StoredBody;
    try {
      body = await takeBody(this.ports, first.accountId, joined([fields, ...held.splice(0)], data.blocks()));
    } catch (error) {
      if (error instanceof Reply || error instanceof Flood || error instanceof Disconnected) throw error;
      // The message is gone; it comes again for all of them.
      await data.discard();
      return sameFor(recipients, replyTo(error, log));
    }
    const bodies = new MessageBodies(this.ports.blobs, this.ports.clock, first.accountId);
    const range = { startByte: fields.length, endByte: body.sizeBytes };
    return this.each(arrival, recipients, (recipient) =>
      recipient === first
        ? this.commit(arrival, first, body)
        : this.deliverTo(arrival, recipient, range.endByte - range.startByte, (own) => joined([own], bodies.read(body.blobId, range))),
    );
  }

  /** Whose blob is worth beginning; null: nobody's. Nobody is refused yet: who had the message before is known when all of it was heard. */
  private firstWilling(recipients: readonly Recipient[], atLeastBytes: number): Promise<Recipient | null> {
    const asked = recipients.map((recipient) => this.turnstile.pass(() => this.foresee(recipient, atLeastBytes, null)).then(() => recipient));
    return Promise.any(asked).catch(() => null);
  }

  /** Hears the message without keeping it: for recipients who all refuse it, or had it before. */
  private async deliverNothing(arrival: Arrival, heardBytes: number): Promise<Map<Recipient, Outcome>> {
    let messageBytes = heardBytes;
    for await (const block of arrival.data.blocks()) messageBytes += block.length;
    return this.each(arrival, arrival.recipients, (recipient) =>
      this.deliverTo(arrival, recipient, messageBytes, () => {
        throw new Unavailable('nobody could take the message when it came; one can now');
      }),
    );
  }

  /** To one recipient, of a message that is here as a whole. */
  private async deliverTo(
    arrival: Arrival,
    recipient: Recipient,
    messageBytes: number,
    source: (fields: Buffer) => Uint8Array | AsyncIterable<Uint8Array>,
  ): Promise<Outcome> {
    const fields = traceFields(arrival.sender, recipient.address);
    const foreseen = await this.foresee(recipient, fields.length + messageBytes, deliveryIdOf(recipient, arrival.data));
    if (foreseen === 'repeated') return 'repeated';
    return this.commit(arrival, recipient, await takeBody(this.ports, recipient.accountId, source(fields)));
  }

  private commit({ data }: Arrival, recipient: Recipient, body: StoredBody): Promise<'delivered' | 'repeated'> {
    return this.withAccount(recipient, (account) => account.commit(takeDelivery(recipient.folder, body, deliveryIdOf(recipient, data))));
  }

  /** What needs no body to be refused needs none to be stored. A refusal is final only on a state read after the message came (W8). */
  private foresee(recipient: Recipient, sizeBytes: number, deliveryId: Uint8Array | null): Promise<'new' | 'repeated'> {
    return this.withAccount(recipient, async (account) => {
      try {
        return foresee(account.state, sizeBytes, deliveryId);
      } catch (error) {
        if (!(error instanceof Refusal) && !(error instanceof Reply)) throw error;
        await account.refresh();
        return foresee(account.state, sizeBytes, deliveryId);
      }
    });
  }

  private async withAccount<T>({ accountId }: Recipient, work: (account: Account) => Promise<T>): Promise<T> {
    const lease = await this.ports.accounts.open(accountId);
    try {
      return await work(lease.account);
    } finally {
      lease.release();
    }
  }

  /** All at once, but no more of them than the process can bear; what fails for one fails for that one. */
  private async each(arrival: Arrival, recipients: readonly Recipient[], work: (recipient: Recipient) => Promise<Outcome>): Promise<Map<Recipient, Outcome>> {
    const outcomes = new Map<Recipient, Outcome>();
    await Promise.all(
      recipients.map(async (recipient) => {
        outcomes.set(recipient, await this.turnstile.pass(() => work(recipient)).catch((error: unknown) => replyTo(error, arrival.log)));
      }),
    );
    return outcomes;
  }

  /** Counts an outcome and writes it down. */
  private tell(log: Logger, login: string, outcome: Outcome): void {
    const result = outcome instanceof Reply ? outcome.result : outcome;
    this.onResult(result);
    log.info({ login, result, ...(outcome instanceof Reply && { reply: `${outcome.code} ${outcome.message}` }) }, 'delivery');
  }
}

/**
 * The same on every frontend, for one message to one recipient that comes again because its sender did not hear that it was taken: but
 * only a message that a mail server has stamped is never meant twice.
 */
function deliveryIdOf({ key }: Recipient, data: IncomingData): Uint8Array | null {
  if (!data.hasReceivedField) return null;
  return createHash('sha256').update(key).update('\0').update(data.digest).digest().subarray(0, 16);
}

async function* joined(before: readonly Uint8Array[], rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* before;
  yield* rest;
}

function sameFor(recipients: readonly Recipient[], reply: Reply): Map<Recipient, Outcome> {
  return new Map(recipients.map((recipient) => [recipient, reply]));
}

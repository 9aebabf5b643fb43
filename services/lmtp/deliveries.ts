// From a message that comes in to one outcome a recipient: its body stored for each, then an entry in each account's log (law 2). A small
// message is held until all have it; of a large one the first recipient's blob is what the others get their copies from.
import { createHash } from 'node:crypto';
import type { Account } from '../core/account/account';
import type { Accounts } from '../core/account/accounts';
import { takeBody, type BodyPorts, type StoredBody } from '../core/account/body-intake';
import { MessageBodies } from '../core/account/message-bodies';
import { Turnstile } from '../core/runtime/turnstile';
import { Disconnected, Refusal } from '../core/runtime/errors';
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
      return this.sameFor(arrival, arrival.recipients, error);
    }
  }

  private deliverHeld(arrival: Arrival, held: readonly Buffer[], heldBytes: number): Promise<Map<Recipient, Outcome>> {
    return this.each(arrival, arrival.recipients, (recipient) =>
      this.deliverTo(arrival, recipient, heldBytes, (fields) => Buffer.concat([fields, ...held])),
    );
  }

  private async deliverStreamed(arrival: Arrival, held: Buffer[], heldBytes: number): Promise<Map<Recipient, Outcome>> {
    const { sender, recipients, data, log } = arrival;
    const outcomes = new Map<Recipient, Outcome>();
    const first = await this.firstWilling(arrival, heldBytes, outcomes);
    if (first === null) {
      await data.discard();
      return outcomes;
    }
    const fields = traceFields(sender, first.address);
    const others = recipients.filter((recipient) => recipient !== first && !outcomes.has(recipient));
    let body: StoredBody;
    try {
      body = await takeBody(this.ports, first.accountId, joined([fields, ...held.splice(0)], data.blocks()));
    } catch (error) {
      if (error instanceof Reply || error instanceof Flood || error instanceof Disconnected) throw error;
      // The message is gone; it comes again for all of them.
      await data.discard();
      return merged(outcomes, this.sameFor(arrival, [first, ...others], replyTo(error, log)));
    }
    const bodies = new MessageBodies(this.ports.blobs, this.ports.clock, first.accountId);
    const range = { startByte: fields.length, endByte: body.sizeBytes };
    const copied = await this.each(arrival, [first, ...others], (recipient) =>
      recipient === first
        ? this.commit(arrival, first, body)
        : this.deliverTo(arrival, recipient, range.endByte - range.startByte, (own) => joined([own], bodies.read(body.blobId, range))),
    );
    return merged(outcomes, copied);
  }

  /** The first recipient who is not refused now; what becomes of those before goes into `outcomes`. */
  private async firstWilling(arrival: Arrival, atLeastBytes: number, outcomes: Map<Recipient, Outcome>): Promise<Recipient | null> {
    for (const recipient of arrival.recipients) {
      try {
        await this.foresee(recipient, atLeastBytes, null);
        return recipient;
      } catch (error) {
        outcomes.set(recipient, this.told(arrival, recipient, replyTo(error, arrival.log)));
      }
    }
    return null;
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
        const outcome = await this.turnstile.pass(() => work(recipient)).catch((error: unknown) => replyTo(error, arrival.log));
        outcomes.set(recipient, this.told(arrival, recipient, outcome));
      }),
    );
    return outcomes;
  }

  private sameFor(arrival: Arrival, recipients: readonly Recipient[], reply: Reply): Map<Recipient, Outcome> {
    return new Map(recipients.map((recipient) => [recipient, this.told(arrival, recipient, reply)]));
  }

  /** Counts an outcome and writes it down. */
  private told({ log }: Arrival, { login }: Recipient, outcome: Outcome): Outcome {
    const result = outcome instanceof Reply ? outcome.result : outcome;
    this.onResult(result);
    log.info({ login, result, ...(outcome instanceof Reply && { reply: `${outcome.code} ${outcome.message}` }) }, 'delivery');
    return outcome;
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

function merged(...parts: readonly ReadonlyMap<Recipient, Outcome>[]): Map<Recipient, Outcome> {
  return new Map(parts.flatMap((part) => [...part]));
}

// The mail transactions of all sessions: MAIL, RCPT and DATA of RFC 2033. smtp-server makes a new envelope for each transaction, and
// resets it with RSET and LHLO: what belongs to a transaction hangs on its envelope.
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerEnvelope, SMTPServerSession } from 'smtp-server';
import { inTimeBy, type InTime } from '../core/runtime/in-time';
import type { Logger } from '../core/runtime/logging';
import type { Directory } from '../core/store/directory';
import { Deliveries, type DeliveryPorts, type Outcome } from './deliveries';
import { IncomingData } from './incoming-data';
import type { LmtpLimits } from './lmtp-limits';
import { findRecipient, type Recipient } from './recipient';
import { replyTo, tooManyRecipients, unknownParameter, type Reply, type Result } from './reply';

export interface LmtpNode extends DeliveryPorts {
  readonly directory: Directory;
}

/** What MAIL may be given: RFC 1870, RFC 6152, RFC 6531. RCPT takes nothing. */
const MAIL_PARAMETERS = new Set(['SIZE', 'BODY', 'SMTPUTF8']);

export class Transactions {
  /** One for each RCPT that was accepted, in order: each gets a reply of its own, those that name one recipient too (RFC 2033 §4.2). */
  private readonly recipients = new WeakMap<SMTPServerEnvelope, Recipient[]>();
  private readonly deliveries: Deliveries;
  private readonly inTime: InTime;

  constructor(
    private readonly node: LmtpNode,
    private readonly limits: LmtpLimits,
    private readonly onResult: (result: Result) => void,
  ) {
    this.inTime = inTimeBy(node.clock);
    this.deliveries = new Deliveries(node, limits, onResult);
  }

  /** Throws Reply. */
  mail(sender: SMTPServerAddress): void {
    requireKnown(sender, MAIL_PARAMETERS);
  }

  /** Throws Reply. */
  async rcpt(recipient: SMTPServerAddress, { envelope }: SMTPServerSession, log: Logger): Promise<void> {
    requireKnown(recipient, new Set());
    const accepted = this.recipients.get(envelope) ?? [];
    if (accepted.length >= this.limits.recipients) throw tooManyRecipients();
    try {
      const found = await findRecipient(this.node.directory, this.inTime, recipient.address);
      const known = accepted.find(({ key }) => key === found.key);
      this.recipients.set(envelope, [...accepted, known ?? found]);
    } catch (error) {
      const reply = replyTo(error, log);
      this.onResult(reply.result);
      throw reply;
    }
  }

  /** One reply for each RCPT that was accepted; a text: 250. Throws Disconnected, Flood. */
  async data(stream: SMTPServerDataStream, { envelope }: SMTPServerSession, log: Logger): Promise<(string | Reply)[]> {
    const accepted = this.recipients.get(envelope) ?? [];
    const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
    const data = new IncomingData(stream, this.limits);
    const outcomes = await this.deliveries.deliver({ sender, recipients: [...new Set(accepted)], data, log });
    return accepted.map((recipient) => answer(outcomes.get(recipient)!));
  }

  countOf({ envelope }: SMTPServerSession): number {
    return this.recipients.get(envelope)?.length ?? 0;
  }
}

function answer(outcome: Outcome): string | Reply {
  if (outcome === 'delivered') return 'delivered';
  return outcome === 'repeated' ? 'it was delivered before' : outcome;
}

/** RFC 5321 §4.1.1.11. Throws Reply. */
function requireKnown({ args }: SMTPServerAddress, known: ReadonlySet<string>): void {
  const unknown = Object.keys(args || {}).find((name) => !known.has(name));
  if (unknown !== undefined) throw unknownParameter(unknown.slice(0, 40));
}

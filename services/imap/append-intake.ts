// The messages of one APPEND on their way in, one after the other (RFC 3502): what can be refused of each is refused before it is sent,
// and before the one before it is stored. Nothing is in the mailbox until all are here.
import type { Account } from '../core/account/account';
import type { StoredBody } from '../core/account/body-intake';
import { requireQuota, requireRoom, type IncomingMessage } from '../core/account/decide/add-messages';
import { requireTarget } from '../core/account/decide/decision';
import { knowFlags } from '../core/account/decide/keywords';
import { BadCommand, Refusal } from '../core/runtime/errors';
import type { Literal } from '../core/wire/literal';
import type { Messages } from './command-reader';
import { parseAppendRest, type AppendMessage } from './grammar/append-args';
import { imapLimits } from './imap-limits';

export interface AnnouncedMessage extends AppendMessage {
  readonly literal: Literal;
}

export class AppendIntake {
  /** Those that are durable. */
  readonly messages: IncomingMessage[] = [];
  private readonly admitted: { readonly sizeBytes: number }[] = [];
  /** Of all that were admitted, by folded name. */
  private readonly flags = new Map<string, string>();
  private summaryBytes = 0;
  private announced: AnnouncedMessage | null = null;

  constructor(
    private readonly account: Account,
    private readonly mailbox: string,
    private readonly incoming: Messages,
  ) {}

  /** The message that comes next; null: there was no further one. */
  get next(): AnnouncedMessage | null {
    return this.announced;
  }

  /** Takes a message into account, or throws what a commit would refuse now if it were the last. Throws BadCommand, Refusal. */
  admit(message: AnnouncedMessage): void {
    const { sizeBytes } = requireLiteral(message.literal);
    this.admitted.push({ sizeBytes });
    if (this.admitted.length > imapLimits.messagesPerAppend) throw new Refusal('LIMIT', `an APPEND takes at most ${imapLimits.messagesPerAppend} messages`);
    const { state } = this.account;
    const { mailbox } = requireTarget(state, this.mailbox);
    requireQuota(state, this.admitted);
    requireRoom(mailbox, this.admitted.length);
    for (const flag of message.flags) this.flags.set(flag.toLowerCase(), flag);
    knowFlags(state, [...this.flags.values()]);
    this.announced = message;
  }

  /**
   * The octets of a message that was admitted, to be taken to their end; then `next` is known. Whatever is wrong with what follows is
   * thrown at the end of the octets, so that whoever stores them does not.
   */
  async *octets({ literal }: AnnouncedMessage): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.incoming.body(literal)) {
      // literal = "{" number "}" CRLF *CHAR8; CHAR8 = %x01-ff
      if (chunk.includes(0)) throw new BadCommand('a literal must not contain NUL');
      yield chunk;
    }
    const rest = await this.incoming.rest();
    const following = parseAppendRest(rest.line, rest.literal !== null);
    this.announced = null;
    if (following && rest.literal) this.admit({ ...following, literal: rest.literal });
  }

  /** A message has come. Throws Refusal: what is held until the last one has come is bounded. */
  add({ flags, internalDateMs }: AnnouncedMessage, body: StoredBody): void {
    this.summaryBytes += body.summary.length;
    if (this.summaryBytes > imapLimits.summaryBytesPerAppend) throw new Refusal('LIMIT', 'the messages of this APPEND have too many parts; append them one by one');
    this.messages.push({ ...body, flags, internalDateMs });
  }
}

function requireLiteral(literal: Literal): Literal {
  if (literal.binary) throw new BadCommand('literal8 is not allowed here'); // RFC 3516 is not offered.
  if (literal.sizeBytes > imapLimits.messageBytes) throw new Refusal('TOOBIG', `a message may have ${imapLimits.messageBytes} octets`);
  // RFC 3502, 6.3.11: an error, and a way to give the whole command up.
  if (literal.sizeBytes === 0) throw new Refusal(null, 'an empty message cannot be appended');
  return literal;
}

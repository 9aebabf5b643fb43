// What a sender hears: reply codes of RFC 5321 §4.2 with the status codes of RFC 3463.
import { Refusal, Unavailable, type RefusalCode } from '../core/runtime/errors';
import type { Logger } from '../core/runtime/logging';

/** How one recipient's delivery ended, for counting. */
export type Result = 'delivered' | 'repeated' | 'refused' | 'failed';

/**
 * A reply other than 250, as smtp-server takes them: as errors with a `responseCode`. To a number it would add a status code of its own
 * choice (550 is always 5.1.1); a text that has one already goes out as it is. A test holds it to that.
 */
export class Reply extends Error {
  override readonly name = 'Reply';
  readonly responseCode: number;

  constructor(
    readonly code: `${4 | 5}${number} ${4 | 5}.${number}.${number}`,
    text: string,
  ) {
    super(text);
    this.responseCode = code as unknown as number;
  }

  get result(): Result {
    return this.code.startsWith('5') ? 'refused' : 'failed';
  }
}

export const unknownUser = (): Reply => new Reply('550 5.1.1', 'there is no such user');
export const disabledUser = (): Reply => new Reply('550 5.2.1', 'this account is disabled');
export const overQuota = (text: string): Reply => new Reply('552 5.2.2', text);
export const tooLarge = (messageBytes: number): Reply => new Reply('552 5.3.4', `a message may have ${messageBytes} octets`);
export const tooManyRecipients = (): Reply => new Reply('452 4.5.3', 'too many recipients; send the message to the others again');
export const unknownParameter = (name: string): Reply => new Reply('555 5.5.4', `the parameter ${name} is not known here`);
export const tooSlow = (): Reply => new Reply('451 4.4.2', 'the message took too long');
export const goingDown = (): Reply => new Reply('421 4.3.2', 'this server is going down; another one takes your mail');

/** Nothing is lost by a 451: the sender comes again, and what was delivered after all is not delivered twice. */
const tryAgain = (): Reply => new Reply('451 4.3.0', 'the message could not be stored now; try again');

/** What a decision refuses; others cannot be: no folder and no flag is asked for. */
const refusals: { readonly [Code in RefusalCode]?: (text: string) => Reply } = {
  OVERQUOTA: overQuota,
  LIMIT: overQuota,
  AUTHORIZATIONFAILED: unknownUser,
  INUSE: tryAgain,
};

/** The reply to a recipient whose delivery threw `error`; what is not the sender's fault is logged. */
export function replyTo(error: unknown, log: Logger): Reply {
  if (error instanceof Reply) return error;
  const refusal = error instanceof Refusal ? refusals[error.code ?? 'CANNOT'] : undefined;
  if (refusal) return refusal((error as Refusal).message);
  if (error instanceof Unavailable) log.warn({ error }, 'a message could not be delivered now: a store did not do its work');
  // Not the sender's fault either: nothing that is wrong here may bounce mail.
  else log.error({ error }, 'a message could not be delivered: this is a bug, or damage');
  return tryAgain();
}

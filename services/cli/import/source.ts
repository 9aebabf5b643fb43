// What every kind of source gives to the importer.
import type { FormerMailbox } from '../../core/account/decide/adopt';
import { isSystemError, reasonOf } from '../../core/runtime/error-facts';

/** What is known of a message before it is stored. */
export interface MessageFacts {
  readonly flags: readonly string[];
  /** Null: nobody knows, the moment of the import counts. */
  readonly internalDateMs: number | null;
  /** False: a note of a mail program to itself, no message. */
  readonly isMessage: boolean;
}

export interface SourceMessage {
  /** Full name of the mailbox that it belongs to. */
  readonly mailbox: string;
  /** Where it was found, for reports. */
  readonly place: string;
  /** Path below what was named and ordinal in it: with the digest, what makes a second import add nothing. */
  readonly identity: string;
  /** What it had where it comes from; null: none, or nobody knows. */
  readonly uid?: number | null;
  /** By which POP3 clients know it (RFC 1939 §7). */
  readonly pop3Uidl?: string | null;
  /** The message with CRLF line ends and without NUL; to be read once. May throw SourceProblem. */
  readonly body: AsyncIterable<Buffer>;
  /** `head`: the first octets of the body, at least 1 MiB of them or all. May throw SourceProblem. */
  readonly describe: (head: Buffer) => Promise<MessageFacts> | MessageFacts;
  /** For the progress bar, in the source's unit. */
  readonly weight: number;
}

/** What only a Maildir++ knows of the account that it was. */
export interface Former {
  /** By name; what is not in it gave no UID to anybody. */
  readonly mailboxes: ReadonlyMap<string, FormerMailbox>;
  /** Names that had no messages, but others below them. */
  readonly bareNames: ReadonlySet<string>;
  /** Null: it does not say, so what is imported is subscribed to. */
  readonly subscriptions: readonly string[] | null;
  /** Why UIDs cannot be kept; null: they can. */
  readonly obstacle: string | null;
}

export interface Source {
  /** How much there is to do, and in what it is counted. */
  readonly total: number;
  readonly unit: string;
  /** Every mailbox that the source has, empty ones too. */
  readonly mailboxes: readonly string[];
  readonly former?: Former;
  /** In their order; each must have been read, or given up, before the next is asked for. */
  messages(): AsyncIterable<SourceMessage>;
}

/** Told of what cannot be imported: where, and why. */
export type Report = (place: string, reason: string) => void;

/** One message cannot be read; the others may be. */
export class SourceProblem extends Error {
  override readonly name = 'SourceProblem';
}

/** What the file system throws, as a SourceProblem. */
export function sourceProblem(error: unknown): unknown {
  return isSystemError(error) ? new SourceProblem(reasonOf(error), { cause: error }) : error;
}

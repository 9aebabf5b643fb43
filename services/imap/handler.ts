// The shape of a command's handler. Handlers do not touch sockets: they yield bytes, and the dispatcher writes them, syncs the view and
// gives the tagged reply.
import type { Clock } from '../core/runtime/clock';
import type { Logger } from '../core/runtime/logging';
import type { Random } from '../core/runtime/random';
import type { Accounts } from '../core/account/accounts';
import type { SignIn } from '../core/auth/sign-in';
import type { BlobStore } from '../core/store/blob-store';
import type { SecureContext } from 'node:tls';
import type { Messages } from './command-reader';
import type { Command } from './grammar/command';
import type { Literal } from '../core/wire/literal';
import type { Session, State, StateName } from './session';
import type { OwnStore } from './sync';

/** What the node gives to all its sessions. */
export interface ImapNode {
  readonly accounts: Accounts;
  readonly signIn: SignIn;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly random: Random;
  /** For STARTTLS; null: not offered. */
  readonly tls: SecureContext | null;
  /** Refuse to hear passwords in the clear (LOGINDISABLED). */
  readonly requireTls: boolean;
  /** For the ID command (RFC 2971). */
  readonly name: string;
  readonly version: string;
}

/** What a handler may ask of the connection while its command runs. */
export interface Exchange {
  readonly isSecure: boolean;
  readonly remoteAddress: string;
  /** The next line, for SASL and IDLE. Throws Disconnected. */
  line(): Promise<Buffer>;
  /** The first message that an APPEND announced; null for every other command. */
  readonly announced: Literal | null;
  /** That message, and those that follow it. What is not taken before the command ends is dropped. */
  readonly messages: Messages;
  /** Resolves when the server wants the session to end; IDLE waits for it. */
  readonly draining: Promise<void>;
  /** STARTTLS: to be called after its OK was written. */
  startTls(): Promise<void>;
}

export interface Context {
  readonly session: Session;
  readonly node: ImapNode;
  readonly exchange: Exchange;
  readonly log: Logger;
}

/** How a command ended. A NO with a text of its own is thrown as a Refusal. */
export interface Completion {
  readonly text: string;
  /** In brackets, before the text; a function is asked after the sync. */
  readonly code?: string | (() => string | undefined);
  /** NO although part of it was done: RFC 7162 example 11. */
  readonly condition?: 'OK' | 'NO';
  /** The state from here on. */
  readonly next?: State;
  /** The STORE just done: what the client need not, or must, be told of it. */
  readonly own?: OwnStore;
  /** What happens after the tagged reply was written. */
  readonly after?: () => Promise<void>;
}

/**
 * How fresh a state the command works on (docs/log-protocol.md, R7): 'fresh' reads consistently or fails; 'freshIfReachable' does
 * without if the store is down; 'heard' takes what the doorbell brought; 'none' needs no account.
 */
export type Reads = 'none' | 'heard' | 'fresh' | 'freshIfReachable';

/** What of the view is told before the tagged reply: 'hold' tells no expunge (RFC 3501 §7.4.1). */
export type Syncs = 'none' | 'hold' | 'all';

export interface Handler<C extends Command = Command> {
  readonly states: readonly StateName[];
  readonly reads: Reads;
  readonly syncs: Syncs | ((command: C) => Syncs);
  /** The command names no messages: what is new is told only once, at its end, expunges first. */
  readonly tellsAtEnd?: true;
  run(command: C & { readonly tag: string }, context: Context): AsyncGenerator<Uint8Array, Completion>;
}

export const ANY: readonly StateName[] = ['notAuthenticated', 'authenticated', 'selected'];
export const NOT_AUTHENTICATED: readonly StateName[] = ['notAuthenticated'];
export const AUTHENTICATED: readonly StateName[] = ['authenticated', 'selected'];
export const SELECTED: readonly StateName[] = ['selected'];

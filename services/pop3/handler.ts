// The shape of a command's handler. Handlers do not touch sockets: they yield bytes, and the dispatcher writes them.
import type { SecureContext } from 'node:tls';
import type { Accounts } from '../core/account/accounts';
import type { SignIn } from '../core/auth/sign-in';
import type { Clock } from '../core/runtime/clock';
import type { Logger } from '../core/runtime/logging';
import type { BlobStore } from '../core/store/blob-store';
import type { Session, StateName } from './session';

/** What the node gives to all its sessions. */
export interface Pop3Node {
  readonly accounts: Accounts;
  readonly signIn: SignIn;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  /** For STLS; null: not offered. */
  readonly tls: SecureContext | null;
  /** Refuse to hear passwords in the clear. */
  readonly requireTls: boolean;
}

/** What a handler may ask of the connection while its command runs. */
export interface Exchange {
  readonly isSecure: boolean;
  readonly remoteAddress: string;
  /** The next line, for SASL. Throws BadCommand if it is too long, Disconnected. */
  line(): Promise<Buffer>;
  /** To be called when the client has signed in, before it is told: one that is one too many is sent away instead. */
  signedIn(login: string): void;
  /** To be called after the +OK to STLS was written. */
  startTls(): Promise<void>;
}

export interface Context {
  readonly session: Session;
  readonly node: Pop3Node;
  readonly exchange: Exchange;
  readonly log: Logger;
}

export interface Handler {
  readonly states: readonly StateName[];
  /**
   * Yields the response. What it throws becomes -ERR; inside a response of several lines, where there can be none, it throws
   * Disconnected.
   */
  run(argument: Buffer | null, context: Context): AsyncGenerator<Uint8Array, void>;
}

export const ANY: readonly StateName[] = ['AUTHORIZATION', 'TRANSACTION'];
export const AUTHORIZATION: readonly StateName[] = ['AUTHORIZATION'];
export const TRANSACTION: readonly StateName[] = ['TRANSACTION'];

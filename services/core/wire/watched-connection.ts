// A client's connection with a watch over its silences: who logs in too slowly, says nothing or takes nothing for too long is told
// of to the protocol, which knows what to say.
import type { Clock } from '../runtime/clock';
import { Disconnected } from '../runtime/errors';
import type { Connection } from './connection';

export interface SilenceLimits {
  /** From the greeting to the login, whatever is said between them. */
  readonly loginMs: number;
  /** How long a client may say nothing while we wait for it. */
  readonly autologoutMs: number;
  /** How long a client may take nothing of what is said to it. */
  readonly deafMs: number;
  /** After so long without a word from us `onQuiet` may say one; null: never. */
  readonly keepAliveMs: number | null;
}

export interface SilenceListener {
  readonly isSignedIn: () => boolean;
  /** True while a silent client does what it should, as in IDLE. */
  readonly mayBeSilent: () => boolean;
  readonly onSlowLogin: () => void;
  readonly onSilence: () => void;
  /** What keeps balancers from dropping the connection: bytes that answer nothing. */
  readonly keepAlive: Uint8Array;
}

const WATCH_MS = 10_000;

export class WatchedConnection {
  /** Nothing runs but a wait for the client: bytes may be said that answer nothing. */
  private waiting = false;
  private deafSinceMs: number | null = null;
  private readonly openedMs: number;
  /** When we began to wait for the client: what it takes to send it a large answer is no silence of its own. */
  private waitingSinceMs: number;
  private lastSaidMs: number;
  private cancelWatch = (): void => {};

  constructor(
    private readonly connection: Connection,
    private readonly clock: Clock,
    private readonly limits: SilenceLimits,
    private readonly listener: SilenceListener,
  ) {
    this.openedMs = this.waitingSinceMs = this.lastSaidMs = clock.monotonicMs();
    this.watchLater();
  }

  /** True while a read waits for the client. */
  get isWaiting(): boolean {
    return this.waiting;
  }

  /** The next bytes; null when the client has ended. Throws Disconnected. */
  async read(): Promise<Buffer | null> {
    this.waiting = true;
    this.waitingSinceMs = this.clock.monotonicMs();
    try {
      return await this.connection.read();
    } finally {
      this.waiting = false;
    }
  }

  /** With back-pressure. Throws Disconnected. */
  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) {
      // To say nothing keeps no connection alive; but who works for a client that has gone hears of it.
      if (this.connection.isClosed) throw new Disconnected('the peer is gone');
      return;
    }
    this.lastSaidMs = this.clock.monotonicMs();
    this.deafSinceMs ??= this.lastSaidMs;
    await this.connection.write(bytes);
    this.deafSinceMs = null;
  }

  /** Ends the watch; the connection stays. */
  unwatch(): void {
    this.cancelWatch();
  }

  private watchLater(): void {
    this.cancelWatch = this.clock.after(WATCH_MS, () => {
      this.watchLater();
      this.watch();
    });
  }

  private watch(): void {
    const { limits, listener } = this;
    const nowMs = this.clock.monotonicMs();
    const isSignedIn = listener.isSignedIn();
    if (this.deafSinceMs !== null && nowMs - this.deafSinceMs > limits.deafMs) this.connection.destroy();
    else if (!isSignedIn && nowMs - this.openedMs > limits.loginMs) listener.onSlowLogin();
    else if (!this.waiting || !isSignedIn) return;
    else if (!listener.mayBeSilent() && nowMs - this.waitingSinceMs > limits.autologoutMs) listener.onSilence();
    else if (limits.keepAliveMs !== null && nowMs - this.lastSaidMs > limits.keepAliveMs) {
      this.write(listener.keepAlive).catch(() => this.connection.destroy()); // Whoever reads from it is told.
    }
  }
}

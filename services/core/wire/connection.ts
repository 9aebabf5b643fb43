// One peer on a socket, plain or TLS: bytes in on demand, bytes out with back-pressure. Knows no protocol.
import type { Socket } from 'node:net';
import { TLSSocket, type SecureContext } from 'node:tls';
import { systemClock } from '../runtime/clock';
import { Disconnected } from '../runtime/errors';

/** Written and not yet taken by the peer: above this, write() waits. One slow client costs this much. */
const OUTGOING_BYTES_MAX = 64 * 1024;
/** How long a peer may take to hear the last words. */
const FAREWELL_MS = 1_000;

export class Connection {
  private socket: Socket;
  private waiting: { resolve: (chunk: Buffer | null) => void; reject: (error: Error) => void } | null = null;
  private failure: Error | null = null;
  private hasEnded = false;
  /** We have said our last words: what the peer still says is not heard. */
  private isOver = false;

  constructor(
    socket: Socket,
    readonly remoteAddress: string,
  ) {
    this.socket = socket;
    this.attach();
  }

  get isSecure(): boolean {
    return this.socket instanceof TLSSocket;
  }

  /** True once nothing more can be said or heard. */
  get isClosed(): boolean {
    return this.socket.destroyed;
  }

  /** The next bytes; null when the peer has ended. Throws Disconnected. Only one read at a time. */
  read(): Promise<Buffer | null> {
    return new Promise((resolve, reject) => {
      if (this.waiting) throw new Error('two reads at once');
      this.waiting = { resolve, reject };
      this.serve();
    });
  }

  /** Resolves when the peer has taken enough of what was written. Throws Disconnected. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.socket.destroyed || this.failure) throw new Disconnected('the peer is gone');
    this.socket.write(bytes);
    while (this.socket.writableLength > OUTGOING_BYTES_MAX) await this.drained();
  }

  /** Says `bytes` and hangs up, without waiting for the peer for long. Reads and writes from here on throw Disconnected. */
  end(bytes?: Uint8Array): void {
    if (this.isOver || this.socket.destroyed) return;
    const { socket } = this;
    this.isOver = true;
    this.failure ??= new Disconnected('the session was ended on this side');
    this.serve();
    // What still comes is thrown away, so that the peer's end is seen.
    socket.off('readable', this.serve);
    socket.once('close', systemClock.after(FAREWELL_MS, () => socket.destroy()));
    socket.end(bytes ?? '');
    socket.resume();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Goes on in TLS (STARTTLS); what follows in the clear must have been taken away by the caller. Throws Disconnected. */
  async startTls(secureContext: SecureContext): Promise<void> {
    const plain = this.socket;
    this.detach();
    // In TLS the ends of both sides are one: a peer that leaves in the handshake is gone.
    plain.allowHalfOpen = false;
    // An error of the plain socket ends the secure one, which tells; without a listener it would end the process.
    plain.on('error', () => plain.destroy());
    const secure = new TLSSocket(plain, { isServer: true, secureContext });
    this.socket = secure;
    await new Promise<void>((resolve, reject) => {
      secure.once('secure', resolve);
      secure.once('error', (cause) => reject(new Disconnected('the TLS handshake failed', { cause })));
      secure.once('close', () => reject(new Disconnected('the peer left in the TLS handshake')));
    });
    this.attach();
  }

  private attach(): void {
    this.socket.on('readable', this.serve);
    this.socket.on('end', this.onEnd);
    this.socket.on('error', this.onError);
    this.socket.on('close', this.onClose);
  }

  private detach(): void {
    this.socket.off('readable', this.serve);
    this.socket.off('end', this.onEnd);
    this.socket.off('error', this.onError);
    this.socket.off('close', this.onClose);
  }

  private readonly serve = (): void => {
    if (!this.waiting) return;
    const { resolve, reject } = this.waiting;
    const chunk = this.isOver ? null : (this.socket.read() as Buffer | null);
    if (chunk === null && !this.hasEnded && !this.failure) return;
    this.waiting = null;
    if (chunk !== null) resolve(chunk);
    else if (this.failure) reject(this.failure);
    else resolve(null);
  };

  private readonly onEnd = (): void => {
    this.hasEnded = true;
    this.serve();
  };

  private readonly onError = (cause: Error): void => {
    this.failure ??= new Disconnected('the connection broke', { cause });
    this.serve();
  };

  private readonly onClose = (): void => {
    this.failure ??= new Disconnected('the connection was closed');
    this.serve();
  };

  private drained(): Promise<void> {
    const { socket } = this;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        socket.off('drain', settle);
        socket.off('close', settle);
        if (socket.destroyed) reject(new Disconnected('the peer is gone'));
        else resolve();
      };
      socket.once('drain', settle);
      socket.once('close', settle);
    });
  }
}

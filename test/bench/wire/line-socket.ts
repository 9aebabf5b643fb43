// A TCP connection that counts what it hears and tells whole lines, built so that it is never slower than the server it measures.
import { createConnection, type Socket } from 'node:net';
import { LineScanner } from './line-scanner';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A server that says nothing for so long while it is asked for something has failed. */
const PATIENCE_MS = 10 * 60_000;
/** All connections read into it: what is read is scanned before anything else is. */
const readBuffer = Buffer.allocUnsafe(256 * 1024);

export class LineSocket {
  /** Octets heard so far. */
  octets = 0;
  private endedBy: Error | null = null;
  private readonly scanner: LineScanner;

  private constructor(
    private readonly address: Address,
    hasLiterals: boolean,
    onLine: (line: Buffer) => void,
    private readonly onEnd: (error: Error) => void,
    connected: (socket: LineSocket) => void,
  ) {
    this.scanner = new LineScanner(hasLiterals, onLine);
    const onread = { buffer: readBuffer, callback: (length: number): boolean => this.heard(readBuffer.subarray(0, length)) };
    this.socket = createConnection({ ...address, noDelay: true, timeout: PATIENCE_MS, onread });
    this.socket.on('connect', () => connected(this));
    this.socket.on('timeout', () => this.end(`said nothing for ${PATIENCE_MS / 60_000} minutes`));
    this.socket.on('end', () => this.end('hung up'));
    this.socket.on('error', (error) => this.end(`cannot be reached any more (${error.message})`));
    this.socket.on('close', () => this.end('hung up'));
  }

  private readonly socket: Socket;

  /** `onEnd` is told once why nothing more will come; never after destroy(). Rejects if nobody listens there. */
  static open(address: Address, hasLiterals: boolean, onLine: (line: Buffer) => void, onEnd: (error: Error) => void): Promise<LineSocket> {
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => {
        reject(error);
        onEnd(error);
      };
      void new LineSocket(address, hasLiterals, onLine, failed, resolve);
    });
  }

  /** Puts the parts on the wire together. Throws if the connection has ended. */
  send(...parts: readonly (string | Uint8Array)[]): void {
    if (this.endedBy) throw this.endedBy;
    this.socket.cork();
    for (const part of parts) this.socket.write(part);
    this.socket.uncork();
  }

  destroy(): void {
    this.endedBy ??= new Error(`the connection to ${this.address.host}:${this.address.port} was closed`);
    this.socket.destroy();
  }

  private heard(bytes: Buffer): boolean {
    this.octets += bytes.length;
    try {
      this.scanner.feed(bytes);
    } catch (error) {
      this.end(error instanceof Error ? error.message : String(error));
    }
    return true;
  }

  private end(why: string): void {
    if (this.endedBy) return;
    this.endedBy = new Error(`${this.address.host}:${this.address.port} ${why}`);
    this.socket.destroy();
    this.onEnd(this.endedBy);
  }
}

/** Waits for an answer without which the connection is of no use: closes it if the answer does not come. */
export async function closedUnless(answer: Promise<unknown>, connection: { close(): void }): Promise<void> {
  try {
    await answer;
  } catch (error) {
    connection.close();
    throw error;
  }
}

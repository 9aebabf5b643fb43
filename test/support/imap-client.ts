// A client that says what a test tells it to, bytes as they are, and hears whole responses.
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Nothing that a test waits for takes longer, unless it never comes. */
const PATIENCE_MS = 10_000;

export const CLOSED = '<closed>';

export class ImapClient {
  #socket: Socket;
  #held: Buffer = Buffer.alloc(0);
  #isClosed = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  static async open(port: number): Promise<ImapClient> {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new ImapClient(socket);
  }

  get socket(): Socket {
    return this.#socket;
  }

  send(text: string | Uint8Array): void {
    this.#socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
  }

  /** Resolves when the system has taken the bytes, or the server has hung up. */
  sent(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.write(bytes, () => resolve());
    });
  }

  /** The next response with its literals, without its last CRLF; CLOSED when the server has hung up. */
  async response(): Promise<string> {
    for (;;) {
      const end = endOfResponse(this.#held);
      if (end !== null) {
        const response = this.#held.toString('latin1', 0, end - 2);
        this.#held = this.#held.subarray(end);
        return response;
      }
      if (this.#isClosed) return this.#held.length === 0 ? CLOSED : `${this.#held.toString('latin1')}${CLOSED}`;
      await this.#moreBytes();
    }
  }

  /** Says a command and hears everything up to its tagged reply. */
  async command(tag: string, command: string): Promise<string[]> {
    this.send(`${tag} ${command}\r\n`);
    return this.until(tag);
  }

  /** Every response up to the one with this tag, or up to the end. */
  async until(tag: string): Promise<string[]> {
    const responses: string[] = [];
    for (;;) {
      const response = await this.response();
      responses.push(response);
      if (response.startsWith(`${tag} `) || response === CLOSED) return responses;
    }
  }

  /** Goes on in TLS, as after the OK of STARTTLS. */
  async startTls(): Promise<void> {
    this.#socket.removeAllListeners('data');
    const secure = connectTls({ socket: this.#socket, rejectUnauthorized: false });
    await new Promise<void>((resolve, reject) => secure.once('secureConnect', resolve).once('error', reject));
    this.#socket = secure;
    this.#listen();
  }

  /** Goes without a word. */
  destroy(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    this.#socket.on('data', (chunk: Buffer) => {
      this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
      this.#wake();
    });
    this.#socket.on('error', () => undefined); // 'close' follows.
    this.#socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  #moreBytes(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the server says nothing more after ${JSON.stringify(this.#held.toString('latin1'))}`)), PATIENCE_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Where the first response in `bytes` ends, literals included; null if it is not all there. */
function endOfResponse(bytes: Buffer): number | null {
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at, 'latin1');
    if (lineEnd === -1) return null;
    const literal = /\{(\d+)\}$/.exec(bytes.toString('latin1', Math.max(at, lineEnd - 24), lineEnd));
    at = lineEnd + 2;
    if (!literal) return at;
    at += Number(literal[1]);
    if (at > bytes.length) return null;
  }
}

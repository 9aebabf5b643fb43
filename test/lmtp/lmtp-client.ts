// A mail server as a test wants it: says bytes as they are, hears whole replies.
import { connect, type Socket } from 'node:net';

/** Nothing that a test waits for takes longer, unless it never comes. */
const PATIENCE_MS = 10_000;

export const CLOSED = '<closed>';

export class LmtpClient {
  #held = '';
  #isClosed = false;
  #wake: () => void = () => undefined;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.#held += chunk.toString('latin1');
      this.#wake();
    });
    socket.on('error', () => undefined); // 'close' follows.
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  /** Not yet greeted. */
  static async open(port: number): Promise<LmtpClient> {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new LmtpClient(socket);
  }

  send(text: string | Uint8Array): void {
    this.socket.write(typeof text === 'string' ? Buffer.from(text, 'utf8') : text);
  }

  /** Resolves when the system has taken the bytes, or the server has hung up. */
  sent(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.socket.write(bytes, () => resolve());
    });
  }

  /** The next reply, its lines joined by ` | `; CLOSED when the server has hung up. */
  async reply(): Promise<string> {
    for (;;) {
      const match = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3}(?: [^\r\n]*)?\r\n/.exec(this.#held);
      if (match) {
        this.#held = this.#held.slice(match[0].length);
        return match[0].trimEnd().replaceAll('\r\n', ' | ');
      }
      if (this.#isClosed) return `${this.#held}${CLOSED}`;
      await this.#more();
    }
  }

  async replies(count: number): Promise<string[]> {
    const heard: string[] = [];
    while (heard.length < count) heard.push(await this.reply());
    return heard;
  }

  /** Everything up to the end. */
  async rest(): Promise<string[]> {
    const heard: string[] = [];
    for (;;) {
      const reply = await this.reply();
      heard.push(reply);
      if (reply.endsWith(CLOSED)) return heard;
    }
  }

  /** Says a line and hears its reply. */
  command(line: string): Promise<string> {
    this.send(`${line}\r\n`);
    return this.reply();
  }

  /** MAIL, RCPTs and DATA; the replies to the RCPTs. The sender of `message` must have stuffed its dots. */
  async begin(recipients: readonly string[], sender = 'sender@example.com'): Promise<string[]> {
    this.send([`MAIL FROM:<${sender}>`, ...recipients.map((to) => `RCPT TO:<${to}>`), 'DATA', ''].join('\r\n'));
    const heard = await this.replies(recipients.length + 2);
    return heard.slice(1, -1);
  }

  /** A whole transaction; a reply for each recipient that was accepted. `message` is stuffed here. */
  async deliver(recipients: readonly string[], message: string | Uint8Array, sender?: string): Promise<string[]> {
    const accepted = (await this.begin(recipients, sender)).filter((reply) => reply.startsWith('250')).length;
    this.send(stuffed(Buffer.from(message as string, 'latin1')));
    this.send('.\r\n');
    return this.replies(accepted);
  }

  destroy(): void {
    this.socket.destroy();
  }

  #more(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the server says nothing more after ${JSON.stringify(this.#held)}`)), PATIENCE_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** RFC 5321 §4.5.2: as a sender does that knows only CRLF as a line's end. */
export function stuffed(message: Buffer): Buffer {
  return Buffer.from(message.toString('latin1').replace(/^\./, '..').replaceAll('\r\n.', '\r\n..'), 'latin1');
}

// A client that says what a test tells it to, bytes as they are, and hears lines and whole messages.
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Nothing that a test waits for takes longer, unless it never comes. */
const PATIENCE_MS = 10_000;

export const CLOSED = '<closed>';

const END = Buffer.from('\r\n.\r\n');

export class Pop3Client {
  #held: Buffer = Buffer.alloc(0);
  #isClosed = false;
  #wake: () => void = () => undefined;

  private constructor(private socket: Socket) {
    this.#listen();
  }

  static async open(port: number): Promise<Pop3Client> {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new Pop3Client(socket);
  }

  send(text: string | Uint8Array): void {
    this.socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
  }

  /** Says nothing more, but still hears. */
  endSending(): void {
    this.socket.end();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** The next line without its CRLF; CLOSED when the server has hung up. */
  async line(): Promise<string> {
    const end = await this.#find('\r\n');
    return end === null ? this.#rest() : this.#take(end, 2).toString('latin1');
  }

  /** Says a command and hears the first line of its response. */
  async command(text: string): Promise<string> {
    this.send(`${text}\r\n`);
    return this.line();
  }

  /** What follows a status line, dots still doubled, up to the CRLF before the line with one dot; null if it does not come. */
  async block(): Promise<Buffer | null> {
    // The end may follow the status line at once.
    if ((await this.#find('.\r\n')) === 0) return this.#take(0, 3);
    const end = await this.#find(END);
    return end === null ? null : this.#take(end, END.length);
  }

  /** Says a command and hears its +OK and the lines after it. */
  async lines(text: string): Promise<string[]> {
    const status = await this.command(text);
    if (!status.startsWith('+OK')) throw new Error(`${text}: ${status}`);
    const block = await this.block();
    if (block === null) throw new Error(`${text}: the response broke off`);
    return block.length === 0 ? [] : block.toString('latin1').split('\r\n');
  }

  /** Every line up to the end. */
  async everything(): Promise<string[]> {
    const heard: string[] = [];
    for (;;) {
      const line = await this.line();
      heard.push(line);
      if (line.endsWith(CLOSED)) return heard;
    }
  }

  /** Goes on in TLS, as after the +OK of STLS. */
  async startTls(): Promise<void> {
    this.socket.removeAllListeners('data');
    const secure = connectTls({ socket: this.socket, rejectUnauthorized: false });
    await new Promise<void>((resolve, reject) => secure.once('secureConnect', resolve).once('error', reject));
    this.socket = secure;
    this.#listen();
  }

  /** Goes without a word. */
  destroy(): void {
    this.socket.destroy();
  }

  #listen(): void {
    this.socket.on('data', (chunk: Buffer) => {
      this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
      this.#wake();
    });
    this.socket.on('error', () => undefined); // 'close' follows.
    this.socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  async #find(mark: string | Buffer): Promise<number | null> {
    for (let from = 0; ; ) {
      const found = this.#held.indexOf(mark, from);
      if (found !== -1) return found;
      from = Math.max(0, this.#held.length - END.length);
      if (this.#isClosed) return null;
      await this.#moreBytes();
    }
  }

  #take(end: number, skip: number): Buffer {
    const taken = this.#held.subarray(0, end);
    this.#held = this.#held.subarray(end + skip);
    return taken;
  }

  #rest(): string {
    return this.#take(this.#held.length, 0).toString('latin1') + CLOSED;
  }

  #moreBytes(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the server says nothing more after ${JSON.stringify(this.#held.toString('latin1', 0, 500))}`)), PATIENCE_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** What a client makes of a block: one dot less where a line starts with one. Lines end in LF, as most clients see it. */
export function unstuffed(block: Buffer): Buffer {
  return Buffer.from(block.toString('latin1').replace(/^\./, '').replaceAll('\n.', '\n'), 'latin1');
}

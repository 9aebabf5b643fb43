// A raw POP3 client (RFC 1939): one command after the other, multi-line answers counted and not kept.
import { Refused } from './imap-session';
import { LineSocket, closedUnless, type Address } from './line-socket';

interface Waiting {
  readonly command: string;
  readonly isMultiLine: boolean;
  readonly resolve: (status: string) => void;
  readonly reject: (error: Error) => void;
}

const DOT = 46;
/** `.` CRLF. */
const END_LENGTH = 3;

export class Pop3Session {
  private socket!: LineSocket;
  private waiting: Waiting | null = null;
  /** Of a multi-line answer, once its status line is there. */
  private status: string | null = null;

  private constructor() {}

  static async open(address: Address): Promise<Pop3Session> {
    const session = new Pop3Session();
    const greeting = session.answer('the greeting', false);
    greeting.catch(() => undefined);
    session.socket = await LineSocket.open(address, false, (line) => session.heard(line), (error) => session.failed(error));
    await closedUnless(greeting, session);
    return session;
  }

  get octets(): number {
    return this.socket.octets;
  }

  async login(user: string, password: string): Promise<void> {
    await this.command(`USER ${user}`);
    await this.command(`PASS ${password}`, false, 'PASS');
  }

  /** How many messages the maildrop has. */
  async count(): Promise<number> {
    const status = await this.command('STAT');
    return Number(status.split(' ')[1]);
  }

  async retrieve(number: number): Promise<void> {
    await this.command(`RETR ${number}`, true);
  }

  async quit(): Promise<void> {
    await this.command('QUIT');
    this.close();
  }

  close(): void {
    this.socket.destroy();
  }

  private command(text: string, isMultiLine = false, name = text): Promise<string> {
    const answer = this.answer(name, isMultiLine);
    this.socket.send(`${text}\r\n`);
    return answer;
  }

  private answer(command: string, isMultiLine: boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      this.waiting = { command, isMultiLine, resolve, reject };
    });
  }

  private heard(line: Buffer): void {
    const { waiting } = this;
    if (!waiting) return;
    if (this.status === null) {
      const status = line.toString('latin1').trimEnd();
      if (!status.startsWith('+OK')) return this.failed(new Refused(`${waiting.command}: ${status.slice(0, 200)}`));
      if (!waiting.isMultiLine) return this.settle(waiting, status);
      this.status = status;
    } else if (line.length === END_LENGTH && line[0] === DOT) {
      this.settle(waiting, this.status);
    }
  }

  private settle(waiting: Waiting, status: string): void {
    this.waiting = null;
    this.status = null;
    waiting.resolve(status);
  }

  private failed(error: Error): void {
    const { waiting } = this;
    this.waiting = null;
    this.status = null;
    waiting?.reject(error);
  }
}

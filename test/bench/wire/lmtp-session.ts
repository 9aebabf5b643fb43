// A raw LMTP client (RFC 2033) as a mail server is one: MAIL, RCPT and DATA in one packet (RFC 2920), then the message.
import { Refused } from './imap-session';
import { LineSocket, closedUnless, type Address } from './line-socket';

interface Waiting {
  readonly command: string;
  /** What the first digit of the answer must be. */
  readonly digit: string;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const HYPHEN = 45;
const CODE_LENGTH = 3;

export class LmtpSession {
  private socket!: LineSocket;
  private readonly waiting: Waiting[] = [];

  private constructor() {}

  /** Connects, hears the greeting and says LHLO. */
  static async open(address: Address): Promise<LmtpSession> {
    const session = new LmtpSession();
    const greeting = session.answer('the greeting', '2');
    greeting.catch(() => undefined);
    session.socket = await LineSocket.open(address, false, (line) => session.heard(line), (error) => session.failed(error));
    await closedUnless(greeting, session);
    session.socket.send('LHLO bench.example\r\n');
    await closedUnless(session.answer('LHLO', '2'), session);
    return session;
  }

  /** Delivers to one recipient; `message` needs no dot-stuffing and ends with a line end. Resolves when the server has taken the message over. */
  async deliver(recipient: string, message: Uint8Array): Promise<void> {
    this.socket.send(`MAIL FROM:<sender@bench.example>\r\nRCPT TO:<${recipient}>\r\nDATA\r\n`);
    await Promise.all([this.answer('MAIL', '2'), this.answer(`RCPT ${recipient}`, '2'), this.answer('DATA', '3')]);
    this.socket.send(message, '.\r\n');
    await this.answer('the message', '2');
  }

  async quit(): Promise<void> {
    this.socket.send('QUIT\r\n');
    await this.answer('QUIT', '2');
    this.close();
  }

  close(): void {
    this.socket.destroy();
  }

  private answer(command: string, digit: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ command, digit, resolve, reject });
    });
  }

  private heard(line: Buffer): void {
    if (line[CODE_LENGTH] === HYPHEN) return;
    const waiting = this.waiting.shift();
    if (!waiting) return;
    const text = line.toString('latin1').trimEnd();
    if (text.startsWith(waiting.digit)) waiting.resolve();
    else waiting.reject(new Refused(`${waiting.command}: ${text.slice(0, 200)}`));
  }

  private failed(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

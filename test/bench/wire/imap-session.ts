// A raw IMAP client (RFC 3501): it sends commands, counts responses, and keeps only what a row asks it to keep.
import { LineSocket, closedUnless, type Address } from './line-socket';

/** The server said NO or BAD, or BYE: the row that asked cannot be measured. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

interface Pending {
  readonly command: string;
  readonly resolve: (text: string) => void;
  readonly reject: (error: Error) => void;
}

/** A message to append, with what goes before it. */
export interface Appended {
  readonly flags: string;
  /** As in RFC 3501 date-time, without quotes. */
  readonly internalDate: string;
  readonly bytes: Uint8Array;
}

const STAR = 42;
const PLUS = 43;

export class ImapSession {
  /** Untagged responses heard so far. */
  responses = 0;
  private socket!: LineSocket;
  private tag = 0;
  private readonly pending = new Map<string, Pending>();
  private onUntagged: ((line: string) => void) | null = null;
  private readonly continuations: Pending[] = [];
  private knownCapabilities: Promise<ReadonlySet<string>> | null = null;
  private knownSeparator: string | null = null;

  private constructor() {}

  /** Connects and hears the greeting. */
  static async open(address: Address): Promise<ImapSession> {
    const session = new ImapSession();
    const greeting = new Promise<string>((resolve, reject) => {
      session.pending.set('*', { command: 'the greeting', resolve, reject });
    });
    greeting.catch(() => undefined); // Told by `open` too, if it comes to that.
    session.socket = await LineSocket.open(address, true, (line) => session.heard(line), (error) => session.failed(error));
    await closedUnless(greeting, session);
    return session;
  }

  get octets(): number {
    return this.socket.octets;
  }

  async login(user: string, password: string): Promise<void> {
    await this.command(`LOGIN ${quoted(user)} ${quoted(password)}`, `LOGIN ${user}`);
  }

  /** The text after the tag of an OK. Rejects with Refused. `name`: how an error calls the command. */
  command(text: string, name = text): Promise<string> {
    return this.exchange(name, (tag) => [`${tag} ${text}\r\n`]);
  }

  /** The untagged responses to a command, which must be the only one: their first lines, without line ends. */
  async untagged(text: string): Promise<string[]> {
    const lines: string[] = [];
    this.onUntagged = (line) => void lines.push(line);
    try {
      await this.command(text);
    } finally {
      this.onUntagged = null;
    }
    return lines;
  }

  /** Asked once: after login they stay. */
  capabilities(): Promise<ReadonlySet<string>> {
    this.knownCapabilities ??= this.untagged('CAPABILITY').then((lines) => new Set(lines.flatMap((line) => line.toUpperCase().split(' ').slice(2))));
    return this.knownCapabilities;
  }

  /** What stands between the parts of a mailbox name (RFC 3501 §6.3.8). */
  async separator(): Promise<string> {
    this.knownSeparator ??= /^\* LIST \([^)]*\) "\\?(.)"/.exec((await this.untagged('LIST "" ""')).join('\n'))?.[1] ?? '/';
    return this.knownSeparator;
  }

  /** `mailbox`: as on the wire. Several messages need MULTIAPPEND (RFC 3502). Literals are not waited for where LITERAL+ (RFC 7888) lets us. */
  async append(mailbox: string, ...messages: readonly Appended[]): Promise<void> {
    const literalPlus = (await this.capabilities()).has('LITERAL+');
    const announcements = messages.map(({ flags, internalDate, bytes }) => ` (${flags}) "${internalDate}" {${bytes.length}${literalPlus ? '+' : ''}}\r\n`);
    if (literalPlus) {
      const parts = messages.flatMap(({ bytes }, i) => [announcements[i]!, bytes]);
      await this.exchange('APPEND', (tag) => [`${tag} APPEND ${mailbox}`, ...parts, '\r\n']);
      return;
    }
    const done = this.exchange('APPEND', (tag) => [`${tag} APPEND ${mailbox}${announcements[0]!}`]);
    done.catch(() => undefined); // A refusal is heard by whoever waits for the continuation, and below.
    for (const [i, { bytes }] of messages.entries()) {
      await this.continuation('APPEND');
      this.socket.send(bytes, announcements[i + 1] ?? '\r\n');
    }
    await done;
  }

  /** Resolves when the server says that it tells. `onUntagged` hears each untagged response until the function that this answers ends IDLE (RFC 2177). */
  async idle(onUntagged: (line: string) => void): Promise<() => Promise<void>> {
    this.onUntagged = onUntagged;
    const done = this.exchange('IDLE', (tag) => [`${tag} IDLE\r\n`]);
    done.catch(() => undefined);
    await this.continuation('IDLE');
    return async () => {
      this.onUntagged = null;
      this.socket.send('DONE\r\n');
      await done;
    };
  }

  async logout(): Promise<void> {
    await this.command('LOGOUT');
    this.close();
  }

  close(): void {
    this.socket.destroy();
  }

  private exchange(command: string, parts: (tag: string) => (string | Uint8Array)[]): Promise<string> {
    this.tag += 1;
    const tag = `a${this.tag}`;
    return new Promise((resolve, reject) => {
      this.pending.set(tag, { command, resolve, reject });
      this.socket.send(...parts(tag));
    });
  }

  private continuation(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.continuations.push({ command, resolve, reject });
    });
  }

  private heard(line: Buffer): void {
    if (line[0] !== STAR) return this.answered(line.toString('latin1').trimEnd());
    this.responses += 1;
    if (this.onUntagged) this.onUntagged(line.toString('latin1').trimEnd());
    const greeting = this.pending.get('*');
    if (greeting) this.settle('*', greeting, line.toString('latin1', 2).trimEnd());
  }

  private answered(line: string): void {
    if (line.charCodeAt(0) === PLUS) return this.continuations.shift()?.resolve(line);
    const tag = line.slice(0, line.indexOf(' '));
    const pending = this.pending.get(tag);
    if (pending) return this.settle(tag, pending, line.slice(tag.length + 1));
    return this.failed(new Error(`the server answers a tag that was not sent: ${line.slice(0, 200)}`));
  }

  private settle(tag: string, { command, resolve, reject }: Pending, text: string): void {
    this.pending.delete(tag);
    if (text.startsWith('OK')) return resolve(text);
    const refused = new Refused(`${command.slice(0, 100)}: ${text.slice(0, 200)}`);
    for (const waiting of this.continuations.splice(0)) waiting.reject(refused);
    return reject(refused);
  }

  private failed(error: Error): void {
    for (const waiting of [...this.pending.values(), ...this.continuations.splice(0)]) waiting.reject(error);
    this.pending.clear();
  }
}

/** RFC 3501 quoted string. */
export function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

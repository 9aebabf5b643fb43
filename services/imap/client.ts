// One client from greeting to BYE: reads its commands one at a time and has them dispatched.
import { BadCommand, Disconnected, Refusal } from '../core/runtime/errors';
import type { Logger } from '../core/runtime/logging';
import type { Metrics } from '../core/runtime/metrics';
import type { Connection } from '../core/wire/connection';
import type { ServedClient } from '../core/wire/serve-clients';
import { WatchedConnection } from '../core/wire/watched-connection';
import { capabilities } from './capabilities';
import { CommandReader, Overlong, TooMuch, type ReadCommand } from './command-reader';
import { dispatch, type Result } from './dispatch';
import { Farewell } from './farewell';
import { parseAppend } from './grammar/append-args';
import { parseCommandLine, parseTag } from './grammar/command-line';
import { parseCommand, type TaggedCommand } from './grammar/command';
import type { Segment } from './grammar/reader';
import type { Exchange, ImapNode } from './handler';
import { imapLimits } from './imap-limits';
import { tagged, untagged } from './responses/status';
import { Session } from './session';

export interface ClientOptions {
  readonly connection: Connection;
  readonly node: ImapNode;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Called once, when the client has signed in. */
  readonly onSignedIn: (login: string) => void;
}

export class Client implements ServedClient {
  private readonly session = new Session();
  private readonly reader: CommandReader;
  private readonly drainAsked: Promise<void>;
  private askDrain = (): void => {};
  private isDraining = false;
  private isInCommand = false;
  /** IDLE or SASL waits for a line. */
  private isInLine = false;
  private badCommands = 0;
  private readonly wire: WatchedConnection;

  constructor(private readonly options: ClientOptions) {
    this.wire = new WatchedConnection(options.connection, options.node.clock, imapLimits, {
      isSignedIn: () => this.session.state.name !== 'notAuthenticated',
      mayBeSilent: () => this.isInLine,
      onSlowLogin: () => this.sayBye('too slow to log in', null),
      onSilence: () => this.sayBye('silent for too long', null),
      keepAlive: STILL_HERE,
    });
    this.reader = new CommandReader(this.wire, announcesMessage);
    this.drainAsked = new Promise((resolve) => {
      this.askDrain = resolve;
    });
  }

  /** Serves the client until one side ends it. Never rejects. */
  async serve(): Promise<void> {
    const { log } = this.options;
    try {
      await this.wire.write(untagged('OK', 'Isomail is ready', `CAPABILITY ${this.capabilities()}`));
      await this.converse();
    } catch (error) {
      if (error instanceof Farewell) this.sayBye(error.message, error.code);
      else if (error instanceof TooMuch) this.sayBye(error.message, 'TOOBIG');
      else if (!(error instanceof Disconnected)) log.error({ error }, 'a session failed: this is a bug');
    } finally {
      this.wire.unwatch();
      const { state } = this.session;
      if (state.name === 'authenticated' || state.name === 'selected') state.user.lease.release();
      this.session.state = { name: 'logout' };
    }
  }

  /** Ends the session when what runs now is done. */
  drain(): void {
    this.isDraining = true;
    this.askDrain();
    // A command that waits for its next line (IDLE) is told by `draining`; a client that we wait for is sent away here.
    if (this.wire.isWaiting && !this.isInCommand) this.sayBye(DRAIN_TEXT, 'UNAVAILABLE');
  }

  /** Ends it at once. */
  cutOff(): void {
    this.options.connection.destroy();
  }

  private async converse(): Promise<void> {
    while (this.session.state.name !== 'logout') {
      if (this.isDraining) throw new Farewell(DRAIN_TEXT, 'UNAVAILABLE');
      const command = await this.nextCommand();
      if (command === 'ended') return;
      const result = command === 'bad' ? 'bad' : await this.run(command.parsed, command.read);
      this.badCommands = result === 'bad' ? this.badCommands + 1 : 0;
      if (this.session.state.name === 'notAuthenticated' && this.badCommands >= imapLimits.badCommandsBeforeLogin) {
        throw new Farewell('please come back speaking IMAP');
      }
    }
  }

  /** The next command that can be understood; 'bad': it could not, and was answered. */
  private async nextCommand(): Promise<{ parsed: TaggedCommand; read: ReadCommand } | 'bad' | 'ended'> {
    let read: ReadCommand | null;
    try {
      read = await this.reader.next();
    } catch (error) {
      if (!(error instanceof Overlong)) throw error;
      await this.answerBroken(parseTag(error.firstLine), new BadCommand(error.message));
      return 'bad';
    }
    if (read === null) return 'ended';
    try {
      return { parsed: parse(read), read };
    } catch (error) {
      if (!(error instanceof BadCommand) && !(error instanceof Refusal)) throw error;
      this.reader.endCommand();
      await this.answerBroken(parseTag(read.segments[0]!.bytes), error);
      return 'bad';
    }
  }

  private async run(command: TaggedCommand, read: ReadCommand): Promise<Result> {
    const { node, log, metrics } = this.options;
    const before = this.session.state.name;
    const exchange = this.exchange(read);
    let result: Result;
    this.isInCommand = true;
    try {
      result = await dispatch(command, { session: this.session, node, exchange, log, metrics, write: (bytes) => this.wire.write(bytes) });
    } finally {
      this.isInCommand = false;
      this.reader.endCommand();
    }
    const { state } = this.session;
    if (before === 'notAuthenticated' && state.name === 'authenticated') {
      this.reader.trust();
      this.options.onSignedIn(state.user.login);
    }
    return result;
  }

  private exchange({ pending }: ReadCommand): Exchange {
    const { connection, node } = this.options;
    const { reader } = this;
    return {
      isSecure: connection.isSecure,
      remoteAddress: connection.remoteAddress,
      announced: pending,
      line: async () => {
        this.isInLine = true;
        try {
          return await reader.line();
        } finally {
          this.isInLine = false;
        }
      },
      messages: reader.messages(),
      draining: this.drainAsked,
      startTls: async () => {
        reader.forgetRest();
        await connection.startTls(node.tls!);
      },
    };
  }

  private async answerBroken(tag: string | null, error: BadCommand | Refusal): Promise<void> {
    const isRefusal = error instanceof Refusal;
    const code = isRefusal ? (error.code ?? undefined) : undefined;
    if (tag === null) await this.wire.write(untagged('BAD', error.message));
    else await this.wire.write(tagged(tag, isRefusal ? 'NO' : 'BAD', error.message, code));
  }

  private sayBye(text: string, code: string | null): void {
    this.options.connection.end(untagged('BYE', text, code ?? undefined));
  }

  private capabilities(): string {
    const { node, connection } = this.options;
    return capabilities(this.session, { isSecure: connection.isSecure, hasTls: node.tls !== null, requireTls: node.requireTls });
  }
}

const DRAIN_TEXT = 'this server is going down; another one has your mail';
const STILL_HERE = untagged('OK', 'Still here');

function parse(read: ReadCommand): TaggedCommand {
  if (!read.pending) return parseCommand(read.segments);
  const append = parseAppend(read.segments);
  if (append === null) throw new BadCommand('expected a message');
  return { ...append, kind: 'append' };
}

/** Whether the literal that these lines announce is a message, to be streamed: APPEND's last, but not its mailbox name. */
function announcesMessage(segments: readonly Segment[]): boolean {
  try {
    if (parseCommandLine(segments[0]!.bytes).name !== 'APPEND') return false;
    return parseAppend(segments) !== null;
  } catch (error) {
    if (error instanceof BadCommand || error instanceof Refusal) return true; // parse() will say so before the literal is read.
    throw error;
  }
}

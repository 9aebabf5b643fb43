// From a connection's bytes to complete commands: the one place that decides what happens to a literal before it is read.
import { BadCommand, Disconnected } from '../core/runtime/errors';
import { Framer, type Fragment } from '../core/wire/framer';
import type { Literal } from '../core/wire/literal';
import type { Segment } from './grammar/reader';
import { imapLimits } from './imap-limits';

const CONTINUE = Buffer.from('+ OK\r\n');

/** The bytes to and from one client. */
export interface Wire {
  /** The next bytes; null when the client has ended. Throws Disconnected. */
  read(): Promise<Buffer | null>;
  /** With back-pressure. Throws Disconnected. */
  write(bytes: Uint8Array): Promise<void>;
}

/** A command as far as it could be read: whole, or up to the announcement of a message that waits to be streamed. */
export interface ReadCommand {
  readonly segments: readonly Segment[];
  /** The literal that comes next: `messages()` takes it, `endCommand()` drops it. Null: the command is whole. */
  readonly pending: Literal | null;
}

/** The client must be sent away: it does not stop. */
export class TooMuch extends Error {
  override readonly name = 'TooMuch';
}

/** The command was read to its end and dropped; `firstLine` may hold its tag. */
export class Overlong extends Error {
  override readonly name = 'Overlong';
  constructor(readonly firstLine: Buffer) {
    super('the command is too long');
  }
}

/** What is still to come of one APPEND. A store that was slow may ask for more when its command is over: then all is Disconnected. */
export interface Messages {
  /** The bytes of the literal that was announced last, read as they are taken. Throws Disconnected, also when they stop short. */
  readonly body: (literal: Literal) => AsyncGenerator<Buffer>;
  /** The line that follows a literal, and what it announces. Throws BadCommand, Disconnected. */
  readonly rest: () => Promise<{ readonly line: Buffer; readonly literal: Literal | null }>;
}

export class CommandReader {
  private readonly framer = new Framer({ lineBytesMax: imapLimits.lineBytesBeforeLogin, literals: true });
  private isTrusted = false;
  /** The present command was not read to its end. */
  private isOpen = false;
  /** Counts commands: who reads a message for one that is over must not take bytes of the next. */
  private turn = 0;
  private reading: Promise<boolean> | null = null;

  constructor(
    private readonly wire: Wire,
    /** Whether the literal that ends this line is a message to be streamed. */
    private readonly announcesMessage: (segments: readonly Segment[]) => boolean,
  ) {}

  /** After login a client may send more. */
  trust(): void {
    this.isTrusted = true;
    this.framer.options.lineBytesMax = imapLimits.lineBytesAfterLogin;
  }

  /** The next command; null when the client has ended. Throws Overlong (and can go on), TooMuch, Disconnected. */
  async next(): Promise<ReadCommand | null> {
    const segments: Segment[] = [];
    let literalBytes = 0;
    for (;;) {
      const fragment = await this.fragment();
      if (fragment === null) return null;
      if (fragment.kind === 'overlong') throw new Overlong(segments[0]?.bytes ?? fragment.head);
      if (fragment.kind === 'literal') throw new Error('a literal came that nobody took');
      segments.push({ kind: 'line', bytes: fragment.bytes });
      const { literal } = fragment;
      if (!literal) return { segments, pending: null };
      if (this.isTrusted && this.announcesMessage(segments)) return { segments, pending: literal };
      literalBytes += literal.sizeBytes;
      const limit = this.isTrusted ? imapLimits.literalBytesBuffered : imapLimits.literalBytesBeforeLogin;
      if (literalBytes > limit || segments.length > 2 * imapLimits.literalsPerCommand) {
        if (!this.isTrusted && !literal.synchronizing) throw new TooMuch('the literal is too long');
        this.endCommand();
        throw new Overlong(segments[0]!.bytes);
      }
      const chunks: Buffer[] = [];
      for await (const chunk of this.literal(literal, this.turn)) chunks.push(Buffer.from(chunk));
      segments.push({ kind: 'literal', bytes: Buffer.concat(chunks), binary: literal.binary });
    }
  }

  /** The messages of the present command. */
  messages(): Messages {
    const { turn } = this;
    return { body: (literal) => this.literal(literal, turn), rest: () => this.rest(turn) };
  }

  /** The command is answered: what is still to come of it is thrown away, and its message cannot be read any more. */
  endCommand(): void {
    this.turn += 1;
    if (this.isOpen) this.framer.discardCommand();
    this.isOpen = false;
  }

  /** A line that is no command: SASL, or the DONE of IDLE. Throws BadCommand, Disconnected. */
  async line(): Promise<Buffer> {
    this.framer.options.literals = false;
    try {
      const fragment = await this.fragment();
      if (fragment === null) throw new Disconnected('the peer ended');
      if (fragment.kind !== 'line') throw new BadCommand('the line is too long');
      return fragment.bytes;
    } finally {
      this.framer.options.literals = true;
    }
  }

  /** Forgets what was read ahead in the clear: it must not be taken for commands (STARTTLS injection). */
  forgetRest(): void {
    this.framer.takeRest();
  }

  private async *literal(literal: Literal, turn: number): AsyncGenerator<Buffer> {
    this.checkTurn(turn);
    this.framer.acceptLiteral();
    if (literal.synchronizing) await this.wire.write(CONTINUE);
    for (;;) {
      const fragment = await this.fragment(turn);
      if (fragment?.kind !== 'literal') throw new Disconnected('the literal stopped short');
      if (fragment.bytes.length > 0) yield fragment.bytes;
      if (fragment.last) return;
    }
  }

  private async rest(turn: number): Promise<{ readonly line: Buffer; readonly literal: Literal | null }> {
    const fragment = await this.fragment(turn);
    if (fragment?.kind === 'overlong') throw new BadCommand('the line after the message is too long');
    if (fragment?.kind !== 'line') throw new Disconnected('the command stopped short');
    return { line: fragment.bytes, literal: fragment.literal };
  }

  private async fragment(turn = this.turn): Promise<Fragment | null> {
    for (;;) {
      this.checkTurn(turn);
      const fragment = this.framer.next();
      if (fragment) {
        this.isOpen = fragment.kind === 'literal' || (fragment.kind === 'line' && fragment.literal !== null);
        return fragment;
      }
      const droppedMax = this.isTrusted ? imapLimits.droppedBytes : imapLimits.droppedBytesBeforeLogin;
      if (this.framer.droppedBytes > droppedMax) throw new TooMuch('the command does not end');
      if (!(await this.moreBytes())) return null;
    }
  }

  private checkTurn(turn: number): void {
    if (turn !== this.turn) throw new Disconnected('the command is over');
  }

  /** False when the client has ended. A store that was slow to take a message may still wait for bytes when the next command does. */
  private moreBytes(): Promise<boolean> {
    this.reading ??= this.wire
      .read()
      .then((chunk) => {
        if (chunk) this.framer.push(chunk);
        return chunk !== null;
      })
      .finally(() => {
        this.reading = null;
      });
    return this.reading;
  }
}

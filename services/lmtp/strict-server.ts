// smtp-server with parts of our own. Its DATA takes a dot away behind a bare LF too, where a sender that knows only CRLF has put none, and
// gives way to the event loop for each dot, so that a message of dots costs minutes; its addresses have no quoted spaces and make U+FFFD of
// what is no UTF-8; and an octet now and then keeps a command going for ever. What is replaced here is not in its manual: its version is
// pinned, and test/lmtp/{octets,addresses,strict-stream}.test.ts hold them together.
import type { Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import type { Clock } from '../core/runtime/clock';
import { DotReader } from './dot-reader';
import { readPathCommand } from './path';

const LF = 0x0a;

export interface LineLimits {
  readonly clock: Clock;
  readonly lineBytes: number;
  /** From the first octet of a command to its end; a silence is the socket's matter. */
  readonly lineMs: number;
}

export class StrictStream extends SMTPStream {
  private dots = new DotReader();
  private lineSinceMs = 0;

  constructor(private readonly limits: LineLimits) {
    super({ maxCommandLength: limits.lineBytes });
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, next: (error?: Error | null) => void): void {
    if (!this._dataMode) {
      const { clock, lineMs } = this.limits;
      const nowMs = clock.monotonicMs();
      if (this._remainder === '' || chunk.includes(LF)) this.lineSinceMs = nowMs;
      if (nowMs - this.lineSinceMs > lineMs) return next(new Error('the command took too long'));
    }
    super._write(chunk, encoding, next);
  }

  override startDataMode(...args: Parameters<SMTPStream['startDataMode']>): ReturnType<SMTPStream['startDataMode']> {
    this.dots = new DotReader();
    return super.startDataMode(...args);
  }

  override _feedDataStream(chunk: Buffer, done: (error?: Error | null) => void): void {
    const { content, rest } = this.dots.take(chunk);
    this._countDataBytes(content.length);
    if (rest !== null) {
      this._endDataMode(content, rest, done);
      return;
    }
    const stream = this._dataStream;
    // Nobody listens any more, or the message has room; else its reader says when to go on.
    if (!stream?.writable || content.length === 0 || stream.write(content)) {
      done();
      return;
    }
    const goOn = (): void => {
      stream.off('drain', goOn);
      stream.off('close', goOn);
      done();
    };
    stream.once('drain', goOn);
    stream.once('close', goOn);
  }
}

class StrictConnection extends SMTPConnection {
  declare _server: StrictServer;

  override _createParser(): SMTPStream {
    const parser = new StrictStream(this._server.lineLimits);
    parser.oncommand = (command, callback) => this._onCommand(command, callback);
    parser.on('error', (error) => this.send(421, `Error: ${error.message}`));
    return parser;
  }

  /** The path is read here, its parameters there. */
  override _parseAddressCommand(verb: string, line: Buffer): ReturnType<SMTPConnection['_parseAddressCommand']> {
    const command = readPathCommand(line);
    if (command === null) return false;
    const parsed = super._parseAddressCommand(verb, `${command.verb}:<> ${command.parameters}`);
    return parsed && { ...parsed, address: command.address };
  }
}

export class StrictServer extends SMTPServer {
  constructor(
    options: SMTPServerOptions,
    readonly lineLimits: LineLimits,
  ) {
    super(options);
  }

  override connect(socket: Socket, options?: SMTPConnectionOptions | null): void {
    const connection = new StrictConnection(this, socket, options);
    this.connections.add(connection);
    connection.on('error', (error: Error) => this._onError(error));
    connection.init();
  }
}

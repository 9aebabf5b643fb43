// smtp-server with a DATA of our own. Its own takes a dot away behind a bare LF too, where a sender that knows only CRLF has put none,
// and gives way to the event loop for each dot, so that a message of dots costs minutes. The parts that are replaced here are not in its
// manual: its version is pinned, and test/lmtp/octets.test.ts holds them together.
import type { Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import { DotReader } from './dot-reader';

class StrictStream extends SMTPStream {
  private dots = new DotReader();

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
  override _createParser(): SMTPStream {
    const { maxCommandLength } = this._server.options;
    const parser = new StrictStream({ maxCommandLength });
    parser.oncommand = (command, callback) => this._onCommand(command, callback);
    parser.on('error', (error) => this.send(421, `Error: ${error.message}`));
    return parser;
  }
}

export class StrictServer extends SMTPServer {
  override connect(socket: Socket, options?: SMTPConnectionOptions | null): void {
    const connection = new StrictConnection(this, socket, options);
    this.connections.add(connection);
    connection.on('error', (error: Error) => this._onError(error));
    connection.init();
  }
}

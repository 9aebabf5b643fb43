// One client from greeting to end: its commands one at a time, in the order in which they came, pipelined or not (RFC 2449 §6.6).
// A POP3 server only answers: whoever is sent away between two commands hears nothing, and nothing of his is removed.
import { BadCommand, Disconnected } from '../core/runtime/errors';
import type { Logger } from '../core/runtime/logging';
import type { Metrics } from '../core/runtime/metrics';
import type { Connection } from '../core/wire/connection';
import type { ServedClient } from '../core/wire/serve-clients';
import { WatchedConnection } from '../core/wire/watched-connection';
import { dispatch, type Dispatching, type Result } from './dispatch';
import { giveWay } from '../core/runtime/give-way';
import type { Pop3Node } from './handler';
import { EndlessLine, LineReader } from './line-reader';
import { pop3Limits } from './pop3-limits';
import { err, ok } from './replies';
import { Session } from './session';

export interface ClientOptions {
  readonly connection: Connection;
  readonly node: Pop3Node;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Called once, when the client has signed in. */
  readonly onSignedIn: (login: string) => void;
}

export class Client implements ServedClient {
  private readonly session = new Session();
  private readonly wire: WatchedConnection;
  private readonly reader: LineReader;
  private readonly dispatching: Dispatching;
  private isDraining = false;

  constructor(private readonly options: ClientOptions) {
    const { connection, node, log, metrics, onSignedIn } = options;
    const hangUp = (): void => connection.end();
    this.wire = new WatchedConnection(connection, node.clock, pop3Limits, {
      isSignedIn: () => this.session.state.name !== 'AUTHORIZATION',
      mayBeSilent: () => false,
      onSlowLogin: hangUp,
      onSilence: hangUp, // RFC 1939 §3: without a response, and without removing anything.
      keepAlive: Buffer.alloc(0),
    });
    this.reader = new LineReader(() => this.wire.read());
    const exchange = {
      get isSecure() {
        return connection.isSecure;
      },
      remoteAddress: connection.remoteAddress,
      line: () => this.saslLine(),
      signedIn: onSignedIn,
      startTls: async () => {
        this.reader.forgetRest();
        await connection.startTls(node.tls!);
      },
    };
    this.dispatching = { session: this.session, node, exchange, log, metrics, write: (bytes) => this.wire.write(bytes) };
  }

  /** Serves the client until one side ends it. Never rejects. */
  async serve(): Promise<void> {
    const { connection, log } = this.options;
    try {
      // No timestamp: APOP is not offered (RFC 1939 §7).
      await this.wire.write(ok('Isomail is ready'));
      await this.converse();
    } catch (error) {
      if (error instanceof EndlessLine) connection.end(err(error.message));
      else if (!(error instanceof Disconnected)) log.error({ error }, 'a session failed: this is a bug');
    } finally {
      this.wire.unwatch();
      this.session.end();
    }
  }

  /** Ends the session when what runs now is done. */
  drain(): void {
    this.isDraining = true;
    if (this.wire.isWaiting) this.options.connection.end();
  }

  /** Ends it at once. */
  cutOff(): void {
    this.options.connection.destroy();
  }

  private async converse(): Promise<void> {
    let badCommands = 0;
    for (let answered = 1; this.session.state.name !== 'over' && !this.isDraining; answered += 1) {
      const line = await this.reader.next();
      if (line === null) return;
      badCommands = (await this.answer(line)) === 'bad' ? badCommands + 1 : 0;
      if (badCommands >= pop3Limits.badCommands) return;
      if (answered % pop3Limits.commandsAtOnce === 0) await giveWay();
    }
  }

  private async answer(line: Buffer | 'overlong'): Promise<Result> {
    if (line !== 'overlong') return dispatch(line, this.dispatching);
    await this.wire.write(err('the line is too long'));
    return 'bad';
  }

  private async saslLine(): Promise<Buffer> {
    const line = await this.reader.next();
    if (line === null) throw new Disconnected('the peer ended');
    if (line === 'overlong') throw new BadCommand('the line is too long');
    return line;
  }
}

// The LMTP role (RFC 2033): a listening port for mail servers. smtp-server speaks the protocol; here is who may come, what is logged, and
// how all are sent home.
import type { AddressInfo } from 'node:net';
import type { SMTPServer, SMTPServerDataStream, SMTPServerOptions, SMTPServerSession } from 'smtp-server';
import { withDeadline } from '../core/runtime/clock';
import { codeOf } from '../core/runtime/error-facts';
import { Disconnected } from '../core/runtime/errors';
import type { Logger } from '../core/runtime/logging';
import type { Metrics } from '../core/runtime/metrics';
import type { RunningServer } from '../core/wire/serve-clients';
import { Flood } from './incoming-data';
import { lmtpLimits, type LmtpLimits } from './lmtp-limits';
import { goingDown, replyTo, tooLarge, tooSlow, type Reply } from './reply';
import { StrictServer } from './strict-server';
import { Transactions, type LmtpNode } from './transactions';

export interface LmtpOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly node: LmtpNode;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly limits?: LmtpLimits;
}

type Connection = SMTPServer['connections'] extends Set<infer T> ? T : never;

/** Commands of SMTP and of sendmail that are not for here. */
const DISABLED = ['AUTH', 'STARTTLS', 'XCLIENT', 'XFORWARD', 'HELP', 'WIZ', 'SHELL', 'KILL'];
/** A sender that goes away is no fault of ours. */
const GONE = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Listens and serves. Rejects if the port cannot be had. */
export async function startLmtp(options: LmtpOptions): Promise<RunningServer> {
  const server = new LmtpServer(options);
  const port = await server.listen();
  return { port, drain: () => server.drain() };
}

class LmtpServer {
  private readonly server: SMTPServer;
  private readonly limits: LmtpLimits;
  private readonly transactions: Transactions;
  private readonly sessions = new Set<SMTPServerSession>();
  private isDraining = false;
  private onError = (error: Error): void => this.logError(error);

  constructor(private readonly options: LmtpOptions) {
    const { node, metrics } = options;
    this.limits = options.limits ?? lmtpLimits;
    this.transactions = new Transactions(node, this.limits, (result) => metrics.deliveries.inc({ result }));
    const { lineBytes, silenceMs } = this.limits;
    this.server = new StrictServer(this.protocol(), { clock: node.clock, lineBytes, lineMs: silenceMs });
    this.server.on('error', (error) => this.onError(error));
  }

  /** Resolves with the port. */
  listen(): Promise<number> {
    const { host, port } = this.options;
    return new Promise((resolve, reject) => {
      this.onError = reject;
      this.server.listen(port, host, () => {
        this.onError = (error) => this.logError(error);
        resolve((this.server.server.address() as AddressInfo).port);
      });
    });
  }

  /** Those who are in no transaction hear 421 at once, the others when theirs has ended. */
  async drain(): Promise<void> {
    const { node, log } = this.options;
    this.isDraining = true;
    // Not SMTPServer.close(): that breaks transactions off at their next command.
    const gone = new Promise<void>((resolve) => void this.server.server.close(() => resolve()));
    for (const connection of this.server.connections) if (!isInTransaction(connection)) dismiss(connection);
    await withDeadline(node.clock, this.limits.drainMs, gone, () => new Disconnected('drain')).catch(() => {
      log.warn({ clients: this.server.connections.size }, 'clients are cut off: they did not come to an end');
      for (const connection of this.server.connections) dismiss(connection);
    });
  }

  private protocol(): SMTPServerOptions {
    const { limits } = this;
    const onBug = (error: unknown): void => this.logError(error);
    return {
      lmtp: true,
      hideENHANCEDSTATUSCODES: false,
      disabledCommands: DISABLED,
      disableReverseLookup: true,
      banner: 'Isomail',
      heloResponse: '%s',
      logger: false,
      size: limits.messageBytes,
      maxClients: limits.connections,
      socketTimeout: limits.silenceMs,
      onConnect: (session, callback) => {
        if (this.isDraining) return callback(goingDown());
        this.sessions.add(session);
        this.options.metrics.sessions.inc({ protocol: 'lmtp' });
        return callback();
      },
      onClose: (session) => {
        if (this.sessions.delete(session)) this.options.metrics.sessions.dec({ protocol: 'lmtp' });
      },
      onMailFrom: (address, session, callback) => {
        const checked = async (): Promise<void> => {
          if (this.isDraining) throw goingDown();
          this.transactions.mail(address);
        };
        this.answer(session, callback, checked).catch(onBug);
      },
      onRcptTo: (address, session, callback) => {
        this.answer(session, callback, () => this.transactions.rcpt(address, session, this.logOf(session))).catch(onBug);
      },
      onData: (stream, session, callback) => {
        this.take(stream, session, callback).catch(onBug);
      },
    };
  }

  /** Says what became of a command, whatever that was. */
  private async answer(session: SMTPServerSession, callback: (error?: Error | null) => void, work: () => Promise<void>): Promise<void> {
    let refusal: Reply | null = null;
    try {
      await work();
    } catch (error) {
      refusal = replyTo(error, this.logOf(session));
    }
    // After a 421 nothing more is heard (RFC 5321 §3.8); the library would go on with what came in the same packet.
    if (refusal?.code.startsWith('421')) this.cutOff(session, refusal, 1);
    callback(refusal);
  }

  private async take(stream: SMTPServerDataStream, session: SMTPServerSession, callback: (error: Error | null, replies?: (string | Reply)[]) => void): Promise<void> {
    const log = this.logOf(session);
    const cancel = this.options.node.clock.after(this.limits.dataMs, () => this.cutOff(session, tooSlow(), this.transactions.countOf(session)));
    try {
      const replies = await this.transactions.data(stream, session, log);
      callback(null, replies);
    } catch (error) {
      if (error instanceof Disconnected) log.info({ error }, 'a sender left inside its message');
      // The message was not heard to its end: there is no next command to be found behind it.
      else this.cutOff(session, error instanceof Flood ? tooLarge(this.limits.messageBytes) : replyTo(error, log), this.transactions.countOf(session));
    } finally {
      cancel();
    }
    if (this.isDraining) this.dismissIdle(session);
  }

  /** Says it `count` times and hangs up. */
  private cutOff(session: SMTPServerSession, reply: Reply, count: number): void {
    const connection = this.connectionOf(session);
    if (!connection) return;
    for (let said = 0; said < count; said += 1) say(connection, reply);
    connection.close();
  }

  private dismissIdle(session: SMTPServerSession): void {
    const connection = this.connectionOf(session);
    if (connection && !isInTransaction(connection)) dismiss(connection);
  }

  private connectionOf(session: SMTPServerSession): Connection | undefined {
    return [...this.server.connections].find(({ id }) => id === session.id);
  }

  private logOf(session: SMTPServerSession): Logger {
    return this.options.log.child({ peer: session.remoteAddress, session: session.id });
  }

  private logError(error: unknown): void {
    const { log } = this.options;
    if (GONE.has(codeOf(error) ?? '')) log.info({ error }, 'a sender left');
    else log.error({ error }, 'a connection failed');
  }
}

/** Before its greeting a connection has no envelope yet. */
function isInTransaction({ session }: Connection): boolean {
  return Boolean((session as Partial<SMTPServerSession>).envelope?.mailFrom);
}

/** 421 hangs up. */
function dismiss(connection: Connection): void {
  say(connection, goingDown());
}

function say(connection: Connection, { code, message }: Reply): void {
  // `false`: no status code of the library's own choice before ours.
  connection.send(Number(code.slice(0, 3)), `${code.slice(4)} ${message}`, false);
}

// A listening port and its clients, for protocols in which a client signs in and stays: who may come, and how all are sent home.
import type { SecureContext } from 'node:tls';
import { withDeadline, type Clock } from '../runtime/clock';
import type { Logger } from '../runtime/logging';
import type { Metrics } from '../runtime/metrics';
import type { Connection } from './connection';
import { ConnectionQuota } from './connection-quota';
import { listen } from './listener';

/** One conversation. */
export interface ServedClient {
  /** Serves the client until one side ends it. Must not reject. */
  serve(): Promise<void>;
  /** Ends the session when what runs now is done. */
  drain(): void;
  /** Ends it at once. */
  cutOff(): void;
}

export interface ClientServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** TLS from the first byte; null: plain. */
  readonly implicitTls: SecureContext | null;
  readonly protocol: 'imap' | 'pop3';
  readonly limits: { readonly connectionsBeforeLogin: number; readonly connectionsPerUser: number; readonly drainMs: number };
  /** The last words to a client that is one too many. */
  readonly tooMany: (text: string) => Uint8Array;
  /** `onSignedIn` is to be called once, when the client has signed in. */
  readonly open: (connection: Connection, onSignedIn: (login: string) => void) => ServedClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}

export interface RunningServer {
  readonly port: number;
  /** Stops accepting, lets what runs finish, says goodbye to all. Resolves when the last has gone, or after a while. */
  drain(): Promise<void>;
}

/** Listens and serves. Rejects if the port cannot be had. */
export async function serveClients(options: ClientServerOptions): Promise<RunningServer> {
  const { host, port, implicitTls, protocol, limits, clock, log, metrics } = options;
  const clients = new Map<ServedClient, Promise<void>>();
  const quota = new ConnectionQuota(limits.connectionsBeforeLogin, limits.connectionsPerUser);

  const serve = async (connection: Connection): Promise<void> => {
    const place = quota.enter(connection.remoteAddress);
    if (!place) {
      connection.end(options.tooMany('too many connections from your address are not logged in'));
      return;
    }
    const client = options.open(connection, (login) => {
      if (!place.signIn(login)) connection.end(options.tooMany('too many connections of this user from your address'));
    });
    metrics.sessions.inc({ protocol });
    const served = client.serve();
    clients.set(client, served);
    await served;
    clients.delete(client);
    metrics.sessions.dec({ protocol });
    place.leave();
  };

  const onAcceptFailed = (error: Error): void => log.error({ error }, 'a connection could not be accepted');
  const listener = await listen({ host, port, implicitTls, serve, onAcceptFailed });
  return {
    port: listener.port,
    async drain() {
      listener.stopAccepting();
      for (const client of clients.keys()) client.drain();
      const gone = Promise.all(clients.values());
      const cutOff = (): void => {
        log.warn({ clients: clients.size }, 'clients are cut off: they did not come to an end');
        for (const client of clients.keys()) client.cutOff();
      };
      await withDeadline(clock, limits.drainMs, gone, () => new Error('drain')).catch(cutOff);
    },
  };
}

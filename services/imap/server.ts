// The IMAP role: a listening port and its clients.
import type { SecureContext } from 'node:tls';
import type { Logger } from '../core/runtime/logging';
import type { Metrics } from '../core/runtime/metrics';
import type { Connection } from '../core/wire/connection';
import { listen } from '../core/wire/listener';
import { Client } from './client';
import { ConnectionQuota } from './connection-quota';
import type { ImapNode } from './handler';
import { imapLimits } from './imap-limits';
import { untagged } from './responses/status';
import { withDeadline } from '../core/runtime/clock';

export interface ImapOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** TLS from the first byte; null: plain, with STARTTLS if the node has a certificate. */
  readonly implicitTls: SecureContext | null;
  readonly node: ImapNode;
  readonly log: Logger;
  readonly metrics: Metrics;
}

export interface RunningServer {
  readonly port: number;
  /** Stops accepting, lets what runs finish, says BYE to all. Resolves when the last has gone, or after a while. */
  drain(): Promise<void>;
}

/** Listens and serves. Rejects if the port cannot be had. */
export async function startImap({ host, port, implicitTls, node, log, metrics }: ImapOptions): Promise<RunningServer> {
  const clients = new Map<Client, Promise<void>>();
  const quota = new ConnectionQuota(imapLimits.connectionsBeforeLogin, imapLimits.connectionsPerUser);

  const serve = async (connection: Connection): Promise<void> => {
    const place = quota.enter(connection.remoteAddress);
    if (!place) {
      connection.end(untagged('BYE', 'too many connections from your address are not logged in', 'LIMIT'));
      return;
    }
    const client = new Client({
      connection,
      node,
      log: log.child({ peer: connection.remoteAddress }),
      metrics,
      onSignedIn: (login) => {
        if (!place.signIn(login)) connection.end(untagged('BYE', 'too many connections of this user from your address', 'LIMIT'));
      },
    });
    metrics.sessions.inc({ protocol: 'imap' });
    const served = client.serve();
    clients.set(client, served);
    await served;
    clients.delete(client);
    metrics.sessions.dec({ protocol: 'imap' });
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
      await withDeadline(node.clock, imapLimits.drainMs, gone, () => new Error('drain')).catch(cutOff);
    },
  };
}

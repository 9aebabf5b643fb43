// The IMAP role: a listening port and its clients.
import type { SecureContext } from 'node:tls';
import type { Logger } from '../core/runtime/logging';
import type { Metrics } from '../core/runtime/metrics';
import { serveClients, type RunningServer } from '../core/wire/serve-clients';
import { Client } from './client';
import type { ImapNode } from './handler';
import { imapLimits } from './imap-limits';
import { untagged } from './responses/status';

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

/** Listens and serves. Rejects if the port cannot be had. */
export function startImap({ host, port, implicitTls, node, log, metrics }: ImapOptions): Promise<RunningServer> {
  return serveClients({
    host,
    port,
    implicitTls,
    protocol: 'imap',
    limits: imapLimits,
    tooMany: (text) => untagged('BYE', text, 'LIMIT'),
    open: (connection, onSignedIn) => new Client({ connection, node, log: log.child({ peer: connection.remoteAddress }), metrics, onSignedIn }),
    clock: node.clock,
    log,
    metrics,
  });
}

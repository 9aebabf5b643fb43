// The POP3 role: a listening port and its clients.
import type { SecureContext } from 'node:tls';
import type { Logger } from '../core/runtime/logging';
import type { Metrics } from '../core/runtime/metrics';
import { serveClients, type RunningServer } from '../core/wire/serve-clients';
import { Client } from './client';
import type { Pop3Node } from './handler';
import { pop3Limits } from './pop3-limits';
import { err } from './replies';

export interface Pop3Options {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** TLS from the first byte; null: plain, with STLS if the node has a certificate. */
  readonly implicitTls: SecureContext | null;
  readonly node: Pop3Node;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Listens and serves. Rejects if the port cannot be had. */
export function startPop3({ host, port, implicitTls, node, log, metrics }: Pop3Options): Promise<RunningServer> {
  return serveClients({
    host,
    port,
    implicitTls,
    protocol: 'pop3',
    limits: pop3Limits,
    tooMany: (text) => err(text, 'SYS/TEMP'),
    open: (connection, onSignedIn) => new Client({ connection, node, log: log.child({ peer: connection.remoteAddress }), metrics, onSignedIn }),
    clock: node.clock,
    log,
    metrics,
  });
}

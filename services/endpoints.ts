// What a frontend listens on: from the configuration to servers that can be started. The only place that knows all protocols.
import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { RoleName, ServerConfig } from './config';
import type { RunningServer } from './core/wire/serve-clients';
import { startImap } from './imap/server';
import { startLmtp } from './lmtp/server';
import { startPop3 } from './pop3/server';
import { version } from './version';
import type { Node } from './wiring';

/** How the server of one port is started. */
export interface Role {
  start(listening: { readonly host: string; readonly port: number }): Promise<RunningServer>;
}

export interface Endpoint {
  /** As it is called in the table of endpoints. */
  readonly name: string;
  /** The option that gives the port. */
  readonly option: keyof ServerConfig['ports'];
  readonly roleName: RoleName;
  readonly host: string;
  readonly encryption: 'STARTTLS' | 'STLS' | 'TLS' | 'none';
  readonly role: Role;
}

/** Every endpoint that the configuration asks for. */
export function endpointsOf(config: ServerConfig, node: Node, tls: SecureContext): Endpoint[] {
  const imap = (implicitTls: SecureContext | null): Role => ({
    start: (listening) =>
      startImap({
        ...listening,
        implicitTls,
        node: { ...node, tls, requireTls: config.requireTls, name: 'Isomail', version },
        log: node.logger.child({ role: 'imap' }),
        metrics: node.metrics,
      }),
  });
  const pop3 = (implicitTls: SecureContext | null): Role => ({
    start: (listening) =>
      startPop3({
        ...listening,
        implicitTls,
        node: { ...node, tls, requireTls: config.requireTls },
        log: node.logger.child({ role: 'pop3' }),
        metrics: node.metrics,
      }),
  });
  const lmtp: Role = {
    start: (listening) => startLmtp({ ...listening, node, log: node.logger.child({ role: 'lmtp' }), metrics: node.metrics }),
  };
  const all: Omit<Endpoint, 'host'>[] = [
    { name: 'IMAP', option: 'imap', roleName: 'imap', encryption: 'STARTTLS', role: imap(null) },
    { name: 'IMAPS', option: 'imaps', roleName: 'imap', encryption: 'TLS', role: imap(tls) },
    { name: 'POP3', option: 'pop3', roleName: 'pop3', encryption: 'STLS', role: pop3(null) },
    { name: 'POP3S', option: 'pop3s', roleName: 'pop3', encryption: 'TLS', role: pop3(tls) },
    { name: 'LMTP', option: 'lmtp', roleName: 'lmtp', encryption: 'none', role: lmtp },
  ];
  return all
    .map((endpoint) => ({ ...endpoint, host: endpoint.roleName === 'lmtp' ? config.lmtpHost : config.host }))
    .filter(({ option, roleName }) => config.roles.has(roleName) && config.ports[option] !== 0);
}

/** As in a URL. */
export function addressOf(host: string, port: number): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

// `npm start`: configuration → wiring → roles → drain.
import { listenOptions, processOptions, readServerConfig, storeOptions, type ServerConfig } from './config';
import { Damaged, Unavailable } from './core/runtime/errors';
import { endpointsOf, addressOf, type Endpoint } from './endpoints';
import { CannotStart, Frontend } from './frontend';
import { UsageError, describeOptions } from './options';
import { certificatePath, loadCertificate } from './provision/certificate';
import { DEMO_LOGIN, provideDemo, type Demo } from './provision/demo';
import { formatTable } from './table';
import { version } from './version';
import { openNode, type Node } from './wiring';

const HELP = `Isomail ${version}: IMAP, POP3 and LMTP from any node. Serves all roles in one process on the embedded store.

Usage: npm start -- [options]

${describeOptions([listenOptions, storeOptions, processOptions])}

Each option is also an environment variable: --log-level is ISOMAIL_LOG_LEVEL. The command line goes first.
SIGTERM drains: no new connections, /ready fails, what runs finishes, clients are sent away, exit 0.

Examples:
  npm start
  npm start -- --imap 2143 --imaps 2993 --pop3 2110 --pop3s 2995 --lmtp 2024 --http 2080
                                                        a second frontend of the same tier
  npm start -- --data /srv/mail --host 0.0.0.0 --demo=false
  npm run isomail -- --help                             accounts, import, checks
`;

async function main(): Promise<void> {
  const config = readServerConfig(process.argv.slice(2), process.env);
  if (config === 'help') return void process.stdout.write(HELP);
  if (config === 'version') return void process.stdout.write(`${version}\n`);
  const node = await openNode(config);
  node.metrics.collectProcess();
  process.on('uncaughtException', (error) => {
    node.logger.error({ error }, 'the process ends: this is a bug');
    process.exit(1);
  });
  try {
    await serve(config, node);
  } catch (error) {
    await node.close();
    throw error;
  }
}

async function serve(config: ServerConfig, node: Node): Promise<void> {
  const tls = await loadCertificate(config.dataDir, config.host, node.clock, node.random);
  const demo = config.demo ? await provideDemo(node, config.dataDir) : null;
  const endpoints = endpointsOf(config, node, tls);
  const frontend = new Frontend(config, node);
  await frontend.start(endpoints);
  drainOnSignals(frontend, node);
  process.stdout.write(greeting(config, endpoints, demo));
  node.logger.info({ version, ports: config.ports, dataDir: config.dataDir }, 'serving');
}

function drainOnSignals(frontend: Frontend, node: Node): void {
  let isDraining = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isDraining) process.exit(1);
    isDraining = true;
    node.logger.info({ signal }, 'draining');
    void drain(frontend, node);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

async function drain(frontend: Frontend, node: Node): Promise<void> {
  const inTime = await frontend.drain();
  await node.close();
  node.logger.info({ inTime }, 'ended');
  process.exit(inTime ? 0 : 1);
}

function greeting(config: ServerConfig, endpoints: readonly Endpoint[], demo: Demo | null): string {
  const { host, ports, dataDir } = config;
  const rows = endpoints.map((endpoint) => [endpoint.name, addressOf(endpoint.host, ports[endpoint.option]), endpoint.encryption]);
  if (ports.http !== 0) rows.push(['HTTP', addressOf(host, ports.http), '/live /ready /metrics']);
  const lines = [`Isomail ${version}, node ${config.nodeName}`, '', formatTable([{ title: 'service' }, { title: 'address' }, { title: 'encryption' }], rows), ''];
  lines.push(`data         ${dataDir}`, `certificate  ${certificatePath(dataDir)} (self-signed)`);
  if (demo?.password) lines.push(`account      ${DEMO_LOGIN}, password ${demo.password}`, `             (also in ${demo.passwordFile})`);
  else if (demo) lines.push(`account      ${DEMO_LOGIN}, first password in ${demo.passwordFile}`);
  return `${lines.join('\n')}\n`;
}

/** One line that says what to do; a stack only where we are at fault. */
function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}; see --help`;
  if (error instanceof CannotStart || error instanceof Unavailable || error instanceof Damaged) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().catch((error: unknown) => {
  process.stderr.write(`isomail: ${explain(error)}\n`);
  process.exit(error instanceof UsageError || error instanceof CannotStart ? 2 : 1);
});

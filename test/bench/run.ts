// `npm run bench`: servers → filled mailboxes → rounds → table.
import { randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { startProgress, type Progress } from '../../services/cli/progress';
import { UsageError } from '../../services/options';
import { formatTable } from '../../services/table';
import { HELP, readPlan, type Plan } from './bench-options';
import { contest, leftOut } from './contest';
import { fill, findGaps, missing } from './fill';
import { startOwnTier } from './own-tier';
import { joined } from './mailbox';
import { jsonOf, linesOf, tableOf } from './report';
import { rowsOf } from './rows/rows';
import { scales } from './scale';
import { CannotMeasure, listens, requireLogins, type Server } from './server';

/** 0: measured. 1: a row failed. */
async function main(): Promise<number> {
  const plan = readPlan(process.argv.slice(2), process.env);
  if (plan === 'help') return print(HELP);
  if (plan === 'rows') return print(`${formatTable([{ title: 'row' }, { title: 'measures' }], rowsOf(scales.full).flatMap(({ name, figures }) => figures.map(({ title }) => [name, title])))}\n`);
  if (plan.profileDir !== null) await mkdir(plan.profileDir, { recursive: true });
  const own = plan.target ? null : startOwnTier(plan.scale.accounts, plan.profileDir);
  stopOnSignals(async () => (await own)?.stop());
  try {
    const target = plan.target ?? (await own!).server;
    return await measure(plan, plan.against ? [target, plan.against] : [target]);
  } finally {
    await (await own)?.stop();
  }
}

async function measure(plan: Plan, servers: readonly Server[]): Promise<number> {
  const { rows, scale, scaleName, rounds, isJson } = plan;
  for (const server of servers) await requireServer(server);
  for (const server of servers) await filled(server, plan);
  const progress = startProgress(rows.length * rounds * servers.length, 'measurements');
  const outcomes = await contest(servers, rows, scale, rounds, randomInt(2 ** 30), () => progress.advance(1)).finally(() => progress.stop());
  const names = servers.map(({ name }) => name);
  const lines = linesOf(outcomes);
  print(`${isJson ? jsonOf(lines, names, rounds, scaleName) : tableOf(lines, names)}\n`);
  return outcomes.some(({ showings }) => showings.some(({ failure }) => failure !== null)) ? 1 : 0;
}

/** Rejects with CannotMeasure unless all is there that the command line says. */
async function requireServer(server: Server): Promise<void> {
  for (const address of [server.imap, server.pop3, server.lmtp, server.second]) {
    if (address && !(await listens(address))) throw new CannotMeasure(`${server.name}: nobody listens on ${address.host}:${address.port}`);
  }
  await server.pid?.();
  await requireLogins(server);
}

async function filled(server: Server, { rows }: Plan): Promise<void> {
  const mailboxes = joined(rows.filter((row) => leftOut(row, server) === null).flatMap((row) => row.mailboxes));
  const gaps = await findGaps(server, mailboxes);
  const progress: Progress = startProgress(missing(gaps), `messages for ${server.name}`);
  await fill(server, gaps, (count) => progress.advance(count)).finally(() => progress.stop());
}

/** The frontends and the temporary folder must not outlive us. */
function stopOnSignals(stop: () => Promise<void>): void {
  for (const [signal, exitCode] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
    process.once(signal, () => void stop().finally(() => process.exit(exitCode)));
  }
}

function print(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

async function mainAndExit(): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    const isOutside = error instanceof UsageError || error instanceof CannotMeasure;
    const text = error instanceof Error ? (isOutside ? error.message : error.stack) : String(error);
    process.stderr.write(`bench: ${text}${error instanceof UsageError ? '; see --help' : ''}\n`);
    process.exitCode = 2;
  }
}

void mainAndExit();

// The command line tool: finds the command, opens the store, and turns how it ended into an exit code.
import { existsSync } from 'node:fs';
import { readStoreConfig, storeOptions } from '../config';
import { Damaged, Refusal, Unavailable } from '../core/runtime/errors';
import { UsageError, describeOptions, readOptions, type Option } from '../options';
import { version } from '../version';
import { openNode } from '../wiring';
import { aliasCommands } from './alias-commands';
import { checkCommand } from './check-command';
import type { CliCommand } from './command';
import { exportCommand } from './export-command';
import { importCommand } from './import-command';
import { logCommand } from './log-command';
import { Output } from './output';
import { showCommand } from './show-command';
import { userCommands } from './user-commands';

const commands: readonly CliCommand[] = [...userCommands, ...aliasCommands, importCommand, exportCommand, showCommand, logCommand, checkCommand];
const helpOption: Option = { name: 'help', value: null, help: 'show this and exit' };
/** A tool that someone looks at speaks for itself: only what went wrong is logged. */
const toolStoreOptions = storeOptions.options.map((option) => (option.name === 'log-level' ? { ...option, fallback: 'error' } : option));

async function main(argv: readonly string[]): Promise<number> {
  const out = new Output(process.stdout);
  const command = commands.find(({ name }) => name.split(' ').every((word, i) => argv[i] === word));
  if (!command) {
    if (argv.length === 0 || argv.includes('--help')) await out.line(overview(argv[0]));
    else if (argv[0] === '--version') await out.line(version);
    else throw new UsageError(`there is no command '${argv.slice(0, 2).join(' ')}'`);
    return argv.length === 0 ? 2 : 0;
  }
  const options = [...command.options, ...toolStoreOptions, helpOption];
  const { values, switches, positionals } = readOptions(options, argv.slice(command.name.split(' ').length), process.env);
  if (switches.has('help')) {
    await out.line(helpOf(command));
    return 0;
  }
  if (positionals.length !== command.args.length) throw new UsageError(`usage: isomail ${usageOf(command)}`);
  const config = readStoreConfig(values);
  if (!command.mayMakeStore && !existsSync(config.dataDir)) throw new UsageError(`there is no data in ${config.dataDir}: name its folder with --data, or start Isomail first`);
  const node = await openNode(config);
  try {
    return await command.run({ node, args: positionals, values, switches, out });
  } finally {
    await node.close();
  }
}

function usageOf({ name, args }: CliCommand): string {
  return [name, ...args, '[options]'].join(' ');
}

/** All commands, or those of one family such as `user`. */
function overview(family: string | undefined): string {
  const named = commands.filter(({ name }) => name.split(' ')[0] === family);
  const shown = named.length > 0 ? named : commands;
  const lines = shown.map((command) => `  ${[command.name, ...command.args].join(' ').padEnd(24)} ${command.summary}`);
  return [
    `Isomail ${version}: accounts and mail of an installation, while its frontends run.`,
    '',
    'Usage: isomail COMMAND [options]          (here: npm run isomail -- COMMAND [options])',
    '',
    ...lines,
    '',
    'Exit codes: 0 done, 1 failed or found something wrong, 2 bad usage. Each command has --help.',
  ].join('\n');
}

function helpOf(command: CliCommand): string {
  const groups = [
    { title: 'Options', options: [...command.options, helpOption] },
    { title: 'Store', options: toolStoreOptions },
  ];
  const about = `${command.summary[0]!.toUpperCase()}${command.summary.slice(1)}.`;
  return [`Usage: isomail ${usageOf(command)}`, '', about, ...(command.details ? [command.details] : []), '', describeOptions(groups)].join('\n');
}

/** One line that says what to do; a stack only where we are at fault. */
function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}; see --help`;
  if (error instanceof Damaged) return `${error.message}: run check, and see docs/log-protocol.md`;
  if (error instanceof Refusal || error instanceof Unavailable) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Runs the tool and ends the process. `argv`: without node and script. */
export function runTool(argv: readonly string[]): void {
  main(argv).then(
    (code) => process.exit(code),
    (error: unknown) => {
      process.stderr.write(`isomail: ${explain(error)}\n`);
      process.exit(error instanceof UsageError ? 2 : 1);
    },
  );
}

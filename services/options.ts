// Options of a command line, each also an environment variable: read, and explained by --help. Knows no particular option.
import { parseArgs } from 'node:util';
import { messageOf } from './core/runtime/error-facts';

export interface Option {
  readonly name: string;
  /** What stands for the value in --help; null: a switch. */
  readonly value: string | null;
  /** Used where neither the command line nor the environment says anything. */
  readonly fallback?: string;
  readonly help: string;
  /** False: only on the command line. */
  readonly inEnvironment?: boolean;
}

export interface OptionGroup {
  readonly title: string;
  readonly options: readonly Option[];
}

/** The command line, or the environment, makes no sense: one line for the user, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface ReadOptions {
  /** By name; what was not given and has no fallback is missing. */
  readonly values: ReadonlyMap<string, string>;
  readonly switches: ReadonlySet<string>;
  readonly positionals: readonly string[];
}

/** The environment variable of an option. */
export function variableOf(name: string): string {
  return `ISOMAIL_${name.toUpperCase().replaceAll('-', '_')}`;
}

/** The command line goes before the environment. Throws UsageError. */
export function readOptions(options: readonly Option[], argv: readonly string[], env: NodeJS.ProcessEnv): ReadOptions {
  const parsed = parse(options, argv);
  const values = new Map<string, string>();
  const switches = new Set<string>();
  for (const option of options) {
    const given = parsed.values[option.name];
    if (option.value === null) {
      if (given === true) switches.add(option.name);
      continue;
    }
    const value = typeof given === 'string' ? given : (option.inEnvironment === false ? '' : env[variableOf(option.name)]) || option.fallback;
    if (value !== undefined) values.set(option.name, value);
  }
  return { values, switches, positionals: parsed.positionals };
}

function parse(options: readonly Option[], argv: readonly string[]) {
  const config = Object.fromEntries(options.map(({ name, value }) => [name, { type: value === null ? 'boolean' : 'string' } as const]));
  try {
    return parseArgs({ args: [...argv], options: config, strict: true, allowPositionals: true });
  } catch (error) {
    const [line = ''] = messageOf(error).split(/\.?\n|\. /);
    throw new UsageError(line, { cause: error });
  }
}

const HELP_COLUMN = 22;

/** The groups as the lower part of --help. */
export function describeOptions(groups: readonly OptionGroup[]): string {
  return groups.map(({ title, options }) => [`${title}:`, ...options.map(describe)].join('\n')).join('\n\n');
}

function describe(option: Option): string {
  const left = `  --${option.name}${option.value === null ? '' : ` ${option.value}`}`;
  const fallback = option.fallback === undefined ? '' : ` [${option.fallback}]`;
  const lines = `${option.help}${fallback}`.split('\n');
  const first = left.length < HELP_COLUMN ? left.padEnd(HELP_COLUMN) : `${left}\n${' '.repeat(HELP_COLUMN)}`;
  return first + lines.join(`\n${' '.repeat(HELP_COLUMN)}`);
}

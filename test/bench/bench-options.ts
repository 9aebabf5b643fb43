// The command line of `npm run bench`: read, checked as a whole, and taught by --help.
import { UsageError, describeOptions, readOptions, variableOf, type Option, type OptionGroup } from '../../services/options';
import { scales, type Scale } from './scale';
import { pidOf, runShell, type Server } from './server';
import { rowsOf } from './rows/rows';
import type { Row } from './rows/row';
import type { Address } from './wire/line-socket';

export interface Plan {
  /** Null: an Isomail that the bench starts itself. */
  readonly target: Server | null;
  readonly against: Server | null;
  readonly rows: readonly Row[];
  readonly scale: Scale;
  readonly scaleName: string;
  readonly rounds: number;
  readonly isJson: boolean;
  readonly profileDir: string | null;
}

function option(name: string, value: string | null, help: string, fallback?: string): Option {
  return { name, value, help, inEnvironment: false, ...(fallback !== undefined && { fallback }) };
}

/** What is said of either server. */
function ofServer(prefix: '' | 'against-'): Option[] {
  return [
    option(`${prefix}pop3`, 'PORT', 'its POP3 port; without: no POP3 row'),
    option(`${prefix}lmtp`, 'PORT', 'its LMTP port; without: no LMTP row'),
    option(`${prefix}user-pattern`, 'LOGIN', 'its logins: %d becomes 1, 2, 3 …', 'bench%d'),
    { name: `${prefix}password`, value: 'PASSWORD', help: `of all of them (also ${variableOf(`${prefix}password`)})` },
    option(`${prefix}second`, 'HOST:PORT', 'IMAP of another frontend on the same mail'),
    option(`${prefix}pid`, 'PID|FILE', 'its process, or its pid file, for the memory row'),
    option(`${prefix}cold`, 'COMMAND', 'makes it forget what it has read: a restart'),
    option(`${prefix}name`, 'NAME', 'what the table calls it [HOST:PORT]'),
  ];
}

const groups: readonly OptionGroup[] = [
  {
    title: 'The server to measure (without --target: an Isomail of its own, two frontends on a temporary folder)',
    options: [option('target', 'HOST', 'measure the server there'), option('imap', 'PORT', 'its IMAP port, without TLS', '143'), ...ofServer('')],
  },
  {
    title: 'The server to compare with',
    options: [option('against', 'HOST:PORT', 'its IMAP; both are measured in turn'), ...ofServer('against-')],
  },
  {
    title: 'The run',
    options: [
      option('accounts', 'COUNT', 'how many there are, on either server [100, small: 5]'),
      option('only', 'ROW,…', 'these rows; noop-* stands for all that begin so'),
      option('rounds', 'COUNT', 'how often each row is measured', '5'),
      option('scale', 'small|full', 'small: seconds, and figures that say little', 'full'),
      option('json', null, 'print JSON instead of a table'),
      option('profile', 'DIR', 'CPU profiles of the own frontends'),
      option('rows', null, 'list the rows and exit'),
      option('help', null, 'show this and exit'),
    ],
  },
];

export const HELP = `Measures mail servers: IMAP, POP3 and LMTP, by host and port, one alone or two side by side.

Usage: npm run bench -- [options]

${describeOptions(groups)}

The first run fills mailboxes (Bench/…, and the INBOX of the first account); later runs use them again. Everything that a run changes it undoes, but for
deliveries. Two servers are measured in turn, row by row; the table gives medians, how many times the first one is better, and the least and the most
of that over the rounds. Below 1.4 it is a tie.

Exit code 0: measured. 1: a row failed; the table says why. 2: nothing could be measured, the command line made no sense, or a server was not there.

Examples:
  npm run bench                                             Isomail alone
  npm run bench -- --scale small --rounds 1                 the same in seconds
  npm run bench -- --only 'search-*,fetch-first' --profile /tmp/profiles
  npm run bench -- --against 127.0.0.1:10143 --against-lmtp 10024 --against-password secret
  npm run bench -- --target 127.0.0.1 --imap 1143 --user-pattern 'ann%d@example.org' --password secret --accounts 10
`;

export type Asked = 'help' | 'rows';

/** Throws UsageError. */
export function readPlan(argv: readonly string[], env: NodeJS.ProcessEnv): Plan | Asked {
  const { values, switches, positionals } = readOptions(groups.flatMap(({ options }) => options), argv, env);
  if (switches.has('help')) return 'help';
  if (switches.has('rows')) return 'rows';
  if (positionals.length > 0) throw new UsageError(`Unexpected argument '${positionals[0]}'`);
  const scaleName = values.get('scale')!;
  if (scaleName !== 'small' && scaleName !== 'full') throw new UsageError(`--scale: '${scaleName}' is neither small nor full`);
  const accounts = values.has('accounts') ? count('accounts', values.get('accounts')!) : scales[scaleName].accounts;
  if (accounts < 2) throw new UsageError('--accounts: rows need two accounts at least');
  const scale = { ...scales[scaleName], accounts };
  const [host, against] = [values.get('target'), values.get('against')];
  if (host === undefined) requireNone(values, '', 'target');
  else if (values.has('profile')) throw new UsageError('--profile is for the Isomail that the bench starts, not for --target');
  if (against === undefined) requireNone(values, 'against-', 'against');
  return {
    target: host === undefined ? null : serverOf('', { host, port: port('imap', values.get('imap')!) }, values, accounts),
    against: against === undefined ? null : serverOf('against-', addressOf('against', against), values, accounts),
    rows: chosen(rowsOf(scale), values.get('only')),
    scale,
    scaleName,
    rounds: count('rounds', values.get('rounds')!),
    isJson: switches.has('json'),
    profileDir: values.get('profile') ?? null,
  };
}

/** What is said of a server that is not measured would be lost. */
function requireNone(values: ReadonlyMap<string, string>, prefix: '' | 'against-', server: string): void {
  const stray = ['pop3', 'lmtp', 'second', 'pid', 'cold', 'name'].find((name) => values.has(`${prefix}${name}`));
  if (stray !== undefined) throw new UsageError(`--${prefix}${stray} says something of a server: --${server} is missing`);
}

function serverOf(prefix: '' | 'against-', imap: Address, values: ReadonlyMap<string, string>, accounts: number): Server {
  const get = (name: string): string | undefined => values.get(`${prefix}${name}`);
  const beside = (name: string): Address | null => (get(name) === undefined ? null : { host: imap.host, port: port(`${prefix}${name}`, get(name)!) });
  const [password, second, pid, cold, userPattern] = [get('password'), get('second'), get('pid'), get('cold'), get('user-pattern')!];
  if (password === undefined) throw new UsageError(`--${prefix}password is missing`);
  if (!userPattern.includes('%d')) throw new UsageError(`--${prefix}user-pattern: '${userPattern}' has no %d in it`);
  return {
    name: get('name') ?? `${imap.host}:${imap.port}`,
    imap,
    pop3: beside('pop3'),
    lmtp: beside('lmtp'),
    second: second === undefined ? null : addressOf(`${prefix}second`, second),
    userPattern,
    password,
    accounts,
    pid: pid === undefined ? null : pidOf(pid),
    cold: cold === undefined ? null : () => runShell(cold),
  };
}

/** Throws UsageError if a name fits no row. */
function chosen(rows: readonly Row[], only: string | undefined): readonly Row[] {
  if (only === undefined) return rows;
  const fits = only.split(',').map((name) => ({ name, matches: (row: Row) => (name.endsWith('*') ? row.name.startsWith(name.slice(0, -1)) : row.name === name) }));
  const unknown = fits.find(({ matches }) => !rows.some(matches));
  if (unknown) throw new UsageError(`--only: there is no row '${unknown.name}'; --rows lists them`);
  return rows.filter((row) => fits.some(({ matches }) => matches(row)));
}

/** HOST:PORT, the host of IPv6 in brackets. */
function addressOf(name: string, text: string): Address {
  const [, host, digits] = /^\[?([A-Za-z0-9.:_-]+?)\]?:(\d+)$/.exec(text) ?? [];
  if (host === undefined || digits === undefined) throw new UsageError(`--${name}: '${text}' is no HOST:PORT`);
  return { host, port: port(name, digits) };
}

function port(name: string, text: string): number {
  const number = count(name, text);
  if (number > 65_535) throw new UsageError(`--${name}: '${text}' is no port`);
  return number;
}

function count(name: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`--${name}: '${text}' is no whole number from 1 to 999999`);
  return Number(text);
}

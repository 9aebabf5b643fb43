// The configuration of a process: read once from command line and environment, checked as a whole, never changed.
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { logLevels, type LogLevel } from './core/runtime/logging';
import { UsageError, readOptions, variableOf, type OptionGroup } from './options';

export const roleNames = ['imap', 'pop3', 'lmtp'] as const;
export type RoleName = (typeof roleNames)[number];

/** What every Isomail process needs to know: where its data is. */
export interface StoreConfig {
  /** Absolute. */
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  readonly nodeName: string;
}

/** TCP ports; 0: not served. */
export interface Ports {
  readonly imap: number;
  readonly imaps: number;
  readonly pop3: number;
  readonly pop3s: number;
  readonly lmtp: number;
  readonly http: number;
}

export interface ServerConfig extends StoreConfig {
  readonly host: string;
  readonly ports: Ports;
  /** LMTP has no passwords: it listens where the others do only if told to. */
  readonly lmtpHost: string;
  readonly roles: ReadonlySet<RoleName>;
  /** Passwords are heard only inside TLS. */
  readonly requireTls: boolean;
  readonly demo: boolean;
}

const safeHostname = hostname().replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, 64) || 'node';

export const storeOptions: OptionGroup = {
  title: 'Store',
  options: [
    { name: 'data', value: 'DIR', fallback: './data', help: 'where accounts and messages are kept;\nprocesses on one folder are frontends of one tier' },
    { name: 'node', value: 'NAME', fallback: safeHostname, help: 'what this process is called in logs' },
    { name: 'log-level', value: 'LEVEL', fallback: 'info', help: `one of ${logLevels.join(', ')}` },
  ],
};

export const listenOptions: OptionGroup = {
  title: 'Listening (port 0: off)',
  options: [
    { name: 'host', value: 'ADDRESS', fallback: '127.0.0.1', help: 'address to listen on' },
    { name: 'imap', value: 'PORT', fallback: '1143', help: 'IMAP with STARTTLS' },
    { name: 'imaps', value: 'PORT', fallback: '1993', help: 'IMAP inside TLS' },
    { name: 'http', value: 'PORT', fallback: '1080', help: '/live, /ready and /metrics (Prometheus)' },
    { name: 'pop3', value: 'PORT', fallback: '1110', help: 'POP3 with STLS' },
    { name: 'pop3s', value: 'PORT', fallback: '1995', help: 'POP3 inside TLS' },
    { name: 'lmtp', value: 'PORT', fallback: '1024', help: 'LMTP: delivery from your mail server, in the clear' },
    { name: 'lmtp-host', value: 'ADDRESS', fallback: '127.0.0.1', help: 'address for LMTP: it asks for no password,\nso let only mail servers reach it' },
    { name: 'require-tls', value: 'BOOLEAN', help: 'hear passwords only inside TLS\n[true, but false where --host is this machine]' },
  ],
};

export const processOptions: OptionGroup = {
  title: 'Process',
  options: [
    { name: 'roles', value: 'LIST', fallback: roleNames.join(','), help: 'what this process serves' },
    { name: 'demo', value: 'BOOLEAN', fallback: 'true', help: 'make demo@localhost on the first start' },
    { name: 'help', value: null, help: 'show this and exit' },
    { name: 'version', value: null, help: 'show the version and exit' },
  ],
};

const serverOptions = [storeOptions, listenOptions, processOptions].flatMap(({ options }) => options);

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'is no port')
  .transform(Number)
  .refine((number) => number <= 65_535, 'is no port: the highest is 65535');

const roles = z.string().transform((list, check) => {
  const names = list.split(',').map((name) => name.trim()).filter((name) => name !== '');
  const unknown = names.find((name) => !roleNames.some((known) => known === name));
  if (unknown !== undefined || names.length === 0) check.addIssue(`names no role: choose from ${roleNames.join(', ')}`);
  return new Set(names as RoleName[]);
});

const truth = z.enum(['true', 'false'], 'is neither true nor false').transform((text) => text === 'true');

const listenAddress = z.string().regex(/^[A-Za-z0-9.:_%-]{1,255}$/, 'is no address to listen on');

const storeShape = {
  data: z.string().min(1, 'needs a folder').transform((path) => resolve(path)),
  node: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'is no name: up to 64 letters, digits and . _ -'),
  'log-level': z.enum(logLevels, `is none of ${logLevels.join(', ')}`),
};

const storeSchema = z.object(storeShape);

const serverSchema = z
  .object({
    ...storeShape,
    host: listenAddress,
    'lmtp-host': listenAddress,
    imap: port,
    imaps: port,
    http: port,
    pop3: port,
    pop3s: port,
    lmtp: port,
    roles,
    demo: truth,
    'require-tls': truth.optional(),
  })
  .check(({ value, issues }) => {
    const taken = new Map<number, string>();
    for (const { name } of listenOptions.options) {
      const number = value[name as keyof typeof value];
      if (typeof number !== 'number' || number === 0) continue;
      const other = taken.get(number);
      if (other !== undefined) issues.push({ code: 'custom', path: [name], input: String(number), message: `is the port of --${other} too` });
      taken.set(number, name);
    }
  });

/** Options that ask for a text instead of a server. */
export type Asked = 'help' | 'version';

/** The configuration of `npm start`. Throws UsageError. */
export function readServerConfig(argv: readonly string[], env: NodeJS.ProcessEnv): ServerConfig | Asked {
  const { values, switches, positionals } = readOptions(serverOptions, argv, env);
  if (switches.has('help')) return 'help';
  if (switches.has('version')) return 'version';
  if (positionals.length > 0) throw new UsageError(`Unexpected argument '${positionals[0]}'`);
  const read = checked(serverSchema, values);
  const { imap, imaps, pop3, pop3s, lmtp, http, host, demo } = read;
  return Object.freeze({
    ...storeConfigOf(read),
    host,
    lmtpHost: read['lmtp-host'],
    ports: Object.freeze({ imap, imaps, pop3, pop3s, lmtp, http }),
    roles: read.roles,
    requireTls: read['require-tls'] ?? !isLoopback(host),
    demo,
  });
}

/** Passwords may be heard in the clear only where nobody else can listen. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

/** The store's part alone, from values of `storeOptions`. Throws UsageError. */
export function readStoreConfig(values: ReadonlyMap<string, string>): StoreConfig {
  return Object.freeze(storeConfigOf(checked(storeSchema, values)));
}

function storeConfigOf(read: z.infer<typeof storeSchema>): StoreConfig {
  return { dataDir: read.data, logLevel: read['log-level'], nodeName: read.node };
}

/** The first thing that is wrong, as one line. */
function checked<T>(schema: z.ZodType<T>, values: ReadonlyMap<string, string>): T {
  const result = schema.safeParse(Object.fromEntries(values));
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  const name = String(path[0]);
  throw new UsageError(`--${name} (${variableOf(name)}): '${values.get(name) ?? ''}' ${message}`);
}

import { resolve } from 'node:path';
import { listenOptions, processOptions, readServerConfig, readStoreConfig, storeOptions, type ServerConfig } from '../services/config';
import { describeOptions, type UsageError, variableOf } from '../services/options';

function read(argv: readonly string[], env: NodeJS.ProcessEnv = {}): ServerConfig {
  const config = readServerConfig(argv, env);
  if (typeof config === 'string') throw new Error(`asked for ${config}`);
  return config;
}

test('without options everything has its default', () => {
  const config = read(['--node', 'n1']);
  expect(config).toEqual({
    dataDir: resolve('./data'),
    nodeName: 'n1',
    logLevel: 'info',
    host: '127.0.0.1',
    lmtpHost: '127.0.0.1',
    ports: { imap: 1143, imaps: 1993, pop3: 1110, pop3s: 1995, lmtp: 1024, http: 1080 },
    roles: new Set(['imap', 'pop3', 'lmtp']),
    requireTls: false,
    demo: true,
  });
});

test('a configuration cannot be changed', () => {
  const config = read([]);
  expect([config, config.ports].map((part) => Object.isFrozen(part))).toEqual([true, true]);
});

test('the command line goes before the environment, which goes before the default', () => {
  const env = { ISOMAIL_IMAP: '2143', ISOMAIL_HTTP: '2080', ISOMAIL_DATA: '/srv/mail', ISOMAIL_LOG_LEVEL: '', ISOMAIL_DEMO: 'false' };
  const config = read(['--imap', '3143'], env);
  expect(config).toMatchObject({ ports: { imap: 3143, http: 2080, imaps: 1993 }, dataDir: '/srv/mail', logLevel: 'info', demo: false });
});

test.each([
  [['--imap', '0', '--imaps=0'], { ports: { imap: 0, imaps: 0 } }],
  [['--demo=false'], { demo: false }],
  [['--host', '0.0.0.0'], { requireTls: true }],
  [['--host', '0.0.0.0', '--require-tls=false'], { requireTls: false }],
  [['--require-tls', 'true'], { requireTls: true }],
  [['--roles', 'imap'], { roles: new Set(['imap']) }],
  [['--roles', 'imap, lmtp'], { roles: new Set(['imap', 'lmtp']) }],
  [['--host', '::1'], { host: '::1', lmtpHost: '127.0.0.1' }],
  [['--lmtp-host', '10.0.0.7'], { host: '127.0.0.1', lmtpHost: '10.0.0.7' }],
  [['--pop3', '65535'], { ports: { pop3: 65_535 } }],
])('%j is understood', (argv, expected) => {
  expect(read(argv)).toMatchObject(expected);
});

test.each([
  [['--imap', 'x'], "--imap (ISOMAIL_IMAP): 'x' is no port"],
  [['--imap', '65536'], "--imap (ISOMAIL_IMAP): '65536' is no port: the highest is 65535"],
  [['--imap=-1'], "--imap (ISOMAIL_IMAP): '-1' is no port"],
  [['--imap', '1e3'], "--imap (ISOMAIL_IMAP): '1e3' is no port"],
  [['--imap', '99999999999'], "--imap (ISOMAIL_IMAP): '99999999999' is no port"],
  [['--imap', '1993'], "--imaps (ISOMAIL_IMAPS): '1993' is the port of --imap too"],
  [['--http', '1024'], "--lmtp (ISOMAIL_LMTP): '1024' is the port of --http too"],
  [['--roles', 'imap,smtp'], "--roles (ISOMAIL_ROLES): 'imap,smtp' names no role: choose from imap, pop3, lmtp"],
  [['--roles', ','], "--roles (ISOMAIL_ROLES): ',' names no role: choose from imap, pop3, lmtp"],
  [['--demo', 'maybe'], "--demo (ISOMAIL_DEMO): 'maybe' is neither true nor false"],
  [['--require-tls', 'yes'], "--require-tls (ISOMAIL_REQUIRE_TLS): 'yes' is neither true nor false"],
  [['--log-level', 'loud'], "--log-level (ISOMAIL_LOG_LEVEL): 'loud' is none of trace, debug, info, warn, error, fatal, silent"],
  [['--node', 'a b'], "--node (ISOMAIL_NODE): 'a b' is no name: up to 64 letters, digits and . _ -"],
  [['--host', 'a b'], "--host (ISOMAIL_HOST): 'a b' is no address to listen on"],
  [['--bogus'], "Unknown option '--bogus'"],
  [['--imap'], "Option '--imap <value>' argument missing"],
  [['--imap', '-5'], "Option '--imap' argument is ambiguous"],
  [['--help=yes'], "Option '--help' does not take an argument"],
  [['extra'], "Unexpected argument 'extra'"],
])('%j is one clear line', (argv, message) => {
  expect(() => read(argv)).toThrow(expect.objectContaining({ name: 'UsageError', message }) as UsageError);
});

test('what is wrong in the environment is told too', () => {
  expect(() => read([], { ISOMAIL_HTTP: 'x' })).toThrow("--http (ISOMAIL_HTTP): 'x' is no port");
});

test('two ports that are off do not clash', () => {
  expect(read(['--imap', '0', '--http', '0', '--lmtp', '0']).ports).toMatchObject({ imap: 0, http: 0, lmtp: 0 });
});

test.each([[['--help'], 'help'], [['--version'], 'version'], [['--help', '--imap', 'x'], 'help']])('%j asks for a text', (argv, asked) => {
  expect(readServerConfig(argv, {})).toBe(asked);
});

test('--help names every option, and each has a variable', () => {
  const help = describeOptions([storeOptions, listenOptions, processOptions]);
  for (const option of ['data', 'host', 'imap', 'imaps', 'http', 'pop3', 'pop3s', 'lmtp', 'lmtp-host', 'roles', 'node', 'log-level', 'demo']) {
    expect(help).toMatch(new RegExp(`^  --${option} `, 'm'));
    expect(variableOf(option)).toBe(`ISOMAIL_${option.toUpperCase().replace('-', '_')}`);
  }
});

test('the store options can be read alone', () => {
  const values = new Map([['data', 'x'], ['node', 'n'], ['log-level', 'warn']]);
  expect(readStoreConfig(values)).toEqual({ dataDir: resolve('x'), nodeName: 'n', logLevel: 'warn' });
});

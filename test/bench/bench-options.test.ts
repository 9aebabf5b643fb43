import { UsageError } from '../../services/options';
import { readPlan, type Plan } from './bench-options';

function plan(...argv: string[]): Plan {
  const read = readPlan(argv, {});
  if (typeof read === 'string') throw new Error(read);
  return read;
}

test('without arguments it is an Isomail of its own, alone, at full scale, five rounds', () => {
  expect(plan()).toMatchObject({ target: null, against: null, scaleName: 'full', rounds: 5, isJson: false });
});

test('two servers are told apart by the prefix of their options', () => {
  const { target, against } = plan('--target', '127.0.0.1', '--imap', '1143', '--password', 'a', '--against', '[::1]:143', '--against-lmtp', '24', '--against-password', 'b');
  expect(target).toMatchObject({ name: '127.0.0.1:1143', imap: { host: '127.0.0.1', port: 1143 }, lmtp: null, password: 'a', userPattern: 'bench%d' });
  expect(against).toMatchObject({ imap: { host: '::1', port: 143 }, lmtp: { host: '::1', port: 24 }, pop3: null, password: 'b' });
});

test('--only takes names and what they begin with', () => {
  expect(plan('--only', 'search-*,login').rows.map(({ name }) => name)).toEqual(['login', 'search-text', 'search-subject']);
});

test('no two rows have one name', () => {
  const names = plan().rows.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test.each([
  [['--only', 'nothing'], "--only: there is no row 'nothing'; --rows lists them"],
  [['--target', '127.0.0.1'], '--password is missing'],
  [['--against', 'somewhere', '--against-password', 'x'], "--against: 'somewhere' is no HOST:PORT"],
  [['--against', 'host:99999', '--against-password', 'x'], "--against: '99999' is no port"],
  [['--rounds', '0'], "--rounds: '0' is no whole number from 1 to 999999"],
  [['--accounts', '1'], '--accounts: rows need two accounts at least'],
  [['--target', 'h', '--password', 'x', '--user-pattern', 'joe'], "--user-pattern: 'joe' has no %d in it"],
  [['--scale', 'huge'], "--scale: 'huge' is neither small nor full"],
  [['--pid', '1'], '--pid says something of a server: --target is missing'],
  [['--against-cold', 'true'], '--against-cold says something of a server: --against is missing'],
  [['--target', 'h', '--password', 'x', '--profile', 'd'], '--profile is for the Isomail that the bench starts, not for --target'],
  [['stray'], "Unexpected argument 'stray'"],
])('%j makes no sense, and it says why', (argv, message) => {
  expect(() => readPlan(argv, {})).toThrow(new UsageError(message));
});

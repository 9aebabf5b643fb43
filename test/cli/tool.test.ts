// The command line tool and `npm start` as processes of their own: what is printed, and how they end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobPrefix } from '../../services/core/store/blob-key';
import { freePort } from '../processes/free-port';

const root = join(__dirname, '../..');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isomail-test-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** A process; `ended` when it is over, `said` when its output matches. */
function run(args: readonly string[], stdin = '', env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  let heard: (() => unknown) | null = null;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    heard?.();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdin.end(stdin);
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, out, errors }));
  const said = (pattern: RegExp): Promise<string> =>
    Promise.race([
      new Promise<string>((resolve) => {
        heard = () => pattern.test(out) && resolve(out);
        heard();
      }),
      ended.then((end) => {
        throw new Error(`ended with ${String(end.code)} before it said ${String(pattern)}:\n${end.out}${end.errors}`);
      }),
    ]);
  return { ended, said, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}

const isomail = (args: readonly string[], stdin = ''): Promise<Ended> => run(['services/cli/isomail.js', ...args, '--data', folder], stdin).ended;
const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => run(['--import', 'tsx', 'services/main.ts', ...args], '', env);

test('accounts are added, listed, filled, shown, logged and checked', async () => {
  expect(await isomail(['user', 'add', 'Joe@Example.org', '--password-stdin', '--quota', '100000'], 'a good password\n')).toEqual({
    code: 0,
    out: 'added joe@example.org\n',
    errors: '',
  });
  const mbox = join(folder, 'old.mbox');
  await writeFile(mbox, 'From joe Sat Aug 12 10:11:12 2017\nSubject: hello\n\nbody\n');
  expect(await isomail(['import', 'joe@example.org', mbox, '--mailbox', 'Old'])).toMatchObject({ code: 0, out: '1 imported, 0 were there already, 0 skipped\n', errors: '' });

  const [list, show, log, check, quota, again] = await Promise.all([
    isomail(['user', 'list']),
    isomail(['show', 'joe@example.org']),
    isomail(['log', 'joe@example.org', '--from', '2']),
    isomail(['check', 'joe@example.org']),
    isomail(['user', 'quota', 'joe@example.org']),
    isomail(['user', 'add', 'joe@example.org']),
  ]);
  expect(list.out).toMatch(/^login +account +state\njoe@example\.org +[0-9a-f]{32} +enabled\n$/);
  expect(show.out).toMatch(/^folder +UIDVALIDITY +UIDNEXT +messages +unseen +bytes$/m);
  expect(show.out).toMatch(/^Old +\d{10} +2 +1 +1 +24$/m);
  expect(show.out).toMatch(/^position +4\nbytes +24 of 100000$/m);
  const entries = log.out.trim().split('\n').map((line) => JSON.parse(line) as { position: number; changes: { records: { kind: string }[] }[] });
  expect(entries.map(({ position }) => position)).toEqual([2, 3, 4]);
  expect(entries.at(-1)!.changes[0]!.records.map(({ kind }) => kind)).toEqual(['added', 'delivered']);
  expect(check).toMatchObject({ code: 0, out: expect.stringContaining('all is as it must be') as string });
  expect(quota).toEqual({ code: 0, out: 'bytes     24 of 100000\nmessages  1 of no limit\n', errors: '' });
  expect(again).toEqual({ code: 1, out: '', errors: 'isomail: the user joe@example.org exists\n' });

  // One letter of the body, behind the store's back.
  const accountId = / ([0-9a-f]{32}) /.exec(list.out)![1]!;
  const blobId = /"blobId":"([0-9a-f]{32})"/.exec(log.out)![1]!;
  const file = join(folder, 'blobs', blobPrefix(accountId), blobId);
  await writeFile(file, (await readFile(file, 'utf8')).replace('body', 'bodY'));
  const damaged = await isomail(['check', 'joe@example.org', '--json']);
  expect(damaged.code).toBe(1);
  expect(JSON.parse(damaged.out)).toMatchObject({ messages: 1, findings: [{ kind: 'digest', where: 'Old UID 1' }] });
});

test('an import that is killed is finished by the same command: nothing lost, nothing doubled', async () => {
  const data = join(folder, 'killed');
  const mbox = join(folder, 'many.mbox');
  const text = 'line\n'.repeat(200);
  await writeFile(mbox, Array.from({ length: 800 }, (_, i) => `From joe Sat Aug 12 10:11:12 2017\nSubject: ${i}\n\n${text}\n`).join(''));
  const tool = (args: readonly string[], stdin = '') => run(['services/cli/isomail.js', ...args, '--data', data], stdin);
  await tool(['user', 'add', 'joe', '--password-stdin'], 'x').ended;
  const log = join(data, 'log', 'data.mdb');
  const { size } = await stat(log);
  const first = tool(['import', 'joe', mbox]);
  while ((await stat(log)).size < size + 100_000) await new Promise(setImmediate);
  first.kill('SIGKILL');
  expect((await first.ended).out).toBe('');
  const { code, out } = await tool(['import', 'joe', mbox]).ended;
  const [added, known] = out.match(/\d+/g)!.map(Number) as [number, number];
  expect([code, added + known]).toEqual([0, 800]);
  expect(known).toBeGreaterThan(0);
  const [shown, checked] = await Promise.all([tool(['show', 'joe', '--json']).ended, tool(['check', 'joe']).ended]);
  expect(JSON.parse(shown.out)).toMatchObject({ folders: [{ name: 'INBOX', messages: 800, uidNext: 801 }, {}, {}, {}, {}, {}] });
  expect(checked.code).toBe(0);
});

test('aliases are added, listed and removed', async () => {
  const data = ['--data', join(folder, 'aliases')];
  const tool = (...args: readonly string[]) => run(['services/cli/isomail.js', ...args, ...data]).ended;
  await tool('user', 'add', 'ann@example.org');
  expect(await tool('alias', 'add', 'Sales@example.org', 'ann@example.org')).toEqual({ code: 0, out: 'mail for sales@example.org goes to ann@example.org\n', errors: '' });
  const [list, json, refused] = await Promise.all([
    tool('alias', 'list'),
    tool('alias', 'list', '--json'),
    tool('user', 'add', 'sales@example.org'),
  ]);
  expect(list.out).toMatch(/^alias +login +state\nsales@example\.org +ann@example\.org +delivers\n$/);
  expect(JSON.parse(json.out)).toEqual([{ address: 'sales@example.org', login: 'ann@example.org', leadsSomewhere: true }]);
  expect(refused).toEqual({ code: 1, out: '', errors: 'isomail: sales@example.org is an alias of ann@example.org: remove it first\n' });
  expect(await tool('alias', 'remove', 'sales@example.org')).toEqual({ code: 0, out: 'removed the alias sales@example.org\n', errors: '' });
  expect((await tool('alias', 'remove', 'sales@example.org')).code).toBe(1);
});

test('bad usage is one line and exit code 2', async () => {
  const [option, noData] = await Promise.all([
    isomail(['show', 'joe', '--bogus']),
    run(['services/cli/isomail.js', 'show', 'joe', '--data', join(folder, 'nowhere')]).ended,
  ]);
  expect(option).toMatchObject({ code: 2, errors: "isomail: Unknown option '--bogus'; see --help\n" });
  expect(noData).toMatchObject({ code: 2, errors: expect.stringMatching(/^isomail: there is no data in .*nowhere: .*\n$/) as string });
  await expect(stat(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a mailbox that cannot be imported into is told at once', async () => {
  const data = ['--data', join(folder, 'names')];
  await run(['services/cli/isomail.js', 'user', 'add', 'joe', ...data]).ended;
  const { code, out, errors } = await run(['services/cli/isomail.js', 'import', 'joe', root, '--mailbox', 'a//b', ...data]).ended;
  expect({ code, out, errors }).toEqual({ code: 1, out: '', errors: 'isomail: a mailbox name has an empty part\n' });
});

test('bad configuration is one line and exit code 2; --help ends with 0', async () => {
  const nothing = ['--imap', '0', '--imaps', '0', '--pop3', '0', '--pop3s', '0', '--lmtp', '0', '--http', '0', '--demo=false', '--data', join(folder, 'silent')];
  const [twice, unserved, help] = await Promise.all([start([], { ISOMAIL_HTTP: '1143' }).ended, start(nothing).ended, start(['--help']).ended]);
  expect(unserved).toEqual({ code: 2, out: '', errors: 'isomail: nothing would be served: check the ports and --roles\n' });
  expect(twice).toEqual({ code: 2, out: '', errors: "isomail: --http (ISOMAIL_HTTP): '1143' is the port of --imap too; see --help\n" });
  expect(help).toMatchObject({ code: 0, out: expect.stringContaining('--pop3s PORT') as string });
});

test('two first starts at once are two frontends of one tier, with one demo account', async () => {
  const data = join(folder, 'fresh');
  const ports = await Promise.all(Array.from({ length: 6 }, freePort));
  const options = ['--data', data, '--imaps', '0', '--pop3', '0', '--pop3s', '0', '--log-level', 'silent'];
  const frontends = [0, 2].map((i) => start([...options, '--imap', `${ports[i]}`, '--http', `${ports[i + 1]}`, '--lmtp', `${ports[4 + i / 2]}`]));
  const greetings = await Promise.all(frontends.map(({ said }) => said(/demo-password/)));
  const password = (await readFile(join(data, 'demo-password.txt'), 'utf8')).trim();
  for (const [i, greeting] of greetings.entries()) {
    expect(greeting).toMatch(new RegExp(`^IMAP +127\\.0\\.0\\.1:${ports[2 * i]} +STARTTLS$`, 'm'));
    expect(greeting).toMatch(new RegExp(`^LMTP +127\\.0\\.0\\.1:${ports[4 + i]} +none$`, 'm'));
  }
  expect(greetings.some((greeting) => greeting.includes(`demo@localhost, password ${password}`))).toBe(true);
  expect((await fetch(`http://127.0.0.1:${ports[1]}/ready`)).status).toBe(200);
  expect(await (await fetch(`http://127.0.0.1:${ports[3]}/metrics`)).text()).toContain('process_cpu_seconds_total');
  // The tool works while frontends run.
  const shown = await run(['services/cli/isomail.js', 'show', 'demo@localhost', '--json', '--data', data]).ended;
  expect(JSON.parse(shown.out)).toMatchObject({ folders: [{ name: 'INBOX', messages: 5, unseen: 4 }, {}, {}, {}, {}, {}] });
  for (const { kill } of frontends) kill('SIGTERM');
  expect((await Promise.all(frontends.map(({ ended }) => ended))).map(({ code, errors }) => [code, errors])).toEqual([[0, ''], [0, '']]);
});

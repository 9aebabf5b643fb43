// The bench runs whole, against an Isomail of its own: what it shows is not judged here, only that it shows everything.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');

interface Shown {
  readonly rows: readonly { readonly row: string; readonly title: string; readonly servers: readonly { readonly median: number | null; readonly missing: string | null }[] }[];
}

const temporary = mkdtempSync(join(tmpdir(), 'bench-test-'));
afterAll(() => rmSync(temporary, { recursive: true }));

async function bench(...argv: string[]): Promise<{ code: number; out: string; errors: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/bench/run.ts', ...argv], { cwd: root, env: { ...process.env, TMPDIR: temporary }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, errors };
}

test('every row is measured on an Isomail that the bench starts, and nothing of it is left', async () => {
  const { code, out, errors } = await bench('--scale', 'small', '--rounds', '1', '--json');
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  const { rows } = JSON.parse(out) as Shown;
  expect(rows.length).toBeGreaterThan(30);
  for (const { title, servers } of rows) {
    for (const { median, missing } of servers) expect({ title, missing, isNumber: Number.isFinite(median) }).toEqual({ title, missing: null, isNumber: true });
  }
  expect(readdirSync(temporary).filter((name) => name.startsWith('isomail-'))).toEqual([]);
}, 120_000);

test('a server that is not there ends it with 2 and one line', async () => {
  const { code, errors } = await bench('--target', '127.0.0.1', '--imap', '1', '--password', 'x');
  expect({ code, errors }).toEqual({ code: 2, errors: 'bench: 127.0.0.1:1: nobody listens on 127.0.0.1:1\n' });
});

test('docs/benchmarks.md has the very configuration that is compared with', () => {
  expect(readFileSync(join(root, 'docs/benchmarks.md'), 'utf8')).toContain(readFileSync(join(__dirname, 'dovecot.conf'), 'utf8'));
});

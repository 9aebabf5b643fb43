// `isomail export` and `isomail import --keep-uids` as processes: what they print, and how they end.
import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFolder, temporaryFolder } from './moved-account';

const root = join(__dirname, '../../..');
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(() => removeFolder(folder));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

function isomail(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['services/cli/isomail.js', ...args, '--data', join(folder, 'data')], { cwd: root }, (error, out, errors) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, errors });
    });
    child.stdin!.end('a good password\n');
  });
}

test('an account is exported, moved to another with its UIDs, and told of where it is damaged', async () => {
  const mbox = join(folder, 'old.mbox');
  const out = join(folder, 'out');
  await writeFile(mbox, [1, 2, 3].map((i) => `From joe Sat Aug 12 10:11:1${i} 2017\nSubject: ${i}\n\nbody ${i}\n\n`).join(''));
  await isomail('user', 'add', 'joe', '--password-stdin');
  await isomail('user', 'add', 'ann', '--password-stdin');
  await isomail('import', 'joe', mbox);
  const [whole, damagedKeys] = [await isomail('export', 'joe', out, '--json'), (await readdir(join(folder, 'data', 'blobs'), { recursive: true })).filter((name) => /[0-9a-f]{32}$/.test(name))];
  expect(whole).toMatchObject({ code: 0, errors: '' });
  expect(JSON.parse(whole.out)).toMatchObject({ login: 'joe', folders: 6, messages: 3, leftOut: [] });

  expect(await isomail('export', 'joe', out)).toMatchObject({ code: 2, out: '', errors: expect.stringContaining('is not empty') as string });
  expect(await isomail('import', 'ann', mbox, '--keep-uids')).toMatchObject({ code: 1, out: '', errors: 'isomail: UIDs can be kept only of a Maildir: nothing else tells them\n' });
  expect(await isomail('import', 'ann', out, '--keep-uids')).toEqual({ code: 0, out: '3 imported, 0 were there already, 0 skipped\n', errors: '' });
  expect(await isomail('import', 'ann', out, '--keep-uids')).toMatchObject({ code: 0, out: '0 imported, 3 were there already, 0 skipped\n' });
  const [joe, ann, checked] = [await isomail('show', 'joe', '--json'), await isomail('show', 'ann', '--json'), await isomail('check', 'ann')];
  expect((JSON.parse(ann.out) as { folders: unknown }).folders).toEqual((JSON.parse(joe.out) as { folders: unknown }).folders);
  expect(checked.code).toBe(0);

  const bodies = await Promise.all(damagedKeys.map(async (name) => [name, await readFile(join(folder, 'data', 'blobs', name), 'utf8').catch(() => '')] as const));
  const [damaged] = bodies.find(([, text]) => text.includes('body 2'))!;
  await writeFile(join(folder, 'data', 'blobs', damaged), 'Subject: 2\r\n\r\nBODY 2\r\n');
  await rm(out, { recursive: true });
  const broken = await isomail('export', 'joe', out);
  expect(broken).toEqual({ code: 1, out: expect.stringMatching(/^2 messages with \d+ bytes in 6 folders exported, 1 left out\n$/) as string, errors: 'left out INBOX UID 2: its body is not what was stored\n' });
}, 60_000);

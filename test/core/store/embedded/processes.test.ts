// Several real processes on one data folder.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { systemClock, type Clock } from '../../../../services/core/runtime/clock';
import { openEmbedded } from '../../../../services/core/store/embedded/open-embedded';
import { temporaryFolder } from './temporary-folder';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let children: ChildProcessByStdio<Writable, Readable, null>[];
beforeEach(async () => {
  folder = await temporaryFolder();
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await folder.remove();
});

function start(script: string, ...args: readonly string[]) {
  return run(process.execPath, ['--import', 'tsx', join(__dirname, script), folder.path, ...args], 'inherit');
}

function run(command: string, args: readonly string[], stderr: 'inherit' | 'ignore') {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', stderr] });
  children.push(child);
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](), exited: once(child, 'exit') };
}

const dayLater: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + 25 * 3_600_000 };

test('two processes that open a new folder together and race for 2,000 positions never both win one', async () => {
  const racers = ['one', 'two'].map((name) => ({ name, ...start('race-child.ts', name, '2000') }));
  for (const { lines } of racers) expect((await lines.next()).value).toBe('ready');
  for (const { child } of racers) child.stdin.write('go\n');
  const winners = new Map<number, string[]>();
  for (const { name, lines, exited } of racers) {
    for (const position of JSON.parse(String((await lines.next()).value)) as number[]) winners.set(position, [...winners.get(position) ?? [], name]);
    expect(await exited).toEqual([0, null]);
  }
  expect([...winners.values()].filter((names) => names.length > 1)).toEqual([]);
  const store = await openEmbedded(folder.path, systemClock);
  const { entries } = await store.log.readTail('race', 0);
  expect(entries.map(({ position, bytes }) => [position, Buffer.from(bytes).toString()])).toEqual(
    Array.from({ length: 2000 }, (_, index) => [index + 1, `${winners.get(index + 1)?.[0]} ${index + 1}`]));
  await store.close();
});

test('a process killed while it writes loses nothing that it acknowledged, and does not stop the others (S3)', async () => {
  const survivor = await openEmbedded(folder.path, systemClock);
  const { child, lines, exited } = start('writer-child.ts');
  const acknowledged = new Map<string, number>();
  let begun = false;
  for (let acks = 0; acks < 400 || !begun;) {
    const line = String((await lines.next()).value);
    if (line === 'blob begun') begun = true;
    else {
      const [log, position] = line.split(' ');
      acknowledged.set(log!, Number(position));
      acks += 1;
    }
    // From the other process, while both write.
    if (acks > 0 && acks % 50 === 0) await survivor.log.append('survivor', acks, new Uint8Array(100));
  }
  child.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
  for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
    const [log, position] = line.value.split(' ');
    acknowledged.set(log!, Number(position));
  }

  expect(await survivor.log.append('survivor', 10_000, new Uint8Array(100))).toBe('stored');
  const fresh = await openEmbedded(folder.path, dayLater);
  for (const store of [survivor, fresh]) {
    for (const [log, last] of acknowledged) {
      const { entries } = await store.log.readTail(`log ${log}`, 0);
      // At most one append a log was under way: it may have been stored without an answer.
      expect([last, last + 1]).toContain(entries.length);
      for (const [index, { position, bytes }] of entries.entries()) {
        expect(position).toBe(index + 1);
        expect(Buffer.from(bytes).toString()).toBe(`${log} ${position} ${'x'.repeat(position % 3000)}`);
      }
    }
  }
  const keys: string[] = [];
  for await (const { key } of fresh.blobs.list('a0/')) keys.push(key);
  expect(keys).toEqual([]);
  // Opened a day later, the half of the blob is gone too.
  expect(await readdir(join(folder.path, 'blobs', 'tmp'))).toEqual([]);
  await survivor.close();
  await fresh.close();
});

test('a ring of another process is heard', async () => {
  const store = await openEmbedded(folder.path, systemClock);
  const heard = new Promise<number>((resolve) => {
    store.doorbell.watch('account', resolve);
  });
  const { exited } = start('ring-child.ts');
  expect(await heard).toBe(42);
  expect(await exited).toEqual([0, null]);
  await store.close();
});

test('a disk that is full is an error that says so, for as long as it lasts; what was acknowledged stays', async () => {
  const script = join(__dirname, 'full-disk-child.ts');
  // No file above some 500 or 1000 KB (the unit differs). lmdb itself writes each failure to stderr.
  const { lines, exited } = run('/bin/sh', ['-c', 'ulimit -f 1000; exec "$0" --import tsx "$1" "$2"', process.execPath, script, folder.path], 'ignore');
  const report = JSON.parse(String((await lines.next()).value)) as {
    stored: number[]; errors: string[]; together: string[]; blob: string; readable: number[];
  };
  expect(await exited).toEqual([0, null]);
  expect(report.stored.length).toBeGreaterThan(5);
  expect(report.readable).toEqual(report.stored);
  expect(report.errors).toHaveLength(1);
  expect(report.errors[0]).toMatch(/^Unavailable: embedded store: cannot append: /);
  expect(report.together).toEqual(['rejected', 'rejected', 'rejected']);
  expect(report.blob).toMatch(/^blob store: cannot store a0\/owner\/1: file too large \(EFBIG\)/);

  const store = await openEmbedded(folder.path, systemClock);
  expect((await store.log.readTail('log', 0)).entries.map(({ position }) => position)).toEqual(report.stored);
  expect(await store.log.append('log', 1000, new Uint8Array(20_000))).toBe('stored');
  await store.close();
});

import { Environment } from '../../../../services/core/store/embedded/environment';
import { LmdbDoorbell } from '../../../../services/core/store/embedded/lmdb-doorbell';
import { settle, VirtualClock } from '../memory/virtual-clock';
import { systemClock } from '../../../../services/core/runtime/clock';
import { temporaryFolder } from './temporary-folder';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let clock: VirtualClock;
let environments: Environment[];
let ringer: LmdbDoorbell;
let listener: LmdbDoorbell;

async function open(): Promise<LmdbDoorbell> {
  const environment = await Environment.open(folder.path, systemClock);
  environments.push(environment);
  return new LmdbDoorbell(environment, clock);
}

beforeEach(async () => {
  folder = await temporaryFolder();
  clock = new VirtualClock();
  environments = [];
  ringer = await open();
  listener = await open();
});
afterEach(async () => {
  await ringer.close();
  await listener.close();
  for (const environment of environments) await environment.close();
  await folder.remove();
});

/** Lets time go by until the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await clock.advance(10);
}

/** Has the ringer write a batch, and waits for it. */
async function writeBatch(ring: () => void): Promise<void> {
  const witness = await open();
  let heard = false;
  const end = witness.watch('witness', () => (heard = true));
  ring();
  ringer.ring('witness', 1);
  await until(() => heard);
  end();
  await witness.close();
}

test('within the process a ring is heard without waiting, and once', async () => {
  const heard: number[] = [];
  ringer.watch('a', (position) => heard.push(position));
  ringer.ring('a', 5);
  expect(heard).toEqual([]);
  await settle();
  expect(heard).toEqual([5]);
  await writeBatch(() => {});
  await clock.advance(1000);
  expect(heard).toEqual([5]);
});

test('nothing is polled while nothing is watched', async () => {
  expect(clock.pendingTimers).toBe(0);
  const ends = [listener.watch('a', () => {}), listener.watch('b', () => {})];
  expect(clock.pendingTimers).toBe(1);
  ends[0]!();
  expect(clock.pendingTimers).toBe(1);
  ends[1]!();
  expect(clock.pendingTimers).toBe(0);
  listener.watch('a', () => {});
  await listener.close();
  expect(clock.pendingTimers).toBe(0);
});

test('what was rung before the first watch is not heard', async () => {
  await writeBatch(() => ringer.ring('a', 1));
  const heard: number[] = [];
  listener.watch('a', (position) => heard.push(position));
  await clock.advance(100);
  await writeBatch(() => ringer.ring('a', 2));
  await until(() => heard.length > 0);
  expect(heard).toEqual([2]);
});

test('many rings in a short time are one batch, with the highest position of each account', async () => {
  const heard: number[] = [];
  listener.watch('a', (position) => heard.push(position));
  await writeBatch(() => {
    for (let position = 1; position <= 100; position++) ringer.ring('a', position);
  });
  await until(() => heard.length > 0);
  expect(heard).toEqual([100]);
});

test('rings of too many accounts at once wake everyone', async () => {
  const heard: number[] = [];
  listener.watch('not rung', (position) => heard.push(position));
  await writeBatch(() => {
    for (let account = 0; account < 1500; account++) ringer.ring(`account ${account}`, 1);
  });
  await until(() => heard.length > 0);
  expect(heard).toEqual([0]);
});

test('who fell behind the ring buffer is told so, for every account', async () => {
  const heard: [string, number][] = [];
  for (const account of ['a', 'b']) listener.watch(account, (position) => heard.push([account, position]));
  const table = environments[0]!.table<number>('rings');
  const batch = Buffer.from(JSON.stringify({ from: 'someone', rings: [['a', 7]] }));
  for (let number = 5000; number < 5010; number++) await table.put(number, batch);
  await until(() => heard.length > 0);
  expect(heard).toEqual([['a', 0], ['b', 0]]);
  await table.put(5010, batch);
  await until(() => heard.length > 2);
  expect(heard[2]).toEqual(['a', 7]);
});

test('a batch that cannot be read wakes everyone, once', async () => {
  const heard: number[] = [];
  listener.watch('a', (position) => heard.push(position));
  const table = environments[0]!.table<number>('rings');
  await table.put(1, Buffer.from('{'));
  await until(() => heard.length > 0);
  expect(heard).toEqual([0]);
  await until(() => listener.isHealthy());
  await clock.advance(200);
  expect(heard).toEqual([0]);
});

test('the ring buffer does not grow without end', async () => {
  const table = environments[0]!.table<number>('rings');
  await table.put(3000, Buffer.from('{"from":"x","rings":[]}'));
  for (let number = 1970; number < 2000; number++) await table.put(number, Buffer.from('{"from":"x","rings":[]}'));
  for (let round = 0; round < 5; round++) await writeBatch(() => ringer.ring('a', round));
  const numbers = environments[0]!.read('count', () => [...table.getKeys()]);
  expect(numbers).not.toContain(1977);
  expect(numbers).toContain(1999);
  expect(numbers.at(-1)).toBe(3005);
});

test('a store that fails makes it unhealthy; ringing does not throw', async () => {
  const heard: number[] = [];
  listener.watch('a', (position) => heard.push(position));
  expect(listener.isHealthy()).toBe(true);
  await environments[1]!.close();
  await clock.advance(40);
  expect(listener.isHealthy()).toBe(false);
  expect(() => listener.ring('a', 9)).not.toThrow();
  await settle();
  expect(heard).toEqual([9]);
  await clock.advance(5000);
  expect(() => listener.watch('b', () => {})()).not.toThrow();
});

test('rings that are not yet written when it closes are not lost', async () => {
  const heard: number[] = [];
  listener.watch('a', (position) => heard.push(position));
  ringer.ring('a', 3);
  await ringer.close();
  await until(() => heard.length > 0);
  expect(heard).toEqual([3]);
});

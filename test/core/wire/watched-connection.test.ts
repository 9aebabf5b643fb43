import type { Connection } from '../../../services/core/wire/connection';
import { WatchedConnection } from '../../../services/core/wire/watched-connection';
import { VirtualClock } from '../store/memory/virtual-clock';

const MINUTE = 60_000;
const limits = { loginMs: MINUTE, autologoutMs: 10 * MINUTE, deafMs: 10 * MINUTE, keepAliveMs: null };

let clock: VirtualClock;
let heard: (chunk: Buffer | null) => void;
let taken: () => void;
let silences: number;
let isGone: boolean;
let wire: WatchedConnection;

beforeEach(() => {
  clock = new VirtualClock();
  silences = 0;
  isGone = false;
  const connection = {
    get isClosed() {
      return isGone;
    },
    read: () => new Promise((resolve) => (heard = resolve)),
    write: () => new Promise<void>((resolve) => (taken = resolve)),
    destroy: () => undefined,
  } as unknown as Connection;
  wire = new WatchedConnection(connection, clock, limits, {
    isSignedIn: () => true,
    mayBeSilent: () => false,
    onSlowLogin: () => undefined,
    onSilence: () => (silences += 1),
    keepAlive: Buffer.alloc(0),
  });
});

afterEach(() => wire.unwatch());

test('silence counts from when we wait for the client, not from its last word: a slow download is none', async () => {
  const command = wire.read();
  heard(Buffer.from('RETR 1\r\n'));
  await command;
  for (let minutes = 0; minutes < 30; minutes += 5) {
    const said = wire.write(Buffer.from('a part of it'));
    await clock.advance(5 * MINUTE);
    taken();
    await said;
  }
  void wire.read();
  await clock.advance(limits.autologoutMs);
  expect(silences).toBe(0);
  await clock.advance(MINUTE);
  expect(silences).toBeGreaterThan(0);
});

test('each word of the client starts the count again', async () => {
  for (let minutes = 0; minutes < 30; minutes += 5) {
    const word = wire.read();
    await clock.advance(5 * MINUTE);
    heard(Buffer.from('NOOP\r\n'));
    await word;
  }
  expect(silences).toBe(0);
});

test('who says nothing for now to a client that has gone is told so', async () => {
  await wire.write(Buffer.alloc(0));
  isGone = true;
  await expect(wire.write(Buffer.alloc(0))).rejects.toMatchObject({ name: 'Disconnected' });
});

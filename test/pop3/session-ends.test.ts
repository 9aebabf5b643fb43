// How sessions end that the client did not end: silence, a stopping frontend, a closed account, damage.
import { pop3Limits } from '../../services/pop3/pop3-limits';
import { VirtualClock } from '../core/store/memory/virtual-clock';
import { CLOSED, Pop3Client } from './pop3-client';
import { Pop3World } from './pop3-world';

let world: Pop3World;
let clock: VirtualClock;

beforeEach(async () => {
  clock = new VirtualClock();
  world = await Pop3World.open({ clock });
  await world.addUser();
  await world.deliver('alice', ['one\r\n', 'two\r\n']);
});

afterEach(() => world.close());

async function greeted(): Promise<Pop3Client> {
  const client = await world.connect();
  await client.line();
  return client;
}

/** Signed in, and about to delete message 1. */
async function deleting(): Promise<Pop3Client> {
  const client = await world.signIn();
  await client.command('DELE 1');
  return client;
}

describe('silence', () => {
  test('before login ends the connection after a minute, without a word: there is nothing to answer', async () => {
    const client = await greeted();
    await clock.advance(pop3Limits.loginMs + 10_000);
    expect(await client.line()).toBe(CLOSED);
  });

  test('that a word now and then interrupts ends all the same, if nobody logs in', async () => {
    const client = await greeted();
    for (let saidMs = 0; saidMs < pop3Limits.loginMs; saidMs += 10_000) {
      expect(await client.command('CAPA')).toMatch(/^\+OK/);
      await client.block();
      await clock.advance(10_000);
    }
    await clock.advance(10_000);
    expect(await client.line()).toBe(CLOSED);
  });

  test('after login ends it after ten minutes, without a word, and nothing is removed (RFC 1939 §3)', async () => {
    const client = await deleting();
    await clock.advance(pop3Limits.autologoutMs);
    expect(await client.command('NOOP')).toMatch(/^\+OK/);
    await clock.advance(pop3Limits.autologoutMs);
    expect(await client.command('NOOP')).toMatch(/^\+OK/);
    await clock.advance(pop3Limits.autologoutMs + 10_000);
    expect(await client.line()).toBe(CLOSED);
    expect(await world.messages()).toEqual(['1', '2']);
  });

  test('inside SASL counts too', async () => {
    const client = await greeted();
    expect(await client.command('AUTH PLAIN')).toBe('+ ');
    await clock.advance(pop3Limits.loginMs + 10_000);
    expect(await client.line()).toBe(CLOSED);
  });
});

describe('a frontend that stops', () => {
  test('sends away who waits, without a word, and removes nothing', async () => {
    const clients = [await greeted(), await deleting(), await greeted()];
    expect(await clients[2]!.command('AUTH PLAIN')).toBe('+ ');
    const { server } = await world.node();
    const drained = server.drain();
    for (const client of clients) expect(await client.line()).toBe(CLOSED);
    await expect(Pop3Client.open(server.port)).rejects.toThrow('ECONNREFUSED');
    await drained;
    expect(await world.messages()).toEqual(['1', '2']);
  });

  test('finishes the message that it is sending, and not what was pipelined behind it', async () => {
    const large = Buffer.from(`${'x'.repeat(98)}\r\n`.repeat(200_000));
    await world.deliver('alice', [large]);
    const client = await deleting();
    client.send('RETR 3\r\nQUIT\r\n');
    expect(await client.line()).toBe('+OK 20000000 octets');
    client.pause();
    const drained = (await world.node()).server.drain();
    client.resume();
    expect((await client.block())?.length).toBe(large.length - 2);
    expect(await client.line()).toBe(CLOSED);
    await drained;
    expect(await world.messages()).toEqual(['1', '2', '3']);
  });

  test('cuts off in the end who does not come to one', async () => {
    await world.deliver('alice', [Buffer.alloc(20_000_000, 'x')]);
    const client = await world.signIn();
    client.send('RETR 3\r\n');
    expect(await client.line()).toBe('+OK 20000000 octets');
    client.pause();
    const drained = (await world.node()).server.drain();
    await clock.advance(pop3Limits.drainMs);
    await drained;
    client.resume();
    expect(await client.block()).toBeNull();
  });
});

describe('an account that is closed', () => {
  test.each([
    ['disabled', () => world.disable()],
    ['removed', () => world.remove()],
  ])('%s: the next command is the last, nothing is removed, nobody comes in', async (_what, close) => {
    const [reading, quitting] = [await world.signIn(), await deleting()];
    await close();
    expect(await reading.command('RETR 1')).toBe('-ERR [SYS/PERM] this account was closed');
    expect(await reading.line()).toBe(CLOSED);
    expect(await quitting.command('QUIT')).toBe('-ERR [SYS/PERM] this account was closed');
    expect(await quitting.line()).toBe(CLOSED);
    const next = await greeted();
    await next.command('USER alice');
    expect(await next.command('PASS a secret')).toMatch(/^-ERR \[AUTH\]/);
    expect((await world.inbox()).exists).toBe(2);
  });
});

test('a directory that does not answer is -ERR [SYS/TEMP]: the password may be right', async () => {
  const client = await greeted();
  const { link } = await world.node();
  link.cut();
  await client.command('USER alice');
  expect(await client.command('PASS a secret')).toMatch(/^-ERR \[SYS\/TEMP\]/);
  link.heal();
  await client.command('USER alice');
  expect(await client.command('PASS a secret')).toMatch(/^\+OK/);
});

test('a damaged log is -ERR [SYS/PERM], written down with a stack, and ends the session', async () => {
  const client = await world.signIn();
  const log = [...world.tier.logs.values()][0]!;
  log.entries.push({ position: log.entries.at(-1)!.position + 1, bytes: new Uint8Array([1, 2, 3]) });
  const next = await greeted();
  await next.command('USER alice');
  expect(await next.command('PASS a secret')).toMatch(/^-ERR \[SYS\/PERM\] an internal error/);
  expect(await next.line()).toBe(CLOSED);
  expect(await client.command('STAT')).toMatch(/^-ERR \[SYS\/PERM\] an internal error/);
  expect(await client.line()).toBe(CLOSED);
  const { logged } = await world.node();
  expect(logged.splice(0).join('')).toContain('"stack":');
});

test('sessions and commands are counted', async () => {
  const client = await world.signIn();
  await client.command('RETR 9');
  await client.command('DELE x');
  await client.command('NONSENSE');
  const { metrics } = await world.node();
  expect((await metrics.sessions.get()).values).toContainEqual({ labels: { protocol: 'pop3' }, value: 1 });
  expect((await metrics.commands.get()).values.map(({ labels, value }) => [labels.verb, labels.result, value])).toEqual([
    ['pop3.user', 'ok', 1],
    ['pop3.pass', 'ok', 1],
    ['pop3.retr', 'no', 1],
    ['pop3.dele', 'bad', 1],
  ]);
});

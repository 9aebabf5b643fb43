// QUIT: one entry, or none; true answers, whatever the stores do. And what a login costs.
import { renameMailbox } from '../../services/core/account/decide/folders';
import { noFaults } from '../../services/core/store/memory/fault-plan';
import { VirtualClock } from '../core/store/memory/virtual-clock';
import { CLOSED, type Pop3Client } from './pop3-client';
import { Pop3World } from './pop3-world';

let world: Pop3World;

async function opened(options: Parameters<typeof Pop3World.open>[0] = {}, messages = 4): Promise<Pop3World> {
  world = await Pop3World.open(options);
  await world.addUser();
  await world.deliver('alice', Array.from({ length: messages }, (_, i) => `message ${i + 1}\r\n`));
  return world;
}

afterEach(() => world.close());

async function say(client: Pop3Client, ...commands: string[]): Promise<void> {
  for (const command of commands) {
    expect(await client.command(command)).toMatch(/^\+OK/);
    if (command.startsWith('RETR')) expect(await client.block()).not.toBeNull();
  }
}

/** Lets time pass until the client hears something. */
async function heardInTime(client: Pop3Client, clock: VirtualClock): Promise<string> {
  const heard = client.line();
  for (let isHeard = false; !isHeard; ) {
    await clock.advance(500);
    isHeard = await Promise.race([heard.then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);
  }
  return heard;
}

describe('budgets', () => {
  test('to log in, with the account in memory: one Get and one Query; QUIT with changes: one Put; without: nothing', async () => {
    await opened();
    await world.signIn();
    const { counts } = await world.node();
    counts.reset();
    const client = await world.signIn();
    expect(counts.requests()).toEqual({ 'directory.get': 1, 'log.readTail': 1 });
    await say(client, 'RETR 1', 'RETR 2', 'DELE 2', 'DELE 3', 'STAT', 'LIST 1', 'UIDL 1', 'NOOP');
    counts.reset();
    const entries = world.entries();
    expect(await client.command('QUIT')).toBe('+OK 2 messages deleted');
    expect(counts.requests()).toEqual({ 'log.append': 1 });
    expect(world.entries()).toBe(entries + 1);
    expect(await world.messages()).toEqual(['1S', '4']);

    // Seen already, deleted and undeleted: nothing to do.
    const again = await world.signIn();
    await say(again, 'RETR 1', 'DELE 2', 'RSET');
    counts.reset();
    expect(await again.command('QUIT')).toBe('+OK until next time');
    expect(counts.requests()).toEqual({});
    expect(world.entries()).toBe(entries + 1);
  });
});

test.each<[string, (client: Pop3Client) => void]>([
  ['goes without a word', (client) => client.destroy()],
  ['ends its side', (client) => client.endSending()],
  ['stops in the middle of QUIT', (client) => (client.send('QUI'), client.endSending())],
])('a client that %s removes nothing', async (_how, leave) => {
  await opened();
  const client = await world.signIn();
  await say(client, 'RETR 1', 'DELE 1');
  leave(client);
  expect((await client.everything()).at(-1)).toBe(CLOSED);
  const { metrics } = await world.node();
  while ((await metrics.sessions.get()).values.some(({ labels, value }) => labels.protocol === 'pop3' && value > 0)) await world.signIn().then((next) => next.command('QUIT'));
  expect(await world.messages()).toEqual(['1', '2', '3', '4']);
});

test('a client that ends its side behind a pipelined QUIT has everything done and answered', async () => {
  await opened();
  const client = await world.connect();
  client.send('USER alice\r\nPASS a secret\r\nDELE 1\r\nDELE 4\r\nQUIT\r\n');
  client.endSending();
  expect((await client.everything()).slice(-2)).toEqual(['+OK 2 messages deleted', CLOSED]);
  expect(await world.messages()).toEqual(['2', '3']);
});

test('QUIT with an argument is an error, and not the end', async () => {
  await opened();
  const client = await world.signIn();
  await say(client, 'DELE 1');
  expect(await client.command('QUIT now')).toBe('-ERR expected no argument');
  await say(client, 'RSET', 'QUIT');
  expect(await world.messages()).toHaveLength(4);
});

test('an INBOX that was renamed meanwhile loses what was deleted, under its new name', async () => {
  await opened();
  const client = await world.signIn();
  await say(client, 'DELE 1');
  await world.withAccount('alice', (account) => account.commit(renameMailbox('INBOX', 'Old')));
  await world.deliver('alice', ['new\r\n']);
  expect(await client.command('QUIT')).toBe('+OK 1 message deleted');
  expect(await world.messages()).toEqual(['1']);
  const old = await world.withAccount('alice', async ({ state }) => [...state.mailboxes].find((mailbox) => mailbox?.exists === 3)!);
  expect([...old.uids()]).toEqual([2, 3, 4]);
});

describe('stores that do not do their work', () => {
  test('an answer that was lost changes nothing: the entry is found, +OK is true', async () => {
    await opened({ logFaults: { ...noFaults, loseAnswer: 1 } });
    const client = await world.signIn();
    await say(client, 'DELE 2');
    const entries = world.entries();
    expect(await client.command('QUIT')).toBe('+OK 1 message deleted');
    expect(world.entries()).toBe(entries + 1);
    expect(await world.messages()).toEqual(['1', '3', '4']);
  });

  test('a store that is away: -ERR [SYS/TEMP] says that nobody knows, and the session is over', async () => {
    const clock = new VirtualClock();
    await opened({ clock });
    const client = await world.signIn();
    await say(client, 'DELE 2');
    const { link } = await world.node();
    link.cut();
    client.send('QUIT\r\n');
    expect(await heardInTime(client, clock)).toMatch(/^-ERR \[SYS\/TEMP\] nobody knows/);
    expect(await client.line()).toBe(CLOSED);
    link.heal();
    expect(await world.messages()).toHaveLength(4);
  });

  test('what was only read cannot be marked then, which is no error of QUIT', async () => {
    const clock = new VirtualClock();
    await opened({ clock });
    const client = await world.signIn();
    await say(client, 'RETR 2');
    const { link } = await world.node();
    link.cut();
    client.send('QUIT\r\n');
    expect(await heardInTime(client, clock)).toBe('+OK until next time');
    link.heal();
  });

  test('a client that repeats its session until it hears +OK has removed what it wanted, and nothing else', async () => {
    const messages = 30;
    await opened({ logFaults: { ...noFaults, failBefore: 0.2, loseAnswer: 0.2, landLate: 0.2, repeat: 0.2, lateMaxMs: 20, timeoutMs: 2 } }, messages);
    const { uidValidity } = await world.inbox();
    const unwanted = new Set<string>();
    for (let session = 1; session <= 10; session += 1) {
      for (const uid of [session, 31 - session]) unwanted.add(`${uidValidity}.${uid}`);
      for (let isDone = false; !isDone; ) {
        const client = await world.signIn('alice', session % 2 === 0 ? 'A' : 'B');
        for (const [number, id] of (await client.lines('UIDL')).map((line) => line.split(' '))) if (unwanted.has(id!)) await say(client, `DELE ${number}`);
        isDone = (await client.command('QUIT')).startsWith('+OK');
      }
    }
    expect(await world.messages()).toEqual(Array.from({ length: 10 }, (_, i) => `${i + 11}`));
  });

  test('a client that never hears the answer to QUIT finds each message as it was or gone, and may repeat itself', async () => {
    await opened({}, 10);
    for (let uid = 1; uid <= 10; uid += 1) {
      const client = await world.signIn();
      client.send('DELE 1\r\nQUIT\r\n');
      if (uid % 2 === 0) expect(await client.line()).toMatch(/^\+OK/);
      client.destroy();
      const again = await world.signIn('alice', 'B');
      const left = await again.lines('UIDL');
      if (left[0]?.endsWith(`.${uid}`)) await say(again, 'DELE 1');
      await again.command('QUIT');
      expect((await world.messages())[0]).toBe(uid === 10 ? undefined : `${uid + 1}`);
    }
  });
});

// How sessions end that the client did not end: silence, a stopping node, a closed account, stores that do not tell, damage.
import { connect } from 'node:net';
import { createMailbox, disableAccount, deleteAccount } from '../../services/core/account/decide/folders';
import { imapLimits } from '../../services/imap/imap-limits';
import { VirtualClock } from '../core/store/memory/virtual-clock';
import { CLOSED, ImapClient } from '../support/imap-client';
import { ImapWorld, PASSWORD } from '../support/imap-world';

let world: ImapWorld;
let clock: VirtualClock;

beforeEach(async () => {
  clock = new VirtualClock();
  world = await ImapWorld.open({ clock });
  await world.addUser('alice');
});

afterEach(() => world.close());

async function greeted(): Promise<ImapClient> {
  const client = await world.connect();
  await client.response();
  return client;
}

const signedIn = (): Promise<ImapClient> => world.signIn('alice');

describe('silence', () => {
  test('before login ends the session after a minute', async () => {
    const client = await greeted();
    await client.command('a', 'NOOP');
    await clock.advance(imapLimits.loginMs + 10_000);
    expect([await client.response(), await client.response()]).toEqual(['* BYE too slow to log in', CLOSED]);
  });

  test('that a word now and then interrupts ends all the same, if nobody logs in', async () => {
    const client = await greeted();
    for (let saidMs = 0; saidMs < imapLimits.loginMs; saidMs += 10_000) {
      client.send('x');
      await clock.advance(10_000);
    }
    await clock.advance(10_000);
    expect([await client.response(), await client.response()]).toEqual(['* BYE too slow to log in', CLOSED]);
  });

  test('of a session that is signed in is filled with `Still here`, and ended after half an hour', async () => {
    const client = await signedIn();
    await clock.advance(imapLimits.keepAliveMs + 10_000);
    expect(await client.response()).toBe('* OK Still here');
    await clock.advance(imapLimits.autologoutMs);
    const heard = [];
    while (heard.at(-1) !== CLOSED) heard.push(await client.response());
    expect(new Set(heard.slice(0, -2))).toEqual(new Set(['* OK Still here']));
    expect(heard.at(-2)).toBe('* BYE silent for too long');
  });

  test('of IDLE is none', async () => {
    const client = await signedIn();
    client.send('a IDLE\r\n');
    expect(await client.response()).toBe('+ idling');
    await clock.advance(2 * imapLimits.autologoutMs);
    client.send('DONE\r\n');
    const heard = await client.until('a');
    expect(new Set(heard.slice(0, -1))).toEqual(new Set(['* OK Still here']));
    expect(heard.at(-1)).toBe('a OK IDLE terminated');
  });

  test('of a mailbox is filled while others of the account change', async () => {
    const client = await signedIn();
    await client.command('a', 'SELECT INBOX');
    client.send('b IDLE\r\n');
    expect(await client.response()).toBe('+ idling');
    for (let saidMs = 0; saidMs <= imapLimits.keepAliveMs; saidMs += imapLimits.keepAliveMs / 4) {
      await world.withAccount('alice', (account) => account.commit(createMailbox(`other ${saidMs}`)));
      await clock.advance(imapLimits.keepAliveMs / 4);
    }
    expect(await client.response()).toBe('* OK Still here');
  });

  test('inside a message ends the session too, and the message with it', async () => {
    const client = await signedIn();
    client.send('a APPEND INBOX {10}\r\n');
    expect(await client.response()).toBe('+ OK');
    await clock.advance(imapLimits.autologoutMs + 10_000);
    const heard = [];
    while (heard.at(-1) !== CLOSED) heard.push(await client.response());
    expect(heard.at(-2)).toBe('* BYE silent for too long');
    expect(world.tier.blobs.size).toBe(0);
  });
});

test('a client that takes nothing of its answers for ten minutes is cut off', async () => {
  const { server, metrics } = await world.node();
  const bystander = await signedIn();
  const deaf = connect(server.port, '127.0.0.1');
  deaf.pause();
  const sessions = async (): Promise<number> => (await metrics.sessions.get()).values[0]!.value;
  const answered = async (): Promise<number> => (await metrics.commands.get()).values.find(({ labels }) => labels.verb === 'capability')?.value ?? 0;
  deaf.write(`login LOGIN alice ${PASSWORD}\r\n${'a CAPABILITY\r\n'.repeat(100_000)}`);
  for (let last = -1, now = 0; now === 0 || now > last; ) {
    last = now;
    for (let i = 0; i < 50; i += 1) await bystander.command('n', 'NOOP');
    now = await answered();
  }
  expect(await sessions()).toBe(2);
  while ((await sessions()) > 1) {
    await bystander.command('n', 'NOOP');
    await clock.advance(imapLimits.deafMs + 10_000);
  }
  deaf.destroy();
});

describe('a node that stops', () => {
  test('finishes what runs, sends away who idles or waits, and takes nobody in', async () => {
    const appending = await signedIn();
    const idling = await signedIn();
    const waiting = await signedIn();
    const greetedOnly = await greeted();
    appending.send('a APPEND INBOX {10}\r\n');
    expect(await appending.response()).toBe('+ OK');
    appending.send('hello');
    idling.send('a IDLE\r\n');
    expect(await idling.response()).toBe('+ idling');

    const { server } = await world.node();
    const drained = server.drain();
    for (const client of [idling, waiting, greetedOnly]) {
      expect(await client.response()).toMatch(/^\* BYE \[UNAVAILABLE\]/);
      expect(await client.response()).toBe(CLOSED);
    }
    await expect(ImapClient.open(server.port)).rejects.toThrow('ECONNREFUSED');
    appending.send('world\r\n');
    expect(await appending.response()).toMatch(/^a OK \[APPENDUID/);
    expect(await appending.response()).toMatch(/^\* BYE \[UNAVAILABLE\]/);
    expect(await appending.response()).toBe(CLOSED);
    await drained;
  });

  test('does not run what was sent in one packet with the command that it finishes', async () => {
    const client = await signedIn();
    client.send('a APPEND INBOX {10}\r\n');
    expect(await client.response()).toBe('+ OK');
    const drained = (await world.node()).server.drain();
    client.send('helloworld\r\nb CREATE Late\r\n');
    expect([await client.response(), await client.response(), await client.response()]).toEqual([
      expect.stringMatching(/^a OK/), expect.stringMatching(/^\* BYE/), CLOSED,
    ]);
    await drained;
    expect(await world.withAccount('alice', async (account) => account.state.tree.find('Late'))).toBeUndefined();
  });

  test('cuts off in the end who does not come to one', async () => {
    const client = await signedIn();
    client.send('a APPEND INBOX {10}\r\n');
    expect(await client.response()).toBe('+ OK');
    const drained = (await world.node()).server.drain();
    await clock.advance(imapLimits.drainMs);
    await drained;
    expect(await client.response()).toBe(CLOSED);
  });
});

describe('an account that is closed', () => {
  test.each([
    ['disabled', disableAccount(true)],
    ['deleted', deleteAccount()],
  ])('%s: idle sessions end at once, others with their next command, new ones do not begin', async (_what, decide) => {
    const idling = await signedIn();
    const selected = await signedIn();
    const authenticated = await signedIn();
    await selected.command('s', 'SELECT INBOX');
    idling.send('a IDLE\r\n');
    expect(await idling.response()).toBe('+ idling');
    await world.withAccount('alice', async (account) => account.commit<unknown>(decide));
    expect(await idling.response()).toBe('* BYE this account was closed');
    expect(await selected.command('a', 'NOOP')).toEqual(['* BYE this account was closed', CLOSED]);
    expect(await authenticated.command('a', 'SELECT INBOX')).toEqual(['* BYE this account was closed', CLOSED]);
    const next = await greeted();
    expect(await next.command('a', `LOGIN alice ${PASSWORD}`)).toEqual([expect.stringMatching(/^a NO \[AUTHENTICATIONFAILED\]/)]);
  });
});

test('a change whose fate nobody knows is followed by BYE [UNAVAILABLE], without a tagged reply', async () => {
  const client = await signedIn();
  const { link } = await world.node();
  link.cut();
  client.send('a CREATE Perhaps\r\n');
  const heard = client.response();
  for (let isHeard = false; !isHeard; ) {
    await clock.advance(1_000);
    isHeard = await Promise.race([heard.then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);
  }
  expect(await heard).toMatch(/^\* BYE \[UNAVAILABLE\]/);
  expect(await client.response()).toBe(CLOSED);
  link.heal();
});

test('a damaged log is refused with SERVERBUG, written down with a stack, and ends the session', async () => {
  const client = await signedIn();
  const bystander = await greeted();
  const log = world.tier.logs.get('account-alice')!;
  log.entries.push({ position: log.entries.at(-1)!.position + 1, bytes: new Uint8Array([1, 2, 3]) });
  expect(await client.command('a', 'NOOP')).toEqual([expect.stringMatching(/^a NO \[SERVERBUG\]/)]);
  expect([await client.response(), await client.response()]).toEqual([expect.stringMatching(/^\* BYE \[SERVERBUG\]/), CLOSED]);
  expect(await bystander.command('b', 'NOOP')).toEqual(['b OK NOOP completed']);
  const { logged } = await world.node();
  expect(logged.splice(0).join('')).toContain('"stack":');
});

// Clients that mean no good, over real sockets: whatever they do, the frontend and its other clients are well.
import * as fc from 'fast-check';
import { pop3Limits } from '../../services/pop3/pop3-limits';
import { CLOSED, type Pop3Client } from './pop3-client';
import { PASSWORD, Pop3World } from './pop3-world';

let world: Pop3World;
/** Somebody who only wants to read his mail. */
let bystander: Pop3Client;

beforeEach(async () => {
  world = await Pop3World.open({ tls: true });
  await world.addUser('alice');
  await world.addUser('bob');
  await world.deliver('bob', ['Subject: one\r\n\r\nfirst\r\n', 'Subject: two\r\n\r\n.\r\n']);
  bystander = await world.signIn('alice');
});

afterEach(async () => {
  expect(await bystander.command('STAT')).toBe('+OK 0 0');
  await world.close();
});

async function greeted(): Promise<Pop3Client> {
  const client = await world.connect();
  expect(await client.line()).toBe('+OK Isomail is ready');
  return client;
}

/** How much it is, once it grows no more. */
async function settled(measure: () => Promise<number> | number): Promise<number> {
  for (let last = -1; ; ) {
    const now = await measure();
    if (now > 0 && now === last) return now;
    last = now;
    for (let i = 0; i < 50; i += 1) await bystander.command('NOOP');
  }
}

/** How many of these commands were answered. */
async function answeredSoFar(verb: string): Promise<number> {
  const { metrics } = await world.node();
  return (await metrics.commands.get()).values.find(({ labels }) => labels.verb === `pop3.${verb}`)?.value ?? 0;
}

test.each(['before login', 'after login'])('%s: ten commands in a row that make no sense are enough', async (when) => {
  const client = when === 'before login' ? await greeted() : await world.signIn('bob');
  client.send('GET / HTTP/1.1\r\nHost: mail.example\r\nAccept: */*\r\n\r\n');
  client.send('NONSENSE\r\n'.repeat(20));
  expect(await client.everything()).toEqual([...Array(pop3Limits.badCommands).fill('-ERR this command is not known here'), CLOSED]);
});

test('sense between them starts the count again', async () => {
  const client = await world.signIn('bob');
  for (let round = 0; round < 3; round += 1) {
    for (let i = 0; i < pop3Limits.badCommands - 1; i += 1) expect(await client.command('DELE x')).toBe('-ERR expected a number');
    expect(await client.command('NOOP')).toMatch(/^\+OK/);
  }
});

describe.each(['AUTHORIZATION', 'TRANSACTION'])('in %s', (state) => {
  const open = (): Promise<Pop3Client> => (state === 'AUTHORIZATION' ? greeted() : world.signIn('bob'));

  test.each([
    '', ' ', '\0', '\xff\xfe', 'USER', 'USER ', 'PASS', 'PASS ', 'USER \0', 'USER \xff', 'AUTH PLAIN AAAA', 'AUTH PLAIN =', 'AUTH PLAIN ====', 'AUTH PLAIN A=A=', 'AUTH  PLAIN', 'AUTH \xff',
    'RETR 0', 'RETR -1', 'RETR 999999999999999999999', 'RETR 1x', 'RETR +1', 'RETR 1.0', 'RETR 0x1', 'RETR  1', 'RETR \0', 'RETR 1\0', 'TOP', 'TOP 1', 'TOP 1 1 1', 'TOP 1 x', 'TOP 0 0', 'DELE', 'DELE 0',
    'LIST 0', 'LIST x', 'UIDL 3', 'UIDL \xb2', 'STAT 1', 'RSET 1', 'NOOP 1', 'CAPA 1', 'STLS 1', 'APOP bob 00', 'XTND XMIT', 'LAST', '-ERR', '+OK', '.', 'retr\t1', `USER${'x'.repeat(5_000)}`, `RETR ${'9'.repeat(4_000)}`,
    'RETR 1\rDELE 1', 'UTF8', 'LANG',
  ])('%j is -ERR, and that is all', async (command) => {
    const client = await open();
    if (/^USER [^ ]/.test(command) && state === 'AUTHORIZATION') expect(await client.command(command)).toMatch(/^\+OK/);
    else expect(await client.command(command)).toMatch(/^-ERR [^[]/);
    expect(await client.command('QUIT')).toBe('+OK until next time');
    expect(await client.line()).toBe(CLOSED);
  });

  test('a line without end is cut off', async () => {
    const client = await open();
    client.send('x'.repeat(200_000));
    const heard = await client.everything();
    expect(heard).toEqual(['-ERR the line is too long', '-ERR the line does not end', CLOSED]);
  });

  test('garbage ends nothing but its own session', async () => {
    const piece = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'a1 .=*\r\n\0\u00ff'.split('')), maxLength: 60 }),
      fc.constantFrom('\r\n', 'USER bob\r\n', 'PASS ', 'AUTH PLAIN\r\n', 'RETR 1\r\n', 'TOP 1 ', 'DELE 1\r\n', 'LIST\r\n', 'UIDL ', 'RSET\r\n', '*\r\n', 'STLS\r\n', 'QUIT\r\n', 'CAPA\r\n', '99999999999999999999'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        const client = await open();
        for (const said of pieces) client.send(said);
        client.endSending();
        expect((await client.everything()).at(-1)).toContain(CLOSED);
      }),
      { numRuns: 60 },
    );
    expect(await bystander.command('NOOP')).toMatch(/^\+OK/);
  });
});

test('USER may be too long for a line, AUTH PLAIN and its response as well', async () => {
  const client = await greeted();
  expect(await client.command(`USER ${'x'.repeat(pop3Limits.lineBytes)}`)).toBe('-ERR the line is too long');
  expect(await client.command('AUTH PLAIN')).toBe('+ ');
  expect(await client.command('A'.repeat(pop3Limits.lineBytes))).toBe('-ERR the line is too long');
  expect(await client.command('USER bob')).toMatch(/^\+OK/);
  expect(await client.command(`PASS ${PASSWORD}`)).toMatch(/^\+OK/);
});

test('the longest login and password that can be fit into a line', async () => {
  const plain = Buffer.from(`${'l'.repeat(255)}\0${'l'.repeat(255)}\0${'p'.repeat(1_024)}`).toString('base64');
  const client = await greeted();
  expect(await client.command(`AUTH PLAIN ${plain}`)).toMatch(/^-ERR \[AUTH\]/);
});

test('thousands of pipelined commands are answered in order, and others get their turn', async () => {
  const client = await world.signIn('bob');
  const rounds = 5_000;
  client.send('NOOP\r\nLIST 1\r\nUIDL 9\r\nDELE 1\r\nRSET\r\n'.repeat(rounds));
  client.send('QUIT\r\n');
  const answered = client.everything();
  for (let i = 0; i < 20; i += 1) expect(await bystander.command('NOOP')).toMatch(/^\+OK/);
  const heard = await answered;
  expect(heard).toHaveLength(5 * rounds + 2);
  expect(heard.slice(-7)).toEqual([
    '+OK nothing done', '+OK 1 23', '-ERR there is no such message', '+OK will be deleted at QUIT', '+OK 2 messages (42 octets)', '+OK until next time', CLOSED,
  ]);
});

test('lines that are nearly all spaces cost no more than others', async () => {
  const client = await greeted();
  const rounds = 1_500;
  client.send(`CAPA ${' '.repeat(pop3Limits.lineBytes - 100)}x\r\nUSER bob\r\n`.repeat(rounds));
  client.send('QUIT\r\n');
  expect(await client.everything()).toHaveLength(2 * rounds + 2);
}, 10_000); // A hundred times what it takes; and half of what it took where a line cost the square of its length.

describe('a client that hears nothing', () => {
  /** What the sockets of both sides hold, and what we do: RETR and TOP hold some pieces of the body, LIST and UIDL one of their own. */
  const heldBytesMax = 16_000_000;

  test.each(['RETR 1', 'TOP 1 1000000000'])('has no more read for it than its connection holds: %s', async (command) => {
    await world.addUser('carol');
    await world.deliver('carol', [Buffer.alloc(40_000_000, 'x')]);
    const { counts } = await world.node();
    const client = await world.signIn('carol');
    counts.reset();
    client.pause();
    client.send(`${command}\r\n`);
    expect(await settled(() => counts.of('blobs.read').bytes)).toBeLessThan(heldBytesMax);
    client.destroy();
  });

  test.each(['LIST', 'UIDL'])('is answered no more than its connection holds: %s', async (command) => {
    await world.addUser('carol');
    await world.deliver('carol', Array<string>(1_000).fill('x\r\n'));
    const client = await world.signIn('carol');
    const answerBytes = (await client.lines(command)).join('\r\n').length;
    client.pause();
    client.send(`${command}\r\n`.repeat(10_000));
    expect((await settled(() => answeredSoFar(command.toLowerCase()))) * answerBytes).toBeLessThan(heldBytesMax);
    client.destroy();
  });
});

test('a client that pipelines more than it hears is read no further', async () => {
  await world.deliver('bob', [Buffer.alloc(100_000, 'x')]);
  const client = await world.signIn('bob');
  client.pause();
  client.send('RETR 3\r\n'.repeat(200_000));
  expect(await settled(() => answeredSoFar('retr'))).toBeLessThan(1_000);
  client.destroy();
});

test('more connections than one address may have before login are sent away; those that log in make room', async () => {
  const waiting = [];
  for (let i = 0; i < pop3Limits.connectionsBeforeLogin; i += 1) waiting.push(await greeted());
  expect(await (await world.connect()).everything()).toEqual(['-ERR [SYS/TEMP] too many connections from your address are not logged in', CLOSED]);
  await waiting[0]!.command('USER bob');
  await waiting[0]!.command(`PASS ${PASSWORD}`);
  await greeted();
});

test('one user too often at one address hears so in the answer to PASS', async () => {
  for (let i = 0; i < pop3Limits.connectionsPerUser; i += 1) await world.signIn('bob');
  const client = await greeted();
  await client.command('USER bob');
  expect(await client.command(`PASS ${PASSWORD}`)).toBe('-ERR [SYS/TEMP] too many connections of this user from your address');
  expect(await client.line()).toBe(CLOSED);
});

test('a client that breaks off in the TLS handshake is gone, and nothing else', async () => {
  const client = await greeted();
  expect(await client.command('STLS')).toMatch(/^\+OK/);
  client.send('NOOP\r\n');
  expect((await client.everything()).at(-1)).toContain(CLOSED);
});

// Clients that mean no good, over real sockets: whatever they do, the node and its other clients are well.
import * as fc from 'fast-check';
import { connect } from 'node:net';
import { createMailbox } from '../../services/core/account/decide/folders';
import { asMailboxId, asUidValidity } from '../../services/core/runtime/numbers';
import { imapLimits } from '../../services/imap/imap-limits';
import { CLOSED, type ImapClient } from '../support/imap-client';
import { ImapWorld, PASSWORD } from '../support/imap-world';

let world: ImapWorld;
let port: number;
/** Somebody who only wants to read his mail. */
let bystander: ImapClient;

beforeEach(async () => {
  world = await ImapWorld.open({ tls: true });
  await world.addUser('alice');
  await world.addUser('bob');
  ({ port } = (await world.node()).server);
  bystander = await world.signIn('alice');
});

afterEach(async () => {
  expect((await bystander.command('z', 'STATUS INBOX (MESSAGES)')).at(-1)).toBe('z OK STATUS completed');
  await world.close();
});

async function greeted(): Promise<ImapClient> {
  const client = await world.connect();
  expect(await client.response()).toMatch(/^\* OK/);
  return client;
}

async function everything(client: ImapClient): Promise<string[]> {
  const heard: string[] = [];
  while (heard.at(-1) !== CLOSED) heard.push(await client.response());
  return heard;
}

describe('before login', () => {
  test('ten commands in a row that make no sense are enough', async () => {
    const client = await greeted();
    client.send('GET / HTTP/1.1\r\nHost: mail.example\r\nAccept: */*\r\n\r\n');
    client.send(Array.from({ length: 20 }, (_, i) => `x${i} NONSENSE\r\n`).join(''));
    const heard = await everything(client);
    expect(heard).toHaveLength(imapLimits.badCommandsBeforeLogin + 2);
    expect(heard.slice(-2)).toEqual(['* BYE please come back speaking IMAP', CLOSED]);
  });

  test('commands of another state count, and sense between them starts the count again', async () => {
    const client = await greeted();
    for (let i = 0; i < imapLimits.badCommandsBeforeLogin - 1; i += 1) expect(await client.command(`a${i}`, 'SELECT INBOX')).toEqual([`a${i} BAD log in first`]);
    await client.command('b', 'NOOP');
    for (let i = 0; i < imapLimits.badCommandsBeforeLogin - 1; i += 1) await client.command(`c${i}`, 'SELECT INBOX');
    expect((await client.command('d', 'SELECT INBOX'))).toEqual(['d BAD log in first']);
    expect(await client.response()).toMatch(/^\* BYE/);
  });

  test.each([
    ['a literal of 5,000 octets, unasked', 'a LOGIN {5000+}\r\n'],
    ['a literal without measure, unasked', 'a LOGIN {99999999999999999999+}\r\n'],
    ['a line that does not end', `a ${'x'.repeat(200_000)}`],
  ])('%s: BYE [TOOBIG]', async (_what, said) => {
    const client = await greeted();
    client.send(said);
    expect((await everything(client)).slice(-2)).toEqual([expect.stringMatching(/^\* BYE \[TOOBIG\]/), CLOSED]);
  });

  test('a literal that would be too long is refused where the client asks', async () => {
    const client = await greeted();
    expect(await client.command('a', 'LOGIN {5000}')).toEqual(['a BAD the command is too long']);
    expect(await client.command('b', `LOGIN bob ${PASSWORD}`)).toEqual([expect.stringMatching(/^b OK/)]);
  });

  test('more connections than one address may have before login are sent away; those that log in make room', async () => {
    const waiting = [];
    for (let i = 0; i < imapLimits.connectionsBeforeLogin; i += 1) waiting.push(await greeted());
    const tooMany = await world.connect();
    expect(await everything(tooMany)).toEqual([expect.stringMatching(/^\* BYE \[LIMIT\]/), CLOSED]);
    await waiting[0]!.command('a', `LOGIN bob ${PASSWORD}`);
    waiting.push(await greeted());
    // So do those that go.
    waiting[1]!.destroy();
    for (let isIn = false; !isIn; ) {
      const next = await world.connect();
      isIn = (await next.response()).startsWith('* OK');
      waiting.push(next);
    }
  });

  test('a client that breaks off in the TLS handshake is gone, and nothing else', async () => {
    for (const farewell of ['reset', 'nonsense'] as const) {
      const client = await greeted();
      expect(await client.command('a', 'STARTTLS')).toEqual(['a OK begin the TLS handshake']);
      if (farewell === 'reset') client.socket.resetAndDestroy();
      else {
        client.send('b NOOP\r\n');
        expect((await everything(client)).at(-1)).toContain(CLOSED);
      }
    }
  });
});

test('one user may not have more connections from one address than the limit', async () => {
  for (let i = 0; i < imapLimits.connectionsPerUser; i += 1) await world.signIn('bob');
  const tooMany = await greeted();
  const heard = [...(await tooMany.command('a', `LOGIN bob ${PASSWORD}`)), ...(await everything(tooMany))];
  expect(heard.slice(-2)).toEqual([expect.stringMatching(/^\* BYE \[LIMIT\]/), CLOSED]);
});

describe.each(['before login', 'after login', 'with a mailbox selected'])('garbage, %s', (when) => {
  const piece = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'a1 {}()[]"\\*%+~<>.:,=\r\n\0\u00ff'.split('')), maxLength: 60 }),
    fc.constantFrom(
      'a1 ', '\r\n', '{3}\r\n', '{3+}\r\nabc', '~{3+}\r\na\0c', 'UID ', 'FETCH ', 'APPEND INBOX ', 'SEARCH ', 'STORE 1 ', 'LIST "" ', 'SELECT INBOX', 'IDLE\r\n', 'DONE\r\n',
      'AUTHENTICATE PLAIN\r\n', 'LOGIN ', 'CREATE ', 'RENAME a ', '1:*', 'BODY[', '(FLAGS)', 'QRESYNC (1 1 1:9 (1 1))', 'COPY 1 INBOX', 'EXPUNGE\r\n', 'CLOSE\r\n', 'ENABLE QRESYNC\r\n', '*', '4294967295',
      'PREVIEW (LAZY', 'EMAILID M1', 'GETQUOTAROOT INBOX\r\n', 'GETQUOTA ""\r\n', 'SETQUOTA "" (STORAGE 1)\r\n', 'APPEND INBOX {3+}\r\nabc {3+}\r\nabc',
    ),
  );

  test('ends nothing but its own session', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        const client = when === 'before login' ? await greeted() : await world.signIn('bob');
        if (when === 'with a mailbox selected') await client.command('s', 'SELECT INBOX');
        for (const text of pieces) client.send(text);
        client.socket.end();
        // Whatever is answered, every line is one of IMAP's.
        for (const response of await everything(client)) expect(response).toMatch(/^(\* |\+ |[!-~]+ (OK|NO|BAD) |<closed>)/);
      }),
      { numRuns: 60 },
    );
  });
});

test('half a command and then nothing more leaves no trace', async () => {
  for (const half of ['a', 'a ', 'a FETCH', 'a APPEND INBOX (', 'a APPEND INBOX {100+}\r\n', 'a APPEND INBOX {100+}\r\nhello', 'a GETQUOTA {5}\r\n', 'a STATUS INBOX (MAILBOXID', 'a LOGOU', 'a IDLE\r\nDON', 'a SEARCH TEXT {5}\r\n']) {
    for (const farewell of ['end', 'reset'] as const) {
      const client = await world.signIn('bob');
      client.send(half);
      if (farewell === 'end') client.socket.end();
      else client.socket.resetAndDestroy();
      await everything(client);
    }
  }
  expect(world.tier.blobs.size).toBe(0);
});

test('a client that asks for much and reads nothing slows only itself down', async () => {
  await world.withAccount('bob', async (account) => {
    for (let i = 0; i < 200; i += 1) await account.commit(createMailbox(`${'folder'.repeat(20)}-${i}`));
  });
  const { metrics } = await world.node();
  const before = process.memoryUsage().arrayBuffers;
  const deaf = connect(port, '127.0.0.1');
  deaf.pause();
  const commands = 1_000; // About 30 MB of answers.
  deaf.write(`login LOGIN bob ${PASSWORD}\r\n${Array.from({ length: commands }, (_, i) => `a${i} LIST "" *\r\n`).join('')}`);
  const answered = async (): Promise<number> => {
    const { values } = await metrics.commands.get();
    return values.find(({ labels }) => labels.verb === 'list')?.value ?? 0;
  };
  // Until the server has filled what the system takes for a client that does not read.
  for (let last = -1, now = 0; now === 0 || now > last; ) {
    last = now;
    for (let i = 0; i < 50; i += 1) expect(await bystander.command('n', 'NOOP')).toEqual(['n OK NOOP completed']);
    now = await answered();
  }
  expect(await answered()).toBeLessThan(commands);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 2 ** 20);
  deaf.destroy();
});

test('ten thousand commands in one write are answered in their order', async () => {
  const client = await world.signIn('bob');
  await client.command('s', 'SELECT INBOX');
  const count = 10_000;
  client.send(Array.from({ length: count }, (_, i) => `n${i} NOOP\r\n`).join(''));
  for (let i = 0; i < count; i += 1) expect(await client.response()).toBe(`n${i} OK NOOP completed`);
});

test('patterns made to be slow are answered like others, in an account of ten thousand folders', async () => {
  await world.withAccount('bob', async (account) => {
    // In one change: what CREATE costs is not the matter here.
    await account.commit((state) => {
      const first = state.mailboxes.length;
      const change = Array.from({ length: 9_900 }, (_, i) => ({
        kind: 'mailboxCreated' as const,
        mailbox: asMailboxId(first + i),
        parent: i % 3 === 0 ? (0 as const) : asMailboxId(first + i - 1),
        name: `aaaaaaaa-folder-${i}`,
        uidValidity: asUidValidity(state.highestUidValidity + 1 + i),
        specialUse: null,
        isAdopted: false,
      }));
      return { change, result: undefined };
    });
  });
  const client = await world.signIn('bob');
  const folders = await client.command('a', 'LIST "" *');
  expect(folders.filter((line) => line.includes('folder-'))).toHaveLength(9_900);
  expect(await client.command('b', `LIST "" "${'*a'.repeat(900)}b"`)).toEqual(['b OK LIST completed']);
  expect(await client.command('c', `LSUB "" "${'%*'.repeat(900)}q"`)).toEqual(['c OK LSUB completed']);
  const top = await client.command('d', 'LIST "" %');
  expect(top.some((line) => line.includes('/folder-'))).toBe(false);
});

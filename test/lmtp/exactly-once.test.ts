// A sender that does not hear that its message was taken sends it again, to whichever frontend answers: the message is there once.
import { closeMemoryNodes } from '../support/memory-node';
import { LmtpWorld, type WorldOptions } from './lmtp-world';

const STAMPED = 'Received: from a.example by b.example; Sun, 22 Nov 2026 12:00:00 +0000\r\nSubject: one\r\n\r\nbody\r\n';
const UNSTAMPED = 'Subject: one\r\n\r\nReceived: in the body\r\n';

let world: LmtpWorld;

async function open(options?: WorldOptions): Promise<void> {
  world = new LmtpWorld(options);
  await world.addUser('ann@example.org');
  await world.addUser('bob@example.org');
}

afterEach(async () => {
  await world.close();
  closeMemoryNodes();
});

const countOf = async (login: string) => (await world.messages(login)).length;
const positionOf = (login: string) => world.withAccount(login, async ({ position }) => position);

test('a message that comes again to another frontend is answered 250 and changes nothing', async () => {
  await open();
  const [a, b] = [await world.sender('A'), await world.sender('B')];
  expect(await a.deliver(['ann@example.org'], STAMPED)).toEqual(['250 2.6.0 delivered']);
  const position = await positionOf('ann@example.org');
  const { size } = world.tier.blobs;
  expect(await b.deliver(['ann@example.org'], STAMPED)).toEqual(['250 2.6.0 it was delivered before']);
  expect(await b.deliver(['Ann@Example.ORG'], STAMPED, 'another@example.com')).toEqual(['250 2.6.0 it was delivered before']);
  expect([await countOf('ann@example.org'), await positionOf('ann@example.org')]).toEqual([1, position]);
  expect(world.tier.blobs.size).toBe(size);
  expect(await world.results()).toEqual({ delivered: 1, repeated: 2 });
});

test('the other recipients get what they did not get before', async () => {
  await open();
  const sender = await world.sender();
  await sender.deliver(['ann@example.org'], STAMPED);
  expect(await sender.deliver(['ann@example.org', 'bob@example.org'], STAMPED)).toEqual(['250 2.6.0 it was delivered before', '250 2.6.0 delivered']);
  expect([await countOf('ann@example.org'), await countOf('bob@example.org')]).toEqual([1, 1]);
});

test.each([
  ['one that no mail server has stamped: it may be meant twice', UNSTAMPED, UNSTAMPED],
  ['one that differs in an octet', STAMPED, STAMPED.replace('body', 'bodY')],
  ['one that differs where a NUL was replaced', STAMPED.replace('body', 'b\0dy'), STAMPED.replace('body', 'b\x80dy')],
])('%s comes twice', async (_what, first, second) => {
  await open();
  const sender = await world.sender();
  for (const message of [first, second]) expect(await sender.deliver(['ann@example.org'], message)).toEqual(['250 2.6.0 delivered']);
  expect(await countOf('ann@example.org')).toBe(2);
});

test('a repetition that is larger than what is held in memory changes nothing either', async () => {
  await open({ limits: { heldBytes: 1000 } });
  const large = `${STAMPED}${'more\r\n'.repeat(30_000)}`;
  const [a, b] = [await world.sender('A'), await world.sender('B')];
  expect(await a.deliver(['ann@example.org'], large)).toEqual(['250 2.6.0 delivered']);
  const position = await positionOf('ann@example.org');
  expect(await b.deliver(['ann@example.org', 'bob@example.org'], large)).toEqual(['250 2.6.0 it was delivered before', '250 2.6.0 delivered']);
  expect([await countOf('ann@example.org'), await positionOf('ann@example.org')]).toEqual([1, position]);
});

test.each([
  ['held in memory', 1_000_000],
  ['streamed', 1_000],
])('a message that filled its account, or came just before that was disabled, is no reason to bounce it, %s', async (_how, heldBytes) => {
  await open({ limits: { heldBytes } });
  await world.addUser('full@example.org', 200_000);
  const large = `${STAMPED}${'more\r\n'.repeat(30_000)}`;
  const all = ['full@example.org', 'ann@example.org', 'bob@example.org'];
  const [a, b] = [await world.sender('A'), await world.sender('B')];
  expect(await a.deliver(all, large)).toEqual(Array(3).fill('250 2.6.0 delivered'));
  expect(await b.deliver(['full@example.org'], large)).toEqual(['250 2.6.0 it was delivered before']);
  expect(await b.deliver(['full@example.org'], `${large}new\r\n`)).toEqual(['552 5.2.2 the account is full']);
  await b.begin(all);
  await world.admin.users.disable('ann@example.org');
  b.send(`${large}.\r\n`);
  expect(await b.replies(3)).toEqual(Array(3).fill('250 2.6.0 it was delivered before'));
  expect([await countOf('full@example.org'), await countOf('ann@example.org'), await countOf('bob@example.org')]).toEqual([1, 1, 1]);
});

test('a sender that leaves before the reply has delivered, and is told so when it comes again', async () => {
  await open();
  const a = await world.sender('A');
  await a.begin(['ann@example.org']);
  a.send(`${STAMPED}.\r\n`);
  a.socket.end();
  await a.rest();
  const b = await world.sender('B');
  const [reply] = await b.deliver(['ann@example.org'], STAMPED);
  expect(reply).toMatch(/^250 /);
  expect(await countOf('ann@example.org')).toBe(1);
});

test('an account that was disabled since says 250 to what it has taken, 550 to what is new', async () => {
  await open();
  const sender = await world.sender();
  await sender.deliver(['ann@example.org'], STAMPED);
  await sender.begin(['ann@example.org']);
  await world.admin.users.disable('ann@example.org');
  sender.send(`${STAMPED}.\r\n`);
  expect(await sender.reply()).toBe('250 2.6.0 it was delivered before');
});

test('whatever the stores do with requests and answers, each message is there once in the end, on two frontends', async () => {
  const faults = { failBefore: 0.05, loseAnswer: 0.1, failRead: 0.05, repeat: 0.05, lateMaxMs: 5, latencyMaxMs: 1 };
  await open({ faults, limits: { heldBytes: 2_000 } });
  const recipients = ['ann@example.org', 'bob@example.org'];
  const deliverAll = async (k: number): Promise<void> => {
    const message = `${STAMPED}${k}\r\n${'x'.repeat(k % 2 === 0 ? 100 : 70_000)}\r\n`;
    const missing = new Set(recipients);
    for (let attempt = 0; missing.size > 0; attempt += 1) {
      expect(attempt).toBeLessThan(40);
      const sender = await world.sender(attempt % 2 === 0 ? 'A' : 'B');
      for (const to of missing) {
        sender.send(`MAIL FROM:<joe@example.com>\r\nRCPT TO:<${to}>\r\n`);
        const accepted = (await sender.replies(2))[1]!;
        if (accepted.startsWith('250')) {
          await sender.command('DATA');
          sender.send(`${message}.\r\n`);
          const reply = await sender.reply();
          if (reply.startsWith('250')) missing.delete(to);
          else expect(reply).toMatch(/^451 4\.3\.0 /);
        } else {
          expect(accepted).toMatch(/^451 4\.3\.0 /);
          await sender.command('RSET');
        }
      }
      sender.destroy();
    }
  };
  await Promise.all(Array.from({ length: 24 }, (_, k) => deliverAll(k)));
  for (const login of recipients) {
    const subjects = (await world.messages(login)).map(({ text }) => /\r\n\r\nbody\r\n(\d+)\r\n/.exec(text)![1]);
    expect(subjects.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 24 }, (_, k) => String(k)));
  }
});

// Senders that mean harm, or are broken: each gets an answer, none gets more than its share, and the server goes on.
import { connect } from 'node:net';
import { once } from 'node:events';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { closeMemoryNodes } from '../support/memory-node';
import { lmtpLimits } from '../../services/lmtp/lmtp-limits';
import { CLOSED } from './lmtp-client';
import { LmtpWorld, type WorldOptions } from './lmtp-world';

const ANN = 'ann@example.org';
let world: LmtpWorld;

async function open(options: WorldOptions = {}): Promise<void> {
  world = new LmtpWorld(options);
  await world.addUser(ANN);
}

afterEach(async () => {
  // Whatever was done to it, it delivers.
  const sender = await world.sender();
  expect(await sender.deliver([ANN], 'Subject: x\r\n')).toEqual(['250 2.6.0 delivered']);
  await world.close();
  closeMemoryNodes();
});

const HELLO = 'LHLO mx.example.com\r\n';

test.each([
  ['a command without end', `NOOP ${'x'.repeat(1_000_000)}`],
  ['a command that is too long', `MAIL FROM:<${'x'.repeat(5_000)}@example.com>\r\n`],
  ['HTTP', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['HTTP behind LHLO', `${HELLO}POST / HTTP/1.1\r\n`],
  ['octets of all values', Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7) & 0xff))],
  ['nothing but line ends', '\r\n'.repeat(1000)],
  ['too many commands that nobody knows', 'XYZZY\r\n'.repeat(50)],
])('%s: 421', async (_what, said) => {
  await open();
  const sender = await world.connect();
  expect(await sender.reply()).toMatch(/^220 /);
  sender.send(said);
  const heard = await sender.rest();
  expect(heard.length).toBeLessThan(12);
  expect(heard.at(-2)).toMatch(/^421 /);
});

test('a sender that speaks TLS, and gives up', async () => {
  await open();
  const sender = await world.connect();
  expect(await sender.reply()).toMatch(/^220 /);
  sender.send(Buffer.from('16030100a5010000a10303', 'hex'));
  sender.socket.end();
  expect((await sender.rest()).at(-1)).toBe(CLOSED);
});

test('a sender that talks before it is greeted is sent away', async () => {
  await open();
  // A greeting that never comes cannot come first.
  const greeting = jest.spyOn(SMTPConnection.prototype, 'connectionReady').mockReturnValue();
  const sender = await world.connect();
  sender.send(HELLO);
  const heard = await sender.rest();
  greeting.mockRestore();
  expect(heard).toEqual([expect.stringMatching(/^421 /), CLOSED]);
});

test('ten thousand recipients: as many as allowed, the others come again (RFC 5321 §4.5.3.1.10)', async () => {
  await open();
  const sender = await world.sender();
  await sender.command('MAIL FROM:<joe@example.com>');
  sender.send(Array.from({ length: 10_000 }, (_, k) => `RCPT TO:<ann+${k}@example.org>\r\n`).join(''));
  const replies = await sender.replies(10_000);
  expect(replies.slice(0, lmtpLimits.recipients).every((reply) => reply.startsWith('250 2.1.5'))).toBe(true);
  expect(new Set(replies.slice(lmtpLimits.recipients))).toEqual(new Set(['452 4.5.3 too many recipients; send the message to the others again']));
  expect(await sender.command('DATA')).toMatch(/^354 /);
  sender.send('Subject: x\r\n.\r\n');
  expect(await sender.replies(lmtpLimits.recipients)).toEqual(Array(lmtpLimits.recipients).fill('250 2.6.0 delivered'));
  expect((await world.messages(ANN)).length).toBe(lmtpLimits.recipients);
});

test('one recipient named ten thousand times is one, with no more replies than are allowed', async () => {
  await open();
  const sender = await world.sender();
  await sender.command('MAIL FROM:<joe@example.com>');
  sender.send(`RCPT TO:<${ANN}>\r\n`.repeat(10_000));
  const replies = await sender.replies(10_000);
  expect(replies.filter((reply) => reply.startsWith('250'))).toHaveLength(lmtpLimits.recipients);
  await sender.command('DATA');
  sender.send('Subject: x\r\n.\r\n');
  await sender.replies(lmtpLimits.recipients);
  expect((await world.messages(ANN)).length).toBe(1);
});

test('ten thousand commands in one packet are answered one by one', async () => {
  await open();
  const sender = await world.sender();
  sender.send('NOOP\r\n'.repeat(10_000));
  expect(new Set(await sender.replies(10_000))).toEqual(new Set(['250 2.0.0 OK']));
});

test('more connections than are allowed hear so, and those that are there go on', async () => {
  await open({ limits: { connections: 5 } });
  const senders = await Promise.all(Array.from({ length: 5 }, () => world.sender()));
  const flood = await Promise.all(Array.from({ length: 20 }, () => world.connect()));
  for (const one of flood) expect(await one.reply()).toMatch(/^421 /);
  expect(await senders[0]!.command('NOOP')).toMatch(/^250 /);
  const { metrics } = await world.node();
  expect((await metrics.sessions.get()).values).toEqual([{ labels: { protocol: 'lmtp' }, value: 5 }]);
  const gone = senders.map(({ socket }) => once(socket, 'close'));
  for (const one of senders) one.send('QUIT\r\n');
  await Promise.all(gone);
});

test('connections that come and go at once, some reset, leave nothing behind', async () => {
  await open();
  const { server, metrics } = await world.node();
  const waves = Array.from({ length: 100 }, async (_, k) => {
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(k % 3 === 0 ? HELLO : '');
    const closed = once(socket, 'close');
    if (k % 2 === 0) socket.resetAndDestroy();
    else socket.destroy();
    await closed;
  });
  await Promise.all(waves);
  await (await world.sender()).command('QUIT');
  const left = async () => (await metrics.sessions.get()).values[0]?.value;
  while ((await left()) !== 0) await new Promise(setImmediate);
});

test('a connection that breaks inside a transaction is no error of ours', async () => {
  await open();
  const sender = await world.sender();
  await sender.begin([ANN]);
  sender.send('Subject: x\r\n');
  const { logged } = await world.node();
  sender.socket.resetAndDestroy();
  while (!logged.some((line) => line.includes('a sender left'))) await new Promise(setImmediate);
});

test('a megabyte of stuffed dots, a megabyte of NULs, a megabyte without a line end', async () => {
  await open();
  const sender = await world.sender();
  for (const message of ['\r\n.'.repeat(300_000), '\0'.repeat(1_000_000), 'x'.repeat(1_000_000), '\r'.repeat(1_000_000)]) {
    expect(await sender.deliver([ANN], `${message}\r\n`)).toEqual(['250 2.6.0 delivered']);
  }
});

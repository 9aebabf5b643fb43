// A client that others wrote, over a real socket.
import { createTransport, type SentMessageInfo } from 'nodemailer';
import { closeMemoryNodes } from '../support/memory-node';
import { LmtpWorld } from './lmtp-world';

let world: LmtpWorld;

beforeEach(async () => {
  world = new LmtpWorld();
  await world.addUser('ann@example.org');
  await world.addUser('bob@example.org', 1000);
});

afterEach(async () => {
  await world.close();
  closeMemoryNodes();
});

test('nodemailer delivers by LMTP: each recipient has an answer of his own', async () => {
  const { server } = await world.node();
  const transport = createTransport({ host: '127.0.0.1', port: server.port, lmtp: true, secure: false, ignoreTLS: true } as object);
  const info = (await transport.sendMail({
    from: 'Jörg <joe@example.com>',
    to: ['ann@example.org', 'bob@example.org', 'nobody@example.org', 'ann+Archive@example.org'],
    subject: 'Grüße',
    text: `.dots\n..at the start\n${'long '.repeat(500)}`,
    attachments: [{ filename: 'a.bin', content: Buffer.alloc(5_000, 7) }],
  })) as SentMessageInfo & { accepted: string[]; rejected: string[] };
  expect(info.accepted).toEqual(['ann@example.org', 'ann+Archive@example.org']);
  expect(info.rejected.toSorted()).toEqual(['bob@example.org', 'nobody@example.org']);
  const [message] = await world.messages('ann@example.org');
  expect(message!.text).toMatch(/^Return-Path: <joe@example\.com>\r\nDelivered-To: ann@example\.org\r\nFrom: /);
  expect(message!.text).toContain('\r\n.dots\r\n..at the start\r\n');
  expect(await world.messages('ann@example.org', 'Archive')).toHaveLength(1);
  expect(await world.messages('bob@example.org')).toHaveLength(0);
  transport.close();
});

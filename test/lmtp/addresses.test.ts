// What becomes of the addresses of a transaction: in its replies, in the message, and in where it goes.
import { createMailbox } from '../../services/core/account/decide/folders';
import { closeMemoryNodes } from '../support/memory-node';
import type { LmtpClient } from './lmtp-client';
import { LmtpWorld } from './lmtp-world';

let world: LmtpWorld;
let sender: LmtpClient;

beforeEach(async () => {
  world = new LmtpWorld();
  await world.addUser('ann@example.org');
  sender = await world.sender();
});

afterEach(async () => {
  await world.close();
  closeMemoryNodes();
});

test('a quoted local part is kept in its quotes, and names a folder with a space (RFC 5321 §4.1.2)', async () => {
  await world.withAccount('ann@example.org', (account) => account.commit(createMailbox('Old Mail')));
  expect(await sender.deliver(['"ann+Old Mail"@example.org'], 'Subject: x\r\n', '"john@home doe"@example.com')).toEqual(['250 2.6.0 delivered']);
  const [message] = await world.messages('ann@example.org', 'Old Mail');
  expect(message!.text).toBe('Return-Path: <"john@home doe"@example.com>\r\nDelivered-To: "ann+Old Mail"@example.org\r\nSubject: x\r\n');
});

test('a login without a domain is an address', async () => {
  await world.addUser('bob');
  expect(await sender.deliver(['bob', 'bob@anywhere.example'], 'Subject: x\r\n')).toEqual(['250 2.6.0 delivered', '250 2.6.0 delivered']);
  expect((await world.messages('bob')).map(({ text }) => text)).toEqual(['Return-Path: <sender@example.com>\r\nDelivered-To: bob\r\nSubject: x\r\n']);
});

test.each(['joe@BÜCHER.example', 'joe@XN--bcher-kva.Example', 'joe@a%0d%0ab.example'])('Return-Path says %s as its sender wrote it', async (from) => {
  await sender.deliver(['ann@example.org'], 'Subject: x\r\n', from);
  const [message] = await world.messages('ann@example.org');
  expect(Buffer.from(message!.text, 'latin1').toString('utf8')).toMatch(`Return-Path: <${from}>\r\n`);
});

test.each([
  ['octets that are no UTF-8', Buffer.from('j\xf6rg@example.org', 'latin1')],
  ['too long for a line of a message', Buffer.from(`ann+${'x'.repeat(1000)}@example.org`)],
])('%s: no address of a sender or of a recipient', async (_what, address) => {
  sender.send(Buffer.concat([Buffer.from('MAIL FROM:<'), address, Buffer.from('>\r\n')]));
  expect(await sender.reply()).toMatch(/^501 5\.1\.7 /);
  await sender.command('MAIL FROM:<>');
  sender.send(Buffer.concat([Buffer.from('RCPT TO:<'), address, Buffer.from('>\r\n')]));
  expect(await sender.reply()).toMatch(/^501 5\.1\.3 /);
  expect(await sender.command('RCPT TO:<>')).toMatch(/^501 5\.1\.3 /);
});

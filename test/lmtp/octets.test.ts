// What is stored is what was sent, octet by octet, and nothing in a message can end it early or begin another.
import * as fc from 'fast-check';
import { closeMemoryNodes } from '../support/memory-node';
import { stuffed, type LmtpClient } from './lmtp-client';
import { LmtpWorld } from './lmtp-world';

const ANN = 'ann@example.org';
const FIELDS = `Return-Path: <sender@example.com>\r\nDelivered-To: ${ANN}\r\n`;

let world: LmtpWorld;
let sender: LmtpClient;

beforeEach(async () => {
  world = new LmtpWorld({ limits: { heldBytes: 200 } });
  await world.addUser(ANN);
  sender = await world.sender();
});

afterEach(async () => {
  await world.close();
  closeMemoryNodes();
});

async function lastText(): Promise<string> {
  return (await world.messages(ANN)).at(-1)!.text;
}

/** Text, line ends of all kinds, dots and octets of all values but NUL. */
const content = fc
  .array(fc.oneof(fc.constantFrom('\r\n', '\r\n', '\r', '\n', '.', '..', '\r\n.', '\r\n..\r\n', 'text', '\xff\xfe'), fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('latin1'))), { maxLength: 60 })
  .map((parts) => `${parts.join('').replaceAll('\0', '')}\r\n`);

test('any message, in packets of any size, small or large', async () => {
  await fc.assert(
    fc.asyncProperty(content, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }), async (message, sizes) => {
      await sender.begin([ANN]);
      const wire = Buffer.concat([stuffed(Buffer.from(message, 'latin1')), Buffer.from('.\r\n')]);
      for (let at = 0, i = 0; at < wire.length; i += 1) {
        const size = sizes[i % sizes.length]!;
        await sender.sent(wire.subarray(at, at + size));
        at += size;
      }
      expect(await sender.reply()).toBe('250 2.6.0 delivered');
      expect(await lastText()).toBe(FIELDS + message);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['LF . LF', '\n.\n'],
  ['CRLF . LF', '\r\n.\n'],
  ['LF . CRLF', '\n.\r\n'],
  ['CR . CR', '\r.\r'],
  ['CR . CRLF', '\r.\r\n'],
  ['CRLF . CR', '\r\n.\r'],
  ['LF . LF . LF', '\n.\n.\n'],
  ['CRLF . control CRLF', '\r\n.\x01\r\n'],
])('%s neither ends a message nor begins another (SMTP smuggling)', async (_what, almost) => {
  const smuggled = `Subject: outer\r\n\r\nbody${almost}MAIL FROM:<evil@example.com>\r\nRCPT TO:<${ANN}>\r\nDATA\r\nSubject: inner\r\n\r\nx\r\n`;
  await sender.begin([ANN]);
  sender.send(Buffer.from(`${smuggled}.\r\n`, 'latin1'));
  expect(await sender.reply()).toBe('250 2.6.0 delivered');
  expect(await sender.command('NOOP')).toBe('250 2.0.0 OK');
  expect((await world.messages(ANN)).map(({ text }) => text)).toEqual([FIELDS + smuggled]);
});

test.each(['.\n', '.\r', '.\x01\r\n', '\n.\r\n', '\r.\r\n'])('%j at its start does not end a message', async (start) => {
  await sender.begin([ANN]);
  sender.send(Buffer.from(`${start}x\r\n.\r\n`, 'latin1'));
  expect(await sender.reply()).toBe('250 2.6.0 delivered');
  expect(await lastText()).toBe(`${FIELDS}${start}x\r\n`);
});

test('a NUL is stored as 0x80: no IMAP literal can carry it', async () => {
  expect(await sender.deliver([ANN], 'Subject: a\0b\r\n\r\n\0\0\r\n')).toEqual(['250 2.6.0 delivered']);
  expect(await lastText()).toBe(`${FIELDS}Subject: a\x80b\r\n\r\n\x80\x80\r\n`);
});

test('a message without any octet is one', async () => {
  expect(await sender.deliver([ANN], '')).toEqual(['250 2.6.0 delivered']);
  expect(await lastText()).toBe(FIELDS);
});

test.each([
  ['the null sender', '', 'Return-Path: <>'],
  ['a source route, which is left out (RFC 5321 appendix C)', '@a.example,@b.example:joe@example.com', 'Return-Path: <joe@example.com>'],
  ['a sender that no RFC allows, but people have', 'joe..x.@example.com', 'Return-Path: <joe..x.@example.com>'],
  ['a domain in Unicode, and in ASCII again', 'joe@xn--bcher-kva.example', 'Return-Path: <joe@xn--bcher-kva.example>'],
  ['a name in Unicode (RFC 6531)', 'jörg@example.com', 'Return-Path: <jörg@example.com>'],
])('Return-Path of %s', async (_what, from, field) => {
  await sender.deliver([ANN], 'Subject: x\r\n', from);
  expect(Buffer.from(await lastText(), 'latin1').toString('utf8').split('\r\n')[0]).toBe(field);
});

test.each(['joe\rX: y@example.com', 'joe\nX: y@example.com', 'joe\0@example.com', 'joe\x7f@example.com', 'joe\u0085@example.com', 'joe>\u200b@example.com', 'joe> X: y@example.com', '<joe@example.com', 'joe@a@b'])(
  'no field can be smuggled into a message by the address %j',
  async (address) => {
    sender.send(`MAIL FROM:<${address}>\r\n`);
    expect(await sender.reply()).toMatch(/^50\d |^55\d /);
    sender.send(`RSET\r\n`);
    while (!(await sender.reply()).startsWith('250 2.0.0 Flushed'));
    await sender.command('MAIL FROM:<joe@example.com>');
    sender.send(`RCPT TO:<${address}>\r\nNOOP\r\n`);
    for (let reply = ''; !reply.startsWith('250 2.0.0 OK'); reply = await sender.reply()) expect(reply).not.toMatch(/^250 2\.1\.5/);
  },
);

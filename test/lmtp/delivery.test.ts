import { closeMemoryNodes } from '../support/memory-node';
import { LmtpWorld } from './lmtp-world';

let world: LmtpWorld;

beforeEach(async () => {
  world = new LmtpWorld();
  await world.addUser('ann@example.org');
});

afterEach(async () => {
  await world.close();
  closeMemoryNodes();
});

test('a message is what was sent, with Return-Path and Delivered-To on top, unseen, dated by its arrival', async () => {
  const sender = await world.sender();
  const beforeMs = Date.now();
  expect(await sender.deliver(['Ann@Example.org'], 'Subject: hello\r\n\r\n.body\r\n', 'joe@example.com')).toEqual(['250 2.6.0 delivered']);
  const [message, ...others] = await world.messages('ann@example.org');
  expect(message).toMatchObject({
    text: 'Return-Path: <joe@example.com>\r\nDelivered-To: Ann@Example.org\r\nSubject: hello\r\n\r\n.body\r\n',
    uid: 1,
    flags: [],
  });
  expect(message!.internalDateMs).toBeGreaterThanOrEqual(beforeMs);
  expect(message!.internalDateMs).toBeLessThanOrEqual(Date.now());
  expect(others).toEqual([]);
  expect(await world.results()).toEqual({ delivered: 1 });
});

import { createServer } from 'node:net';
import { once } from 'node:events';
import { openLog } from '../../services/core/runtime/logging';
import { Metrics } from '../../services/core/runtime/metrics';
import { startLmtp } from '../../services/lmtp/server';
import { closeMemoryNodes, memoryNode } from '../support/memory-node';
import { CLOSED } from './lmtp-client';
import { LmtpWorld } from './lmtp-world';

const ANN = 'ann@example.org';

afterEach(closeMemoryNodes);

test('a port that is taken is told by a rejection', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const listening = startLmtp({ host: '127.0.0.1', port, node: memoryNode(), log: openLog('silent', 'test'), metrics: new Metrics() });
  await expect(listening).rejects.toMatchObject({ code: 'EADDRINUSE' });
  taken.close();
});

test('draining waits no longer than it may for a sender that does not come to an end', async () => {
  const world = new LmtpWorld({ limits: { drainMs: 100 } });
  await world.addUser(ANN);
  const sender = await world.sender();
  await sender.begin([ANN]);
  sender.send('Subject: x\r\n');
  const { server } = await world.node();
  await server.drain();
  expect(await sender.rest()).toEqual([expect.stringMatching(/^421 4\.3\.2 /), CLOSED]);
  expect(await world.messages(ANN)).toEqual([]);
  await world.close();
});

test('after draining nobody can connect', async () => {
  const world = new LmtpWorld();
  const { server } = await world.node();
  await server.drain();
  await expect(world.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await world.close();
});

test('the log names who got what, and nothing of what it was', async () => {
  const world = new LmtpWorld();
  await world.addUser(ANN);
  const sender = await world.sender();
  await sender.deliver([ANN, 'nobody@example.org'], 'Subject: geheim\r\n\r\ngeheim\r\n', 'joe@example.com');
  const { logged } = await world.node();
  expect(logged.map((line) => JSON.parse(line) as object)).toEqual([expect.objectContaining({ login: ANN, result: 'delivered', peer: '127.0.0.1', msg: 'delivery' })]);
  expect(logged.join('')).not.toMatch(/geheim|joe@example\.com/);
  expect(await world.results()).toEqual({ delivered: 1, refused: 1 });
  await world.close();
});

test('a damaged account is no reason to bounce mail: its sender comes again, and the log tells', async () => {
  const world = new LmtpWorld();
  await world.addUser(ANN);
  const { accountId } = await world.admin.users.find(ANN);
  const entry = world.tier.logs.get(accountId)!.entries[0]!;
  world.tier.logs.get(accountId)!.entries[0] = { ...entry, bytes: Buffer.from('nonsense') };
  const sender = await world.sender();
  expect(await sender.deliver([ANN], 'Subject: x\r\n')).toEqual([expect.stringMatching(/^451 4\.3\.0 /)]);
  const { logged } = await world.node();
  const [line] = logged.splice(0, 1);
  expect(JSON.parse(line!)).toMatchObject({ level: 50, msg: 'a message could not be delivered: this is a bug, or damage', error: { type: 'Damaged' } });
  await world.close();
});

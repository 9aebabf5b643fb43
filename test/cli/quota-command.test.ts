// `isomail user quota`, and the options that it shares with `user add`.
import { PassThrough } from 'node:stream';
import { Output } from '../../services/cli/output';
import { quotaCommand, quotaOf } from '../../services/cli/quota-command';
import { UsageError } from '../../services/options';
import type { Node } from '../../services/wiring';
import { closeMemoryNodes, memoryNode, type MemoryNode } from '../support/memory-node';

let node: MemoryNode;

beforeEach(async () => {
  node = memoryNode();
  await node.users.add('joe', 'secret', { quotaBytes: 1000 });
});

afterEach(closeMemoryNodes);

async function quota(values: Record<string, string> = {}, switches: readonly string[] = [], login = 'joe'): Promise<string> {
  const stream = new PassThrough();
  const invocation = { node: node as unknown as Node, args: [login], values: new Map(Object.entries(values)), switches: new Set(switches), out: new Output(stream) };
  expect(await quotaCommand.run(invocation)).toBe(0);
  return String(stream.read());
}

test('is shown, and what is set is shown at once; what is not named stays', async () => {
  expect(await quota()).toBe('bytes     0 of 1000\nmessages  0 of no limit\n');
  expect(await quota({ 'quota-messages': '5' })).toBe('bytes     0 of 1000\nmessages  0 of 5\n');
  expect(await quota({ quota: 'none' })).toBe('bytes     0 of no limit\nmessages  0 of 5\n');
  expect(await quota({ quota: '0', 'quota-messages': 'none' })).toBe('bytes     0 of 0\nmessages  0 of no limit\n');
});

test('as JSON', async () => {
  expect(JSON.parse(await quota({}, ['json']))).toEqual({ login: 'joe', usedBytes: 0, quotaBytes: 1000, usedMessages: 0, quotaMessages: null });
});

test('showing it, or setting what it is, writes nothing', async () => {
  const { accountId } = await node.users.find('joe');
  const positionOf = (): Promise<number> => node.users.withAccount(accountId, async ({ position }) => position);
  const before = await positionOf();
  await quota();
  await quota({ quota: '1000' });
  expect(await positionOf()).toBe(before);
});

test('of nobody is refused', async () => {
  await expect(quota({}, [], 'ann')).rejects.toMatchObject({ code: 'NONEXISTENT' });
});

test.each([
  [{}, {}],
  [{ quota: '0' }, { quotaBytes: 0 }],
  [{ quota: 'none', 'quota-messages': 'none' }, { quotaBytes: null, quotaMessages: null }],
  [{ 'quota-messages': '12' }, { quotaMessages: 12 }],
])('%j says %j', (values, said) => {
  expect(quotaOf(new Map(Object.entries(values)))).toEqual(said);
});

test.each([
  ['quota', '', 'bytes'],
  ['quota', '-1', 'bytes'],
  ['quota', '1k', 'bytes'],
  ['quota', '9007199254740992', 'bytes'],
  ['quota-messages', '1.5', 'messages'],
  ['quota-messages', 'None', 'messages'],
])('--%s %j is no number of %s', (option, text, unit) => {
  const read = (): unknown => quotaOf(new Map([[option, text]]));
  expect(read).toThrow(UsageError);
  expect(read).toThrow(`--${option}: '${text}' is no number of ${unit}`);
});

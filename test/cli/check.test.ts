import { findMailbox } from '../../services/core/account/account-state';
import { takeBody } from '../../services/core/account/body-intake';
import { addMessages } from '../../services/core/account/decide/add-messages';
import { copyMessages } from '../../services/core/account/decide/copy-messages';
import { expunge } from '../../services/core/account/decide/expunge';
import { storeFlags } from '../../services/core/account/decide/store-flags';
import { UidSet } from '../../services/core/account/uid-set';
import type { BlobStore } from '../../services/core/store/blob-store';
import { inTimeBy } from '../../services/core/runtime/in-time';
import { checkBodies, countUnnamed } from '../../services/cli/check/bodies';
import { replay } from '../../services/cli/check/replay';
import { closeMemoryNodes, memoryNode, type MemoryNode } from '../support/memory-node';

let node: MemoryNode;
let accountId: string;

beforeEach(async () => {
  node = memoryNode();
  ({ accountId } = await node.users.add('joe', 'secret'));
  for (let i = 0; i < 3; i += 1) await add(`Subject: ${i}\r\n\r\nbody ${i}\r\n`);
});

afterEach(closeMemoryNodes);

async function add(...bodies: string[]): Promise<void> {
  const incoming = await Promise.all(bodies.map((body) => takeBody(node, accountId, Buffer.from(body))));
  const messages = incoming.map((body) => ({ ...body, flags: [], internalDateMs: null }));
  await node.users.withAccount(accountId, (account) => account.commit(addMessages('INBOX', messages)));
}

async function check() {
  const replayed = await replay({ log: node.log, blobs: node.blobs, logId: accountId }, inTimeBy(node.clock));
  const bodies = await checkBodies(node.blobs, accountId, replayed.state, () => undefined);
  const unnamed = await countUnnamed(node.blobs, accountId, replayed.state, replayed.spills);
  return { position: replayed.position, messages: bodies.messages, unnamed, findings: [...replayed.findings, ...bodies.findings] };
}

/** Writes other bytes where some are, behind the store's back. */
function flip(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.with(at, bytes[at]! ^ 1);
}

function rewriteEntry(position: number, change: (bytes: Uint8Array) => Uint8Array): void {
  const { entries } = node.tier.logs.get(accountId)!;
  const i = entries.findIndex((entry) => entry.position === position);
  entries[i] = { position, bytes: change(entries[i]!.bytes) };
}

test('a whole account has no findings', async () => {
  expect(await check()).toEqual({ position: 4, messages: 3, unnamed: { blobs: 0, bytes: 0 }, findings: [] });
});

test('a flipped byte in a body is found, with folder and UID', async () => {
  const [, [key, blob]] = [...node.tier.blobs] as [unknown, [string, { bytes: Uint8Array; storedAtMs: number }]];
  node.tier.blobs.set(key, { ...blob, bytes: flip(blob.bytes, 5) });
  expect((await check()).findings).toEqual([{ kind: 'digest', where: 'INBOX UID 2', what: `blob ${key} is not what was stored` }]);
});

test('a body of another size is found', async () => {
  const [[key, blob]] = [...node.tier.blobs] as [[string, { bytes: Uint8Array; storedAtMs: number }]];
  node.tier.blobs.set(key, { ...blob, bytes: blob.bytes.subarray(1) });
  expect((await check()).findings).toMatchObject([{ kind: 'size', where: 'INBOX UID 1' }]);
});

test('a missing body is found once, although two messages name it', async () => {
  await node.users.withAccount(accountId, async (account) => {
    const inbox = findMailbox(account.state, 'INBOX')!.mailbox.id;
    await account.commit(copyMessages(inbox, UidSet.of([1]), 'Archive', 'copy'));
  });
  const [[key]] = [...node.tier.blobs] as [[string, unknown]];
  node.tier.blobs.delete(key);
  expect((await check()).findings).toMatchObject([{ kind: 'missing', where: 'INBOX UID 1' }]);
});

test('a blob store that cannot be read is a finding, not the end', async () => {
  const broken: BlobStore = {
    read: () => {
      throw new Error('disk on fire');
    },
    put: (key, body) => node.blobs.put(key, body),
    list: (prefix) => node.blobs.list(prefix),
    delete: (key) => node.blobs.delete(key),
    close: () => node.blobs.close(),
  };
  const { state } = await replay({ log: node.log, blobs: node.blobs, logId: accountId }, inTimeBy(node.clock));
  const { findings } = await checkBodies(broken, accountId, state, () => undefined);
  expect(findings.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable', 'unreadable']);
});

test('a missing entry is found, and what came before it is still checked', async () => {
  const { entries } = node.tier.logs.get(accountId)!;
  entries.splice(entries.findIndex(({ position }) => position === 3), 1);
  const { position, messages, findings } = await check();
  expect({ position, messages }).toEqual({ position: 2, messages: 1 });
  expect(findings).toMatchObject([{ kind: 'log', where: 'entry 3', what: expect.stringContaining('has no entry 3') as string }]);
});

test('a missing last entry cannot be told from one that never was: its body counts as unnamed', async () => {
  node.tier.logs.get(accountId)!.entries.pop();
  expect(await check()).toMatchObject({ findings: [], unnamed: { blobs: 1 } });
});

test('an entry that is no entry is found', async () => {
  rewriteEntry(2, () => Uint8Array.of(0xc1));
  expect((await check()).findings).toMatchObject([{ kind: 'log', where: 'entry 2' }]);
});

test('every flipped byte of an entry is found', async () => {
  const original = node.tier.logs.get(accountId)!.entries.find(({ position }) => position === 3)!.bytes;
  for (let at = 0; at < original.length; at += 1) {
    rewriteEntry(3, () => flip(original, at));
    expect((await check()).findings).toMatchObject([{ kind: 'log', where: 'entry 3' }]);
  }
});

test('wrong totals are found', async () => {
  const position = 3;
  const { entries } = node.tier.logs.get(accountId)!;
  // The same change a second time: UIDs go back.
  entries.push({ position: 5, bytes: entries.find((entry) => entry.position === position)!.bytes });
  expect((await check()).findings).toMatchObject([{ kind: 'log', where: 'entry 5' }]);
});

test('a spilled entry is checked by its digest', async () => {
  await add(...Array.from({ length: 200 }, (_, i) => `Subject: ${i}\r\n\r\n${'text '.repeat(50 + i)}\r\n`));
  expect(await check()).toMatchObject({ messages: 203, unnamed: { blobs: 0 }, findings: [] });
  const spill = [...node.tier.blobs].findLast(([, { bytes }]) => bytes.length > 16_384)!;
  node.tier.blobs.set(spill[0], { ...spill[1], bytes: flip(spill[1].bytes, 1000) });
  expect((await check()).findings).toMatchObject([{ kind: 'log', where: 'entry 5', what: expect.stringContaining('not those that were written') as string }]);
});

test('bodies of expunged messages are told, and no finding', async () => {
  await node.users.withAccount(accountId, async (account) => {
    const inbox = findMailbox(account.state, 'INBOX')!.mailbox.id;
    await account.commit(storeFlags(inbox, UidSet.of([1, 2]), { mode: 'add', flags: ['\\Deleted'] }));
    await account.commit(expunge(inbox));
  });
  expect(await check()).toMatchObject({ messages: 1, unnamed: { blobs: 2 }, findings: [] });
});

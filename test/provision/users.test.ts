import { disableAccount } from '../../services/core/account/decide/folders';
import { findMailbox } from '../../services/core/account/account-state';
import { Unavailable } from '../../services/core/runtime/errors';
import type { Directory } from '../../services/core/store/directory';
import { closeMemoryNodes, memoryNode, type MemoryNode } from '../support/memory-node';

afterEach(closeMemoryNodes);

/** Stores that stop working at the nth change that is asked of them, as seen by a process that dies there. */
function dyingNode(node: MemoryNode, changesBeforeDeath: number): MemoryNode {
  let left = changesBeforeDeath;
  const dead = (): boolean => left-- <= 0;
  return memoryNode({
    tier: node.tier,
    clock: { nowMs: () => Date.parse('2026-11-22T12:00:00Z'), monotonicMs: impatient(), after: (_delayMs, action) => soon(action) },
    log: (inner) => ({
      append: (...request) => (dead() ? refuse() : inner.append(...request)),
      movePointer: (...request) => (dead() ? refuse() : inner.movePointer(...request)),
      readTail: (...request) => (left < 0 ? refuse() : inner.readTail(...request)),
      readPointer: (...request) => inner.readPointer(...request),
      deleteEntries: (...request) => inner.deleteEntries(...request),
      close: () => inner.close(),
    }),
    directory: (inner) => ({ ...through(inner), put: (...request) => (dead() ? refuse() : inner.put(...request)) }),
  });
}

function refuse(): Promise<never> {
  return Promise.reject(new Unavailable('the process is dead'));
}

/** Each look at it is a second later, so that nothing is tried for long. */
function impatient(): () => number {
  let ms = 0;
  return () => (ms += 1_000);
}

function soon(action: () => void): () => void {
  const handle = setImmediate(() => setImmediate(() => setImmediate(action)));
  return () => clearImmediate(handle);
}

function through(inner: Directory): Directory {
  return { get: (login) => inner.get(login), put: (entry, from) => inner.put(entry, from), list: () => inner.list(), close: () => inner.close() };
}

async function stateOf(node: MemoryNode, login: string) {
  const { accountId } = await node.users.find(login);
  return node.users.withAccount(accountId, async (account) => {
    await account.refresh();
    return account.state;
  });
}

test('a user who is added can be found, in canonical form, with the first mailboxes', async () => {
  const node = memoryNode();
  await node.users.add('Joe@Example.org', 'secret', { quotaBytes: 1000, quotaMessages: 20 });
  expect(await node.users.find('JOE@example.org')).toMatchObject({ login: 'joe@example.org', disabled: false, passwordHash: 'cheap:secret', credentialVersion: 1 });
  const state = await stateOf(node, 'joe@example.org');
  expect(state).toMatchObject({ login: 'joe@example.org', quotaBytes: 1000, quotaMessages: 20 });
  expect([...state.tree.walk()].map(([name]) => name)).toEqual(['INBOX', 'Archive', 'Drafts', 'Junk', 'Sent', 'Trash']);
});

test.each([
  ['twice', ['joe', 'secret'], 'ALREADYEXISTS'],
  ['in other case', ['JOE', 'secret'], 'ALREADYEXISTS'],
  ['with a login that cannot be', ['a/b', 'secret'], 'CANNOT'],
  ['without a password', ['ann', ''], 'CANNOT'],
])('nobody is added %s', async (_name, [login, password], code) => {
  const node = memoryNode();
  await node.users.add('joe', 'first');
  await expect(node.users.add(login!, password!)).rejects.toMatchObject({ code });
  expect((await node.users.list()).map((entry) => entry.login)).toEqual(['joe']);
});

test('of two who add the same login at once, one succeeds', async () => {
  const node = memoryNode();
  const other = memoryNode({ tier: node.tier });
  const outcomes = await Promise.allSettled([node.users.add('joe', 'one'), other.users.add('joe', 'two')]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
  expect(await node.users.find('joe')).toMatchObject({ passwordHash: ['cheap:one', 'cheap:two'][winner] });
});

test.each([0, 1, 2])('an add that dies before its change %d can be given again (A1)', async (changes) => {
  const node = memoryNode();
  await expect(dyingNode(node, changes).users.add('joe', 'secret')).rejects.toBeInstanceOf(Unavailable);
  expect(await node.users.list()).toEqual([]);
  await node.users.add('joe', 'secret');
  expect((await stateOf(node, 'joe')).login).toBe('joe');
});

test.each([0, 1])('a removal that dies before its change %d can be given again (A2)', async (changes) => {
  const node = memoryNode();
  await node.users.add('joe', 'secret');
  await expect(dyingNode(node, changes).users.remove('joe')).rejects.toBeInstanceOf(Unavailable);
  await node.users.remove('joe');
  expect(await node.users.list()).toEqual([]);
  await expect(node.users.find('joe')).rejects.toMatchObject({ code: 'NONEXISTENT' });
});

test.each([0, 1])('a disabling that dies before its change %d can be given again', async (changes) => {
  const node = memoryNode();
  await node.users.add('joe', 'secret');
  await expect(dyingNode(node, changes).users.disable('joe')).rejects.toBeInstanceOf(Unavailable);
  await node.users.disable('joe');
  expect((await node.users.find('joe')).disabled).toBe(true);
  expect((await stateOf(node, 'joe')).disabled).toBe(true);
});

test('an account that is disabled says so in its log, and one that is enabled again too', async () => {
  const node = memoryNode();
  await node.users.add('joe', 'secret');
  await node.users.disable('joe');
  expect([(await node.users.find('joe')).disabled, (await stateOf(node, 'joe')).disabled]).toEqual([true, true]);
  await node.users.enable('joe');
  expect([(await node.users.find('joe')).disabled, (await stateOf(node, 'joe')).disabled]).toEqual([false, false]);
});

test('a login that is added again gets another account, with a higher UIDVALIDITY than any it ever had (N4)', async () => {
  const node = memoryNode();
  await node.users.add('joe', 'secret');
  const before = await stateOf(node, 'joe');
  const { accountId, credentialVersion } = await node.users.find('joe');
  await node.users.remove('joe');
  const entry = await node.users.add('joe', 'secret');
  expect(entry.accountId).not.toBe(accountId);
  expect(entry.credentialVersion).toBeGreaterThan(credentialVersion);
  expect(findMailbox(await stateOf(node, 'joe'), 'INBOX')!.mailbox.uidValidity).toBeGreaterThan(before.highestUidValidity);
});

test('nothing can be changed in an account that was removed', async () => {
  const node = memoryNode();
  const { accountId } = await node.users.add('joe', 'secret');
  await node.users.remove('joe');
  await node.users.withAccount(accountId, async (account) => {
    await expect(account.commit(disableAccount(true))).rejects.toMatchObject({ code: 'AUTHORIZATIONFAILED' });
  });
});

test('a new password raises the version of the credential', async () => {
  const node = memoryNode();
  await node.users.add('joe', 'secret');
  await node.users.setPassword('joe', 'better');
  expect(await node.users.find('joe')).toMatchObject({ passwordHash: 'cheap:better', credentialVersion: 2 });
});

test('two changes at once are both made', async () => {
  const node = memoryNode();
  await node.users.add('joe', 'secret');
  await Promise.all([node.users.setPassword('joe', 'better'), node.users.disable('joe')]);
  expect(await node.users.find('joe')).toMatchObject({ passwordHash: 'cheap:better', disabled: true });
});

test('a put whose answer is lost is read back, not taken for somebody else\'s', async () => {
  const lost = { answers: 1 };
  const node = memoryNode({
    directory: (inner) => ({
      ...through(inner),
      put: async (entry, from) => {
        const answer = await inner.put(entry, from);
        if (lost.answers-- > 0) throw new Unavailable('the answer was lost');
        return answer;
      },
    }),
  });
  await node.users.add('joe', 'secret');
  expect((await node.users.find('joe')).version).toBe(1);
  lost.answers = 1;
  await node.users.setPassword('joe', 'better');
  expect(await node.users.find('joe')).toMatchObject({ credentialVersion: 2, version: 2 });
});

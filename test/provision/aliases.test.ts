import { SignIn } from '../../services/core/auth/sign-in';
import { Unavailable } from '../../services/core/runtime/errors';
import { Aliases } from '../../services/provision/aliases';
import { cheapHasher, closeMemoryNodes, memoryNode, type MemoryNode } from '../support/memory-node';

let node: MemoryNode;
let aliases: Aliases;

beforeEach(async () => {
  node = memoryNode();
  aliases = new Aliases(node);
  await node.users.add('ann@example.org', 'secret');
  await node.users.add('bob', 'secret');
});

afterEach(closeMemoryNodes);

const namesOf = async () => (await aliases.list()).map(({ address, login, leadsSomewhere }) => `${address} → ${login}${leadsSomewhere ? '' : '?'}`);

test('an alias leads to its login, both in canonical form, and is listed', async () => {
  expect(await aliases.add('Sales@Example.org', 'ANN@example.org')).toEqual({ address: 'sales@example.org', login: 'ann@example.org', leadsSomewhere: true });
  await aliases.add('postmaster', 'bob');
  expect(await namesOf()).toEqual(['postmaster → bob', 'sales@example.org → ann@example.org']);
  await aliases.remove('SALES@example.org');
  expect(await namesOf()).toEqual(['postmaster → bob']);
});

test('an alias is no user: it is not listed among them, cannot be changed as one, and nobody signs in by it', async () => {
  await aliases.add('sales', 'bob');
  expect((await node.users.list()).map(({ login }) => login)).toEqual(['ann@example.org', 'bob']);
  await expect(node.users.find('sales')).rejects.toMatchObject({ code: 'NONEXISTENT', message: 'there is no user sales: it is an alias of bob' });
  await expect(node.users.setPassword('sales', 'x')).rejects.toMatchObject({ code: 'NONEXISTENT' });
  await expect(node.users.remove('sales')).rejects.toMatchObject({ code: 'NONEXISTENT' });
  const signIn = new SignIn(node.directory, node.clock, node.random, cheapHasher);
  for (const password of ['secret', '']) await expect(signIn.signIn('sales', password, '192.0.2.1')).rejects.toMatchObject({ code: 'AUTHENTICATIONFAILED' });
});

test.each([
  ['of a user', ['bob', 'ann@example.org'], 'ALREADYEXISTS', 'bob is a user'],
  ['that leads to somebody else', ['sales', 'bob'], 'ALREADYEXISTS', 'sales is an alias of ann@example.org: remove it first'],
  ['to nobody', ['info', 'nobody'], 'NONEXISTENT', 'there is no user nobody'],
  ['to an alias', ['info', 'sales'], 'CANNOT', 'sales is itself an alias of ann@example.org: name that'],
  ['to itself', ['info', 'info'], 'NONEXISTENT', 'there is no user info'],
  ['that no login could be', ['a/b', 'bob'], 'CANNOT', expect.stringContaining('a login has 1 to 255 octets')],
])('no alias is made %s', async (_what, [address, login], code, message) => {
  await aliases.add('sales', 'ann@example.org');
  await expect(aliases.add(address!, login!)).rejects.toMatchObject({ code, message });
  expect(await namesOf()).toEqual(['sales → ann@example.org']);
});

test('no user is made with the name of an alias', async () => {
  await aliases.add('sales', 'bob');
  await expect(node.users.add('Sales', 'x')).rejects.toMatchObject({ code: 'ALREADYEXISTS', message: 'sales is an alias of bob: remove it first' });
  await aliases.remove('sales');
  await node.users.add('sales', 'x');
  expect((await node.users.find('sales')).aliasOf).toBeNull();
});

test('an alias that is added again is there, once', async () => {
  await aliases.add('sales', 'bob');
  const { version } = (await node.directory.get('sales'))!;
  await aliases.add('sales', 'bob');
  expect((await node.directory.get('sales'))!.version).toBe(version);
});

test('what is no alias cannot be removed as one', async () => {
  for (const name of ['nobody', 'bob']) await expect(aliases.remove(name)).rejects.toMatchObject({ code: 'NONEXISTENT' });
  await aliases.add('sales', 'bob');
  await aliases.remove('sales');
  await expect(aliases.remove('sales')).rejects.toMatchObject({ code: 'NONEXISTENT' });
});

test('an alias stays when its user goes, leads nowhere, and leads to whoever has the login next', async () => {
  await aliases.add('sales', 'bob');
  await node.users.remove('bob');
  expect(await namesOf()).toEqual(['sales → bob?']);
  await node.users.add('bob', 'secret');
  expect(await namesOf()).toEqual(['sales → bob']);
});

test('a login that was a user, an alias and a user again never gets a UIDVALIDITY twice (N4)', async () => {
  const uidValidities = async () => {
    const { accountId } = await node.users.find('bob');
    return node.users.withAccount(accountId, async ({ state }) => state.mailboxes.flatMap((mailbox) => (mailbox ? [mailbox.uidValidity] : [])));
  };
  const before = await uidValidities();
  const { credentialVersion } = await node.users.find('bob');
  await node.users.remove('bob');
  await aliases.add('bob', 'ann@example.org');
  await aliases.remove('bob');
  await node.users.add('bob', 'secret');
  expect(Math.min(...(await uidValidities()))).toBeGreaterThan(Math.max(...before));
  expect((await node.users.find('bob')).credentialVersion).toBeGreaterThan(credentialVersion);
});

test('of an alias and a user made at once with one name, one is there', async () => {
  const outcomes = await Promise.allSettled([aliases.add('info', 'bob'), memoryNode({ tier: node.tier }).users.add('info', 'secret')]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const entry = (await node.directory.get('info'))!;
  expect([entry.removed, entry.aliasOf]).toEqual(outcomes[0].status === 'fulfilled' ? [true, 'bob'] : [false, null]);
});

test('an alias whose answer is lost is there, and told so', async () => {
  let lost = 1;
  const lossy = memoryNode({
    tier: node.tier,
    directory: (inner) => ({
      get: (login) => inner.get(login),
      list: () => inner.list(),
      close: () => inner.close(),
      put: async (entry, from) => {
        const answer = await inner.put(entry, from);
        if (lost-- > 0) throw new Unavailable('the answer was lost');
        return answer;
      },
    }),
  });
  await new Aliases(lossy).add('sales', 'bob');
  expect((await node.directory.get('sales'))!).toMatchObject({ aliasOf: 'bob', version: 1 });
});

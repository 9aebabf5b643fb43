import { Account } from '../../../services/core/account/account';
import { findMailbox } from '../../../services/core/account/account-state';
import { addMessages } from '../../../services/core/account/decide/add-messages';
import { deleteMailbox } from '../../../services/core/account/decide/folders';
import { storeFlags } from '../../../services/core/account/decide/store-flags';
import { UidSet } from '../../../services/core/account/uid-set';
import { Refusal, Unavailable } from '../../../services/core/runtime/errors';
import { limits } from '../../../services/core/runtime/limits';
import { fails } from '../log/scripted-log';
import { AccountWorld, ID } from './account-world';
import { incoming } from './ledger';

let world: AccountWorld;
beforeEach(async () => {
  world = await AccountWorld.open();
});

const deliver = (account: Account, mailbox = 'INBOX') => world.clock.until(account.commit(addMessages(mailbox, [incoming()])));
const inbox = (account: Account) => findMailbox(account.state, 'INBOX')!.mailbox;

test('what one process commits another reads, rung by the doorbell', async () => {
  const [one, two] = [await world.load(), await world.load()];
  let moves = 0;
  const end = two.account.onMove(() => (moves += 1));
  await deliver(one.account);
  await world.clock.advance(0);
  expect([inbox(two.account).exists, two.account.position, moves]).toEqual([1, 2, 1]);
  end();
});

test('a ring for what is known already reads nothing; one that says nothing reads (R6)', async () => {
  const { account, ports } = await world.load();
  ports.doorbell.ring(ID, account.position);
  await world.clock.advance(0);
  expect(ports.log.calls).toEqual([]);
  ports.doorbell.ring(ID, 0);
  await world.clock.advance(0);
  expect(ports.log.calls).toEqual(['tail 1']);
});

test('two processes that commit at once both get what they decided, on UIDs of their own', async () => {
  const [one, two] = [await world.load(), await world.load()];
  const added = await world.clock.until(
    Promise.all([one, two, one, two].map(({ account }) => account.commit(addMessages('INBOX', [incoming(), incoming()])))),
  );
  expect(added.flatMap((each) => each!.uids).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const modSeqs = new Set([1, 3, 5, 7].map((uid) => inbox(one.account).get(uid)?.modSeq));
  expect(modSeqs.size).toBe(4);
});

test('a delivery into a mailbox that another process is just deleting is refused, or was there before', async () => {
  const [one, two] = [await world.load(), await world.load()];
  await two.ports.doorbell.close();
  await world.clock.until(one.account.commit(deleteMailbox('Archive')));
  const refused = deliver(two.account, 'Archive');
  await expect(refused).rejects.toThrow(Refusal);
  await expect(refused).rejects.toMatchObject({ code: 'TRYCREATE' });
});

test('of two processes that set the same flag one writes', async () => {
  const [one, two] = [await world.load(), await world.load()];
  await deliver(one.account);
  await world.clock.advance(0);
  const { id } = inbox(one.account);
  const set = storeFlags(id, UidSet.of([1]), { mode: 'add', flags: ['\\Seen'] });
  await world.clock.until(Promise.all([one.account.commit(set), two.account.commit(set)]));
  expect(world.tier.logs.get(ID)!.entries).toHaveLength(3);
});

test.each([
  ['while rings can be trusted', true, limits.pollHeardMs],
  ['while they cannot', false, limits.pollUnheardMs],
])('a quiet account is read now and then, %s', async (_what, isHealthy, everyMs) => {
  const ports = world.ports();
  ports.bellHealth.isHealthy = isHealthy;
  const account = await world.clock.until(Account.load(ID, ports));
  ports.log.calls.length = 0;
  await world.clock.advance(3 * everyMs + 1);
  expect(ports.log.calls).toHaveLength(3);
  account.close();
  await world.clock.advance(3 * everyMs);
  expect(ports.log.calls).toHaveLength(3);
});

test('a read in the background that fails is told, and the next one is tried', async () => {
  const { account, ports } = await world.load();
  ports.log.tails.push(fails);
  await world.clock.advance(2 * limits.pollHeardMs + 1);
  expect(ports.failures).toEqual([expect.any(Unavailable)]);
  expect(ports.log.calls).toHaveLength(2);
  account.close();
});

test('without a doorbell, what is a second old is read again; with one, nothing is (R7)', async () => {
  const { account, ports } = await world.load();
  await world.clock.advance(limits.unheardAgeMaxMs + 1);
  await world.clock.until(account.refreshIfUnheard());
  expect(ports.log.calls).toEqual([]);
  ports.bellHealth.isHealthy = false;
  await world.clock.until(account.refreshIfUnheard());
  await world.clock.until(account.refreshIfUnheard());
  expect(ports.log.calls).toEqual(['tail 1']);
  account.close();
});

test('an account that has no log cannot be loaded, and leaves nothing behind', async () => {
  const ports = world.ports();
  await expect(world.clock.until(Account.load('nobody', ports))).rejects.toThrow(Unavailable);
  ports.doorbell.ring('nobody', 0);
  await world.clock.advance(limits.pollHeardMs + 1);
  expect(ports.log.calls).toEqual(['tail 0']);
});

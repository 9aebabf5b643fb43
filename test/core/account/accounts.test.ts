import { Accounts } from '../../../services/core/account/accounts';
import { encodePointer, firstPointer } from '../../../services/core/log/pointer';
import { Unavailable } from '../../../services/core/runtime/errors';
import { limits } from '../../../services/core/runtime/limits';
import { fails } from '../log/scripted-log';
import { AccountWorld, ID, type TestPorts } from './account-world';

let world: AccountWorld;
let ports: TestPorts;
let accounts: Accounts;
beforeEach(async () => {
  world = await AccountWorld.open();
  ports = world.ports();
  accounts = new Accounts(ports);
});

const open = (id = ID) => world.clock.until(accounts.open(id));

test('sessions that open an account at once share one load', async () => {
  const leases = await world.clock.until(Promise.all([accounts.open(ID), accounts.open(ID), accounts.open(ID)]));
  expect(ports.log.calls).toEqual(['tail 0']);
  expect(new Set(leases.map(({ account }) => account)).size).toBe(1);
});

test('an account stays in memory after its last session, and goes on being read', async () => {
  const first = await open();
  first.release();
  ports.log.calls.length = 0;
  await world.clock.advance(limits.pollHeardMs + 1);
  expect(ports.log.calls).toEqual(['tail 1']);
  expect((await open()).account).toBe(first.account);
  expect(ports.log.calls).toEqual(['tail 1']);
});

test('a lease that is released twice counts once', async () => {
  const [one, two] = [await open(), await open()];
  one.release();
  one.release();
  await fill();
  ports.log.calls.length = 0;
  expect((await open()).account).toBe(two.account);
  expect(ports.log.calls).toEqual([]);
});

test('accounts in use stay, however many are idle; of the idle the oldest goes, and is read no more', async () => {
  const used = await open();
  const idle = await open(await make('first'));
  idle.release();
  await fill();
  ports.log.calls.length = 0;
  expect((await open()).account).toBe(used.account);
  expect((await open('first')).account).not.toBe(idle.account);
  expect(ports.log.calls).toEqual(['tail 0']);
});

test('a load that failed is told to all who waited, and tried again by the next', async () => {
  ports.log.tails.push(fails);
  const outcomes = await world.clock.until(Promise.allSettled([accounts.open(ID), accounts.open(ID)]));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(outcomes[0]).toMatchObject({ reason: expect.any(Unavailable) as unknown });
  const { account } = await open();
  expect(account.state.login).toBe('ann');
  expect(ports.log.calls).toEqual(['tail 0', 'tail 0']);
});

test('closing ends all reading, of what is in use, idle or being loaded', async () => {
  (await open(await make('idle'))).release();
  await open();
  const loading = accounts.open(await make('loading'));
  accounts.close();
  await world.clock.until(loading);
  ports.log.calls.length = 0;
  await world.clock.advance(3 * limits.pollHeardMs);
  expect(ports.log.calls).toEqual([]);
});

async function make(id: string): Promise<string> {
  await ports.log.movePointer(id, 0, encodePointer(firstPointer));
  return id;
}

/** Opens and leaves as many other accounts as may be idle. */
async function fill(): Promise<void> {
  for (let n = 0; n < limits.idleAccounts; n += 1) (await open(await make(`idle${n}`))).release();
}

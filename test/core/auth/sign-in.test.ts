import { DECOY_HASH, argon2id, type PasswordHasher } from '../../../services/core/auth/passwords';
import { SignIn, type SignInResult } from '../../../services/core/auth/sign-in';
import { Unavailable } from '../../../services/core/runtime/errors';
import { systemRandom } from '../../../services/core/runtime/random';
import type { DirectoryEntry } from '../../../services/core/store/directory';
import { countingDirectory, RequestCounts } from '../../../services/core/store/memory/counting';
import { MemoryDirectory } from '../../../services/core/store/memory/memory-directory';
import { MemoryTier } from '../../../services/core/store/memory/memory-tier';
import { ManualClock } from '../log/manual-clock';

const HOME = '192.0.2.7';

class World {
  readonly clock = new ManualClock();
  readonly counts = new RequestCounts();
  readonly results: SignInResult[] = [];
  verifications: string[] = [];
  isDirectoryDown = false;
  private readonly inner = new MemoryDirectory(new MemoryTier());
  private readonly hasher: PasswordHasher = {
    hash: async (password) => `cheap:${password}`,
    verify: async (phc, password) => {
      this.verifications.push(phc);
      return phc === `cheap:${password}`;
    },
  };
  readonly signIn: SignIn;

  constructor() {
    const counted = countingDirectory(this.inner, this.counts);
    const get = (login: string) => (this.isDirectoryDown ? Promise.reject(new Unavailable('down')) : counted.get(login));
    this.signIn = new SignIn({ ...counted, get }, this.clock, systemRandom, this.hasher, (result) => this.results.push(result));
  }

  async put(change: Partial<DirectoryEntry> & { readonly login: string }): Promise<void> {
    const known = await this.inner.get(change.login);
    const { version, ...entry } = known ?? { version: 0, ...fresh };
    await this.inner.put({ ...entry, ...change }, version);
  }

  /** Lets waiting be over at once. */
  try(login: string, password: string, address = HOME) {
    return this.clock.until(this.signIn.signIn(login, password, address));
  }
}

const fresh: DirectoryEntry = {
  login: '', accountId: 'a1', passwordHash: 'cheap:right', credentialVersion: 1, disabled: false, removed: false, highestUidValidity: 0, aliasOf: null,
};

const failed = { code: 'AUTHENTICATIONFAILED', message: 'the login or the password is wrong' };

async function worldOf(...entries: (Partial<DirectoryEntry> & { readonly login: string })[]): Promise<World> {
  const world = new World();
  for (const entry of entries) await world.put(entry);
  return world;
}

test('the right password signs in, whatever the case of the login', async () => {
  const world = await worldOf({ login: 'joe@example.org' });
  expect(await world.try('JOE@Example.ORG', 'right')).toEqual({ login: 'joe@example.org', accountId: 'a1' });
});

test('login and password are compared as RFC 4013 prepares them', async () => {
  const world = await worldOf({ login: 'ix', passwordHash: 'cheap:Ⅸ'.normalize('NFKC') });
  expect((await world.try('I\u00adX', 'Ⅸ')).login).toBe('ix');
});

test.each([
  ['an unknown login', 'nobody', 'right', {}],
  ['a wrong password', 'joe', 'wrong', {}],
  ['a disabled account', 'joe', 'right', { disabled: true }],
  ['a removed account', 'joe', 'right', { removed: true, passwordHash: null }],
  ['an account without a password', 'joe', 'right', { passwordHash: null }],
  ['a login that nobody can have', 'j*e', 'right', {}],
  ['a password that nobody can have', 'joe', 'right\u0007', {}],
  ['a login far too long', 'x'.repeat(100_000), 'right', {}],
  ['a password far too long', 'joe', 'x'.repeat(100_000), {}],
  ['no password', 'joe', '', {}],
])('%s fails with the same text after one hash verification', async (_name, login, password, change) => {
  const world = await worldOf({ login: 'joe', ...change });
  await expect(world.try(login, password)).rejects.toMatchObject(failed);
  expect(world.verifications).toHaveLength(1);
});

/** Algorithm, version and parameters of a PHC string. */
function costs(phc: string): string[] {
  return phc.split('$').slice(0, 4);
}

test('the decoy costs what a password costs', async () => {
  expect(costs(DECOY_HASH)).toEqual(costs(await argon2id.hash('x')));
  expect(costs(DECOY_HASH)).toEqual(['', 'argon2id', 'v=19', 'm=19456,t=2,p=1']);
  expect(await argon2id.verify(DECOY_HASH, 'x')).toBe(false);
});

test('argon2id finds its own hashes right and others damaged', async () => {
  const phc = await argon2id.hash('a password');
  expect(await argon2id.verify(phc, 'a password')).toBe(true);
  expect(await argon2id.verify(phc, 'another')).toBe(false);
  await expect(argon2id.verify('no hash', 'x')).rejects.toMatchObject({ name: 'Damaged' });
});

test('a password verified a moment ago is not hashed again, but the directory is asked', async () => {
  const world = await worldOf({ login: 'joe' });
  for (let i = 0; i < 5; i += 1) await world.try('joe', 'right');
  expect(world.verifications).toHaveLength(1);
  expect(world.counts.of('directory.get').requests).toBe(5);
});

test('a remembered password does not let a wrong one in', async () => {
  const world = await worldOf({ login: 'joe' });
  await world.try('joe', 'right');
  await expect(world.try('joe', 'wrong')).rejects.toMatchObject(failed);
  expect(world.verifications).toHaveLength(2);
});

test('a password is remembered for five minutes', async () => {
  const world = await worldOf({ login: 'joe' });
  await world.try('joe', 'right');
  await world.clock.advance(5 * 60_000);
  await world.try('joe', 'right');
  expect(world.verifications).toHaveLength(2);
});

test.each([
  ['changed password', { passwordHash: 'cheap:new', credentialVersion: 2 }],
  ['disabling', { disabled: true }],
  ['removal', { removed: true, passwordHash: null }],
])('a %s acts at once, although the password was remembered', async (_name, change) => {
  const world = await worldOf({ login: 'joe' });
  await world.try('joe', 'right');
  await world.put({ login: 'joe', ...change });
  await expect(world.try('joe', 'right')).rejects.toMatchObject(failed);
});

test('after many failures the next attempt waits, and success forgives them', async () => {
  const world = await worldOf({ login: 'joe' });
  for (let i = 0; i < 8; i += 1) await expect(world.try('joe', 'wrong')).rejects.toMatchObject(failed);
  const beforeMs = world.clock.monotonicMs();
  await world.try('joe', 'right');
  expect(world.clock.monotonicMs() - beforeMs).toBe(1_000);
  await world.try('joe', 'right');
  expect(world.clock.monotonicMs() - beforeMs).toBe(1_000);
});

test('many guesses at once are no faster than one after the other', async () => {
  const world = await worldOf({ login: 'joe' });
  const outcomes = Promise.allSettled(Array.from({ length: 100 }, (_, i) => world.signIn.signIn('joe', `guess ${i}`, HOME)));
  await world.clock.until(outcomes);
  expect(world.verifications.length).toBeLessThanOrEqual(15);
  const codes = (await outcomes).map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as { code: string }).code : 'in'));
  expect(new Set(codes)).toEqual(new Set(['AUTHENTICATIONFAILED', 'LIMIT']));
  expect(world.results.filter((result) => result === 'slowed').length).toBeGreaterThan(80);
});

test('who has the right password is let in however many come at once', async () => {
  const world = await worldOf({ login: 'joe' });
  await world.clock.until(Promise.all(Array.from({ length: 200 }, () => world.signIn.signIn('joe', 'right', HOME))));
  expect(world.clock.monotonicMs()).toBe(new ManualClock().monotonicMs());
  expect(world.verifications.length).toBeLessThanOrEqual(8);
});

test('a wrong password in between takes a free attempt away, and the right one behind it gives it back', async () => {
  const world = await worldOf({ login: 'joe' });
  for (let round = 0; round < 5; round += 1) {
    for (let i = 0; i < 7; i += 1) await expect(world.try('joe', 'wrong')).rejects.toMatchObject(failed);
    await world.try('joe', 'right');
  }
  expect(world.clock.monotonicMs()).toBe(new ManualClock().monotonicMs());
});

test('guesses from one network do not slow down the owner in another', async () => {
  const world = await worldOf({ login: 'joe' });
  await world.clock.until(Promise.allSettled(Array.from({ length: 50 }, () => world.signIn.signIn('joe', 'guess', '198.51.100.1'))));
  const beforeMs = world.clock.monotonicMs();
  await world.try('joe', 'right', HOME);
  expect(world.clock.monotonicMs()).toBe(beforeMs);
});

test('a change of address within the network gains nothing', async () => {
  const world = await worldOf({ login: 'joe' });
  for (let i = 0; i < 8; i += 1) await expect(world.try('joe', 'wrong', `2001:db8:0:ff00::${i}`)).rejects.toMatchObject(failed);
  const beforeMs = world.clock.monotonicMs();
  await expect(world.try('joe', 'wrong', '2001:db8:0:ff42::1')).rejects.toMatchObject(failed);
  expect(world.clock.monotonicMs()).toBeGreaterThan(beforeMs);
});

test('a directory that does not answer is Unavailable, and the attempt does not count', async () => {
  const world = await worldOf({ login: 'joe' });
  world.isDirectoryDown = true;
  for (let i = 0; i < 20; i += 1) await expect(world.try('joe', 'right')).rejects.toBeInstanceOf(Unavailable);
  world.isDirectoryDown = false;
  const beforeMs = world.clock.monotonicMs();
  await world.try('joe', 'right');
  expect(world.clock.monotonicMs()).toBe(beforeMs);
  expect(world.results.at(-1)).toBe('ok');
});

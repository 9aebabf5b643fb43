import * as fc from 'fast-check';
import { canonicalLogin, canonicalPassword } from '../../../services/core/auth/login-names';
import { networkPrefix } from '../../../services/core/auth/network-prefix';
import { decodePlain } from '../../../services/core/auth/plain';
import { Turnstile } from '../../../services/core/runtime/turnstile';
import { BadCommand, Refusal, Unavailable } from '../../../services/core/runtime/errors';

test.each([
  ['Joe@Example.ORG', 'joe@example.org'],
  ['I\u00adX', 'ix'],
  ['ª', 'a'],
  ['jürgen', 'jürgen'],
  ['', null],
  ['a/b', null],
  ['a*', null],
  ['a%', null],
  ['a\\b', null],
  ['a\u0000', null],
  ['a\u0085b', null],
  [' joe', null],
  ['\ud800', null],
  ['x'.repeat(255), 'x'.repeat(255)],
  ['x'.repeat(256), null],
  ['ü'.repeat(128), null],
])('the login %j is stored as %j', (login, canonical) => {
  expect(canonicalLogin(login)).toBe(canonical);
});

test('a canonical login is canonical', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (login) => {
      const canonical = canonicalLogin(login);
      if (canonical !== null) expect(canonicalLogin(canonical)).toBe(canonical);
    }),
  );
});

test('a password keeps its case and its spaces', () => {
  expect(canonicalPassword(' Correct Horse ')).toBe(' Correct Horse ');
  expect(canonicalPassword('a\nb')).toBeNull();
  expect(canonicalPassword('')).toBeNull();
});

test.each([
  ['192.0.2.77', '192.0.2.0/24'],
  ['::ffff:192.0.2.77', '192.0.2.0/24'],
  ['2001:db8:1:2345::1', '2001:db8:1:2300::/56'],
  ['2001:db8:1:23ff:1:2:3:4', '2001:db8:1:2300::/56'],
  ['2001:DB8::', '2001:db8:0:0::/56'],
  ['fe80::1%eth0', 'fe80:0:0:0::/56'],
  ['::1', '0:0:0:0::/56'],
  ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/56'],
  ['', ''],
])('%s belongs to %s', (address, prefix) => {
  expect(networkPrefix(address)).toBe(prefix);
});

test('addresses that differ within a /56 only have one prefix', () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const written = groups.map((number) => number.toString(16)).join(':');
      const other = [...groups.slice(0, 3), groups[3]! ^ 0x00ff, ...groups.slice(4).map((number) => number ^ 0xffff)].map((number) => number.toString(16)).join(':');
      expect(networkPrefix(written)).toBe(networkPrefix(other));
    }),
  );
});

test.each([
  ['\0joe\0secret', { login: 'joe', password: 'secret' }],
  ['joe\0joe\0secret', { login: 'joe', password: 'secret' }],
  ['JOE\0joe\0secret', { login: 'joe', password: 'secret' }],
  ['\0jürgen\0gehéim', { login: 'jürgen', password: 'gehéim' }],
])('PLAIN %j', (message, expected) => {
  expect(decodePlain(Buffer.from(message))).toEqual(expected);
});

test.each([[''], ['joe'], ['\0joe'], ['\0joe\0'], ['\0\0secret'], ['\0joe\0secret\0'], ['joe secret']])('PLAIN %j is a bad command', (message) => {
  expect(() => decodePlain(Buffer.from(message))).toThrow(BadCommand);
});

test('PLAIN that is not UTF-8 is a bad command', () => {
  expect(() => decodePlain(Buffer.from([0, 0xff, 0, 0x61]))).toThrow(BadCommand);
});

test('nobody may act as somebody else', () => {
  expect(() => decodePlain(Buffer.from('ann\0joe\0secret'))).toThrow(expect.objectContaining({ code: 'AUTHORIZATIONFAILED' }) as Refusal);
});

test('a turnstile lets so many in at once, makes some wait and sends the rest away', async () => {
  const turnstile = new Turnstile(2, 3, 'too many');
  const leave: (() => void)[] = [];
  let inside = 0;
  const visit = () =>
    turnstile.pass(async () => {
      inside += 1;
      await new Promise<void>((resolve) => leave.push(resolve));
      inside -= 1;
      return 'done';
    });
  const visits = Array.from({ length: 5 }, visit);
  await expect(visit()).rejects.toBeInstanceOf(Unavailable);
  expect(inside).toBe(2);
  for (let left = 0; left < 5; left += 1) {
    leave[left]!();
    await visits[left];
    expect(inside).toBeLessThanOrEqual(2);
  }
  expect(await Promise.all(visits)).toEqual(Array.from({ length: 5 }, () => 'done'));
  const again = turnstile.pass(async () => 'room again');
  expect(await again).toBe('room again');
});

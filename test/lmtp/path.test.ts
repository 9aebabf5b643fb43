import * as fc from 'fast-check';
import { readPathCommand, splitAddress } from '../../services/lmtp/path';

const read = (line: string) => readPathCommand(Buffer.from(line, 'utf8'));
/** As long as may be. */
const LONG = `${'x'.repeat(983 - '@example.com'.length)}@example.com`;

test.each([
  ['MAIL FROM:<>', '', ''],
  ['MAIL FROM:<joe@example.com>', 'joe@example.com', ''],
  ['mail from: <joe@example.com>  SIZE=1  SMTPUTF8', 'joe@example.com', 'SIZE=1  SMTPUTF8'],
  ['RCPT TO:<"john doe"@example.com>', '"john doe"@example.com', ''],
  ['RCPT TO:<"a@b"@example.com> X=1', '"a@b"@example.com', 'X=1'],
  ['RCPT TO:<"a> X=<b\\"c\\\\"@example.com>', '"a> X=<b\\"c\\\\"@example.com', ''],
  ['MAIL FROM:<@a.example,@b.example:joe@example.com>', 'joe@example.com', ''],
  ['MAIL FROM:<@a.example:"joe x"@example.com>', '"joe x"@example.com', ''],
  ['MAIL FROM:<joe@[IPv6:::1]>', 'joe@[IPv6:::1]', ''],
  ['MAIL FROM:<a:b@example.com>', 'a:b@example.com', ''],
  ['MAIL FROM:<joe..x.@example.com>', 'joe..x.@example.com', ''],
  ['MAIL FROM:<jörg@bücher.example>', 'jörg@bücher.example', ''],
  ['MAIL FROM:<joe@XN--BCHER-KVA.Example>', 'joe@XN--BCHER-KVA.Example', ''],
  ['RCPT TO:<postmaster>', 'postmaster', ''],
  [`RCPT TO:<${LONG}>`, LONG, ''],
])('%j has the address %j and the parameters %j', (line, address, parameters) => {
  expect(read(line)).toEqual({ verb: line.slice(0, line.indexOf(':')), address, parameters });
});

test.each([
  'MAIL FROM', 'MAIL FROM:', 'MAIL FROM:joe@example.com', 'MAIL FROM:<joe@example.com', 'MAIL FROM:<joe@example.com>X=1', 'MAIL FROM:<joe@a@b>', 'MAIL FROM:<@example.com>', 'MAIL FROM:<@a.example:>',
  'MAIL FROM:<joe@>', 'MAIL FROM:<joe doe@example.com>', 'MAIL FROM:< joe@example.com >', 'MAIL FROM:<<joe@example.com>>', 'MAIL FROM:<"joe@example.com>', 'MAIL FROM:<"joe\\"@example.com>', 'MAIL FROM:<""@example.com>',
  'MAIL FROM:<joe\r@example.com>', 'MAIL FROM:<"joe\r\nX: y"@example.com>', 'MAIL FROM:<"joe\\\n"@example.com>', 'MAIL FROM:<joe\0@example.com>', 'MAIL FROM:<joe\u0085@example.com>', 'MAIL FROM:<joe\u00a0@example.com>',
  `MAIL FROM:<x${LONG}>`,
])('%j carries no path', (line) => {
  expect(read(line)).toBeNull();
});

test('an address in no charset is none: it would be kept as another one', () => {
  expect(readPathCommand(Buffer.from('MAIL FROM:<j\xf6rg@example.com>', 'latin1'))).toBeNull();
});

test('whatever is said, an address may stand in a field of a message', () => {
  const piece = fc.oneof(fc.constantFrom('<', '>', '"', '\\', '@', ':', ',', ' ', '\r', '\n', '\0', 'joe', 'ü', 'example.com'), fc.string({ unit: 'binary', maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const command = read(`MAIL FROM:<${pieces.join('')}>`);
      if (command === null) return;
      expect(command.address).not.toMatch(/\p{Cc}/u);
      expect(Buffer.byteLength(`Return-Path: <${command.address}>`)).toBeLessThanOrEqual(998);
      if (command.address !== '') expect(splitAddress(command.address)).not.toBeNull();
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['joe@example.com', 'joe', 'example.com'],
  ['"joe"@example.com', 'joe', 'example.com'],
  ['"j\\o\\"e x"@example.com', 'jo"e x', 'example.com'],
  ['"a@b"@example.com', 'a@b', 'example.com'],
  ['"a@b"', 'a@b', null],
  ['joe', 'joe', null],
])('%s is %j at %j', (address, local, domain) => {
  expect(splitAddress(address)).toEqual({ local, domain });
});

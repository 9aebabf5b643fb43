import * as fc from 'fast-check';
import { parseAddresses, type Address } from '../../../services/core/message/address';
import { ADDRESSES_MAX } from '../../../services/core/message/mime-limits';

const a = (name: string | null, mailbox: string | null, host: string | null, route: string | null = null): Address => ({ name, route, mailbox, host });
const group = (name: string): Address => a(null, name, null);
const end = a(null, null, null);

describe('an address list', () => {
  test.each<[string, Address[]]>([
    ['a@b', [a(null, 'a', 'b')]],
    ['<a@b>', [a(null, 'a', 'b')]],
    ['John Doe <j.doe@example.com>', [a('John Doe', 'j.doe', 'example.com')]],
    ['John   \t Doe <j@x>', [a('John Doe', 'j', 'x')]],
    ['John Q. Public <j@x>', [a('John Q. Public', 'j', 'x')]],
    ['"Doe, John" <j@x>', [a('Doe, John', 'j', 'x')]],
    ['"a \\"b\\" \\\\c" <j@x>', [a('a "b" \\c', 'j', 'x')]],
    ['"John" "Doe" <j@x>', [a('John Doe', 'j', 'x')]],
    ['"" <j@x>', [a(null, 'j', 'x')]],
    ['a@b, c@d,e@f', [a(null, 'a', 'b'), a(null, 'c', 'd'), a(null, 'e', 'f')]],
    [',, a@b ,,', [a(null, 'a', 'b')]],
    ['a@b; c@d', [a(null, 'a', 'b'), a(null, 'c', 'd')]],
    ['', []],
    ['   ', []],
    // Encoded words are left alone
    ['=?utf-8?Q?J=C3=B6rg?= <j@x>', [a('=?utf-8?Q?J=C3=B6rg?=', 'j', 'x')]],
    ['=?utf-8?Q?Doe,_J?= =?utf-8?B?w6k=?= <j@x>', [a('=?utf-8?Q?Doe,_J?= =?utf-8?B?w6k=?=', 'j', 'x')]],
    ['"=?utf-8?Q?a?=" <j@x>', [a('=?utf-8?Q?a?=', 'j', 'x')]],
    ['J\xc3\xb6rg <j\xc3\xb6@x>', [a('J\xc3\xb6rg', 'j\xc3\xb6', 'x')]],
    // Quoting and comments in addresses
    ['"john smith"@x', [a(null, 'john smith', 'x')]],
    ['<"a@b"@c>', [a(null, 'a@b', 'c')]],
    ['<"a>b,"@c>', [a(null, 'a>b,', 'c')]],
    ['a."b c"@d', [a(null, 'a.b c', 'd')]],
    ['a@b (John Doe)', [a('John Doe', 'a', 'b')]],
    ['a@b (John (the) \\) Doe)', [a('John (the) ) Doe', 'a', 'b')]],
    ['John (x) Doe <j@x (y)>', [a('John Doe', 'j', 'x')]],
    ['<a@b> (John)', [a('John', 'a', 'b')]],
    ['a(c)@(d)b', [a('d', 'a', 'b')]],
    ['a @ b', [a(null, 'a', 'b')]],
    ['<a @ b . c>', [a(null, 'a', 'b.c')]],
    ['a@[IPv6:2001:db8::1]', [a(null, 'a', '[IPv6:2001:db8::1]')]],
    ['[list] Name <a@[1.2.3.4]>', [a('[list] Name', 'a', '[1.2.3.4]')]],
    // Routes
    ['<@a,@b:c@d>', [a(null, 'c', 'd', '@a,@b')]],
    ['N <@a:c@d>, e@f', [a('N', 'c', 'd', '@a'), a(null, 'e', 'f')]],
    // Groups
    ['undisclosed-recipients:;', [group('undisclosed-recipients'), end]],
    ['My Friends: a@b, "C" <c@d>;', [group('My Friends'), a(null, 'a', 'b'), a('C', 'c', 'd'), end]],
    ['"A, B": a@b;, e@f', [group('A, B'), a(null, 'a', 'b'), end, a(null, 'e', 'f')]],
    ['A: a@b', [group('A'), a(null, 'a', 'b'), end]],
    ['A: B: a@b;', [group('A'), a('B:', 'a', 'b'), end]],
    // What people write
    ['John Doe a@b', [a('John Doe', 'a', 'b')]],
    ['a@b <c@d>', [a('a@b', 'c', 'd')]],
    ['a@b@c', [a(null, 'a@b', 'c')]],
    ['<a@b> <c@d>', [a(null, 'a', 'b'), a(null, 'c', 'd')]],
    ['John <a@b, c@d', [a('John', 'a', 'b'), a(null, 'c', 'd')]],
    ['<<a@b>>', [a(null, 'a', 'b')]],
    ['root', [a(null, 'root', 'MISSING_DOMAIN')]],
    ['Root (Charlie)', [a('Charlie', 'Root', 'MISSING_DOMAIN')]],
    ['John Doe', [a('John Doe', 'MISSING_MAILBOX', 'MISSING_DOMAIN')]],
    ['<root>', [a(null, 'root', 'MISSING_DOMAIN')]],
    ['John <>', [a('John', 'MISSING_MAILBOX', 'MISSING_DOMAIN')]],
    ['@x', [a(null, 'MISSING_MAILBOX', 'x')]],
    ['a@', [a(null, 'a', 'MISSING_DOMAIN')]],
    ['(nobody)', []],
    ['"open quote <a@b>', [a(null, 'open quote <a@b>', 'MISSING_DOMAIN')]],
    ['(open comment <a@b>', []],
    [') a@b', [a(')', 'a', 'b')]],
    ['a@b >', [a(null, 'a', 'b')]],
  ])('%s', (value, expected) => {
    expect(parseAddresses(value)).toEqual(expected);
  });

  test('any text: hosts are missing only in well-formed groups, and nothing throws', () => {
    const unit = fc.constantFrom('a', 'b c', '@', '<', '>', ',', ';', ':', '"', '\\', '(', ')', '[', ']', ' ', '=?', '?q?', '?=', '.', '\xa0');
    fc.assert(fc.property(fc.string({ unit, maxLength: 40 }), fc.integer({ min: 1, max: 4 }), (value, limit) => {
      for (const addresses of [parseAddresses(value), parseAddresses(value, limit)]) {
        let inGroup = false;
        for (const { mailbox, host } of addresses) {
          if (host !== null) continue;
          expect(inGroup).toBe(mailbox === null);
          inGroup = mailbox !== null;
        }
        expect(inGroup).toBe(false);
      }
      expect(parseAddresses(value, limit).length).toBeLessThanOrEqual(limit + 3);
    }), { numRuns: 2_000 });
  });

  test('100,000 members give the first ones, in a closed group', () => {
    const addresses = parseAddresses(`g: ${'a@b, '.repeat(100_000)};`);
    expect(addresses).toHaveLength(ADDRESSES_MAX + 1);
    expect(addresses.at(-1)).toEqual(end);
  });

  // A quadratic step would take hours.
  test.each(['a ', 'a@', '<', '"', '(', '@[', 'a:', ':', '=?a', '=?a?q?', '\\', '<@a,', 'a"b" ', '"a"'])('1,000,000 characters of %j are read in one pass', (unit) => {
    expect(parseAddresses(unit.repeat(1_000_000 / unit.length)).length).toBeLessThanOrEqual(ADDRESSES_MAX + 2);
  });
});

import * as fc from 'fast-check';
import { parseAddresses, type Address } from '../../../services/core/message/address';
import { ADDRESSES_MAX } from '../../../services/core/message/mime-limits';

const GROUP_END: Address = { name: null, route: null, mailbox: null, host: null };

// What each shape of address gives is in mime-table/addresses.txt.
describe('an address list', () => {
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
    expect(addresses.at(-1)).toEqual(GROUP_END);
  });

  // A quadratic step would take hours.
  test.each(['a ', 'a@', '<', '"', '(', '@[', 'a:', ':', '=?a', '=?a?q?', '\\', '<@a,', 'a"b" ', '"a"'])('1,000,000 characters of %j are read in one pass', (unit) => {
    expect(parseAddresses(unit.repeat(1_000_000 / unit.length)).length).toBeLessThanOrEqual(ADDRESSES_MAX + 2);
  });
});

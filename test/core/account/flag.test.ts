import { flagName, flagNumber, systemFlags } from '../../../services/core/account/flag';

const keywords = ['$Forwarded', 'Work'];

test.each([
  ['\\Seen', 0],
  ['\\ANSWERED', 1],
  ['\\flagged', 2],
  ['\\Deleted', 3],
  ['\\Draft', 4],
  ['$forwarded', 5],
  ['WORK', 6],
])('%s is flag %i, in any case', (name, number) => {
  expect(flagNumber(name, keywords)).toBe(number);
});

test.each(['\\Recent', 'Seen', 'Home', ''])('%j is no flag of this account', (name) => {
  expect(flagNumber(name, keywords)).toBeNull();
});

test('a flag has the name that it was made with', () => {
  expect([0, 1, 2, 3, 4, 5, 6].map((flag) => flagName(flag, keywords))).toEqual([...systemFlags, ...keywords]);
});

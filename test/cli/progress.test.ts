import { duration } from '../../services/cli/progress';

test.each([
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 min'],
  [61, '2 min'],
  [3600, '1 h 0 min'],
  [86_399, '24 h 0 min'],
  ['INF', '?'],
  ['NULL', '?'],
])('%j seconds are written as %j', (seconds, written) => {
  expect(duration(seconds)).toBe(written);
});

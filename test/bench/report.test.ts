import { compare, isTie, linesOf, short, tableOf, jsonOf } from './report';
import type { Outcome } from './contest';
import type { Figure, Row } from './rows/row';

const rate: Figure = { title: 'things', unit: '/s', better: 'more' };
const latency: Figure = { title: 'waiting', unit: 'ms', better: 'less' };

function outcome(figure: Figure, values: readonly number[][], failure: string | null = null): Outcome {
  const row: Row = { name: figure.title, figures: [figure], needs: [], mailboxes: [], measure: async () => [] };
  return { row, showings: values.map((each, i) => ({ figures: [each], leftOut: null, failure: i === 1 ? failure : null })) };
}

test.each([
  ['more of a rate is better', rate, [[20, 30], [10, 10]], { ratio: 2.5, least: 2, most: 3 }],
  ['less of a latency is better', latency, [[20, 30], [10, 10]], { ratio: 0.4, least: 1 / 3, most: 0.5 }],
  ['rounds that only one server had do not count for the spread', rate, [[20, 30, 90], [10]], { ratio: 3, least: 2, most: 2 }],
  ['one server alone is not compared', rate, [[20]], null],
  ['a server without numbers is not compared', rate, [[20], []], null],
] as const)('%s', (_name, figure, values, comparison) => {
  expect(compare(figure, values)).toEqual(comparison);
});

test.each([
  [1.39, true],
  [1.4, false],
  [0.72, true],
  [0.7, false],
])('%d times better: a tie is %s', (ratio, tie) => {
  expect(isTie({ ratio, least: ratio, most: ratio })).toBe(tie);
});

test.each([
  [0.126, '0.13'],
  [12.34, '12.3'],
  [123_456.7, '123,457'],
])('%d is shown as %s', (number, text) => {
  expect(short(number)).toBe(text);
});

test('the table of two servers names who is ahead, and says why a number is missing', () => {
  const table = tableOf(linesOf([outcome(rate, [[20], [10]]), outcome(latency, [[20], [10]]), outcome(rate, [[10], [11]]), outcome(rate, [[5], []], 'NO such luck')]), ['ours', 'theirs']);
  expect(table.split('\n').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    ' unit ours theirs ours better spread ahead',
    'things /s 20.0 10.0 2.00 × 2.00–2.00 ours',
    'waiting ms 20.0 10.0 0.50 × 0.50–0.50 theirs',
    'things /s 10.0 11.0 0.91 × 0.91–0.91 tie',
    'things /s 5.00 –',
    '',
    'things on theirs: failed: NO such luck',
  ]);
});

test('JSON has every round of every server', () => {
  const { rows } = JSON.parse(jsonOf(linesOf([outcome(rate, [[20, 40], [10, 10]])]), ['ours', 'theirs'], 2, 'small')) as { rows: object[] };
  expect(rows).toEqual([
    {
      row: 'things',
      ...rate,
      servers: [
        { server: 'ours', median: 30, values: [20, 40], missing: null },
        { server: 'theirs', median: 10, values: [10, 10], missing: null },
      ],
      comparison: { ratio: 3, least: 2, most: 4, isTie: false },
    },
  ]);
});

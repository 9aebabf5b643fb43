import { simulate } from './simulation';

/** A few of each weather. */
const seeds = Array.from({ length: 12 }, (_, i) => 7001 + i);

test('a seed decides everything: it makes the same trace, whatever ran before it', async () => {
  const first = new Map<number, string>();
  for (const seed of seeds) first.set(seed, (await simulate(seed)).traceHash);
  for (const seed of [...seeds].reverse()) expect([seed, (await simulate(seed)).traceHash]).toEqual([seed, first.get(seed)]);
});

test('another seed makes another trace', async () => {
  const hashes = new Set<string>();
  for (const seed of seeds) hashes.add((await simulate(seed)).traceHash);
  expect(hashes.size).toBe(seeds.length);
});

test('a trace that is printed is the same as one that is not', async () => {
  const lines: string[] = [];
  const printed = await simulate(seeds[0]!, (line) => lines.push(line));
  expect(printed.traceHash).toBe((await simulate(seeds[0]!)).traceHash);
  expect(lines.length).toBeGreaterThan(20);
});

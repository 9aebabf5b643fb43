// `npm run sim`: replays one seed with its trace (SEED=7 npm run sim), or tries many (npm run sim -- --seeds 100000 --from 1).
import { parseArgs } from 'node:util';
import { simulate, type Verdict } from './simulation';

const usage = `The deterministic simulation: every run is decided by its seed.

  SEED=7 npm run sim                        replays seed 7 with a trace of all that happens
  npm run sim                               tries 1000 seeds
  npm run sim -- --seeds 100000 --from 5    tries seeds 5 to 100004; prints each that fails
  npm run sim -- --first                    stops at the first seed that fails
  npm run sim -- --counts                   also tells what happened how often

Exit code 0: no violation. 1: a violation. 2: the simulation itself broke.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      first: { type: 'boolean', default: false },
      counts: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const replayed = process.env['SEED'];
  if (replayed !== undefined) return replay(wholeNumber(replayed));
  const { from, seeds, tried, failed, totals } = await tryMany(wholeNumber(values.from), wholeNumber(values.seeds), values.first);
  if (values.counts) for (const [what, count] of [...totals].sort(([a], [b]) => (a < b ? -1 : 1))) process.stdout.write(`${count} ${what}\n`);
  process.stdout.write(`${tried} of ${seeds} seeds from ${from}: ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}

async function replay(seed: number): Promise<number> {
  const verdict = await simulate(seed, (line) => process.stdout.write(`${line}\n`));
  process.stdout.write(`seed ${seed}: trace ${verdict.traceHash}\n`);
  report(verdict);
  return verdict.violations.length > 0 ? 1 : 0;
}

async function tryMany(from: number, seeds: number, stopsAtFirst: boolean) {
  const totals = new Map<string, number>();
  let [tried, failed] = [0, 0];
  const failuresMax = stopsAtFirst ? 1 : Infinity;
  while (tried < seeds && failed < failuresMax) {
    const verdict = await simulate(from + tried);
    report(verdict);
    tried += 1;
    if (verdict.violations.length > 0) failed += 1;
    for (const [what, count] of verdict.counts) totals.set(what, (totals.get(what) ?? 0) + count);
    if (tried % 500 === 0) process.stderr.write(`${tried} of ${seeds} seeds, ${failed} failed\n`);
  }
  return { from, seeds, tried, failed, totals };
}

function report({ seed, violations }: Verdict): void {
  for (const violation of violations) process.stdout.write(`seed ${seed} violates: ${violation}\n`);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new RangeError(`not a whole number: ${text}`);
  return Number(text);
}

process.on('unhandledRejection', (error) => {
  process.stderr.write(`a promise was rejected and nobody heard: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(2);
});

async function mainAndExit(): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 2;
  }
}

void mainAndExit();

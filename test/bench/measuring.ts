// Times, rates, and of several of them the median.

/** Of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Milliseconds that `work` took. */
export async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The median of several times. */
export async function medianMs(samples: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < samples; i += 1) times.push(await timeMs(work));
  return median(times);
}

/** Each worker works once to warm up, then again and again until the window is over. Answers how much they did in a second, all together. */
export async function ratePerSecond(windowMs: number, workers: readonly (() => Promise<unknown>)[]): Promise<number> {
  await Promise.all(workers.map((work) => work()));
  const start = performance.now();
  let done = 0;
  await Promise.all(
    workers.map(async (work) => {
      while (performance.now() - start < windowMs) {
        await work();
        done += 1;
      }
    }),
  );
  return (done * 1_000) / (performance.now() - start);
}

/** Leaves the server alone for a while. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

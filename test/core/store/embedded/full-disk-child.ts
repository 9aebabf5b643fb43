// Run as a process that may not make a file larger than some limit: appends until that fails, goes on for a while, and prints
// what happened.
import { systemClock } from '../../../../services/core/runtime/clock';
import { openEmbedded } from '../../../../services/core/store/embedded/open-embedded';

async function main(folder: string): Promise<void> {
  // A write above the limit is an error then, and not the end of the process.
  process.on('SIGXFSZ', () => {});
  const store = await openEmbedded(folder, systemClock);
  const stored: number[] = [];
  const errors = new Set<string>();
  let failures = 0;
  for (let position = 1; failures < 5; position++) {
    try {
      await store.log.append('log', position, new Uint8Array(20_000).fill(position));
      stored.push(position);
    } catch (error) {
      failures += 1;
      errors.add(`${(error as Error).name}: ${(error as Error).message}`);
    }
  }
  const together = await Promise.allSettled([1, 2, 3].map((log) => store.log.append(`log ${log}`, 1, new Uint8Array(200_000))));
  const blob = await store.blobs.put('a0/owner/1', new Uint8Array(4_000_000)).catch((error: unknown) => (error as Error).message);
  const readable = (await store.log.readTail('log', 0)).entries.map(({ position }) => position);
  await store.close();
  process.stdout.write(`${JSON.stringify({ stored, errors: [...errors], together: together.map(({ status }) => status), blob, readable })}\n`);
}

void main(process.argv[2]!);

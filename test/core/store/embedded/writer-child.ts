// Run as a process: appends without end to several logs, writes an unfinished blob, and prints what was acknowledged.
import { writeSync } from 'node:fs';
import { systemClock } from '../../../../services/core/runtime/clock';
import { openEmbedded } from '../../../../services/core/store/embedded/open-embedded';

async function* unfinished(): AsyncIterable<Uint8Array> {
  yield new Uint8Array(100_000);
  writeSync(1, 'blob begun\n');
  await new Promise(() => {});
}

async function main(folder: string): Promise<void> {
  const store = await openEmbedded(folder, systemClock);
  const putting = store.blobs.put('a0/owner/unfinished', unfinished());
  const writers = Array.from({ length: 8 }, async (_, log) => {
    for (let position = 1; ; position++) {
      await store.log.append(`log ${log}`, position, Buffer.from(`${log} ${position} ${'x'.repeat(position % 3000)}`));
      writeSync(1, `${log} ${position}\n`);
    }
  });
  await Promise.all([putting, ...writers]);
}

void main(process.argv[2]!);

// Run as a process: races for every position of one log, and prints those that it won.
import { systemClock } from '../../../../services/core/runtime/clock';
import { openEmbedded } from '../../../../services/core/store/embedded/open-embedded';

async function main(folder: string, name: string, positions: number): Promise<void> {
  const store = await openEmbedded(folder, systemClock);
  process.stdout.write('ready\n');
  await new Promise((resolve) => {
    process.stdin.once('data', resolve);
  });
  const won: number[] = [];
  let next = 1;
  await Promise.all(Array.from({ length: 4 }, async () => {
    while (next <= positions) {
      const position = next++;
      if (await store.log.append('race', position, Buffer.from(`${name} ${position}`)) === 'stored') won.push(position);
    }
  }));
  await store.close();
  process.stdout.write(`${JSON.stringify(won)}\n`);
  process.stdin.destroy();
}

void main(process.argv[2]!, process.argv[3]!, Number(process.argv[4]));

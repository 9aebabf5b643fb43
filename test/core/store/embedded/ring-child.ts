// Run as a process: rings once.
import { systemClock } from '../../../../services/core/runtime/clock';
import { openEmbedded } from '../../../../services/core/store/embedded/open-embedded';

async function main(folder: string): Promise<void> {
  const store = await openEmbedded(folder, systemClock);
  store.doorbell.ring('account', 42);
  await store.close();
}

void main(process.argv[2]!);

import { systemClock } from '../../../../services/core/runtime/clock';
import { systemRandom } from '../../../../services/core/runtime/random';
import { noFaults } from '../../../../services/core/store/memory/fault-plan';
import { faultyBlobStore, faultyDirectory, faultyDoorbell, faultyLogStore } from '../../../../services/core/store/memory/faults';
import { MemoryBlobStore } from '../../../../services/core/store/memory/memory-blob-store';
import { MemoryDirectory } from '../../../../services/core/store/memory/memory-directory';
import { MemoryDoorbell } from '../../../../services/core/store/memory/memory-doorbell';
import { MemoryLogStore } from '../../../../services/core/store/memory/memory-log-store';
import { MemoryTier } from '../../../../services/core/store/memory/memory-tier';
import { blobStoreContract } from '../../../contract/blob-store-contract';
import { directoryContract } from '../../../contract/directory-contract';
import { doorbellContract } from '../../../contract/doorbell-contract';
import { logStoreContract } from '../../../contract/log-store-contract';
import type { Make } from '../../../contract/opened';

/** Two handles over one tier. */
function over<Store extends { close(): Promise<void> }>(handle: (tier: MemoryTier) => Store): Make<Store> {
  return async () => {
    const tier = new MemoryTier();
    const [store, another] = [handle(tier), handle(tier)];
    return {
      store,
      another,
      cleanup: async () => {
        await store.close();
        await another.close();
      },
    };
  };
}

logStoreContract('memory', over((tier) => new MemoryLogStore(tier)));
blobStoreContract('memory', over((tier) => new MemoryBlobStore(tier, systemClock)));
directoryContract('memory', over((tier) => new MemoryDirectory(tier)));
doorbellContract('memory', over((tier) => new MemoryDoorbell(tier)));

const faulty = [systemClock, systemRandom, noFaults] as const;
logStoreContract('memory, faulty at no time', over((tier) => faultyLogStore(new MemoryLogStore(tier), ...faulty)));
blobStoreContract('memory, faulty at no time', over((tier) => faultyBlobStore(new MemoryBlobStore(tier, systemClock), ...faulty)));
directoryContract('memory, faulty at no time', over((tier) => faultyDirectory(new MemoryDirectory(tier), ...faulty)));
doorbellContract('memory, faulty at no time', over((tier) => faultyDoorbell(new MemoryDoorbell(tier), ...faulty)));

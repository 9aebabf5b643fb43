import { systemClock } from '../../../../services/core/runtime/clock';
import { openEmbedded, type EmbeddedStore } from '../../../../services/core/store/embedded/open-embedded';
import { blobStoreContract } from '../../../contract/blob-store-contract';
import { directoryContract } from '../../../contract/directory-contract';
import { doorbellContract } from '../../../contract/doorbell-contract';
import { logStoreContract } from '../../../contract/log-store-contract';
import type { Make } from '../../../contract/opened';
import { temporaryFolder } from './temporary-folder';

/** Two handles on one data folder, each with its own snapshot, as two processes have. */
function onDisk<Store>(pick: (embedded: EmbeddedStore) => Store): Make<Store> {
  return async () => {
    const folder = await temporaryFolder();
    const one = await openEmbedded(folder.path, systemClock);
    const two = await openEmbedded(folder.path, systemClock);
    return {
      store: pick(one),
      another: pick(two),
      cleanup: async () => {
        await one.close();
        await two.close();
        await folder.remove();
      },
    };
  };
}

logStoreContract('embedded', onDisk(({ log }) => log));
blobStoreContract('embedded', onDisk(({ blobs }) => blobs));
directoryContract('embedded', onDisk(({ directory }) => directory));
doorbellContract('embedded', onDisk(({ doorbell }) => doorbell));

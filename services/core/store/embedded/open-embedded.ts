// The one door to the embedded store: everything that an Isomail on one machine keeps is below one data folder.
import { join } from 'node:path';
import type { Clock } from '../../runtime/clock';
import { reasonOf } from '../../runtime/error-facts';
import { Unavailable } from '../../runtime/errors';
import type { BlobStore } from '../blob-store';
import type { Directory } from '../directory';
import type { Doorbell } from '../doorbell';
import type { LogStore } from '../log-store';
import { DirectoryBlobs } from './directory-blobs';
import { Environment } from './environment';
import { makeFolder } from './file-system';
import { LmdbDirectory } from './lmdb-directory';
import { LmdbDoorbell } from './lmdb-doorbell';
import { LmdbLogStore } from './lmdb-log-store';

export interface EmbeddedStore {
  readonly log: LogStore;
  readonly blobs: BlobStore;
  readonly doorbell: Doorbell;
  readonly directory: Directory;
  /** Closes all four, after the writes under way. */
  close(): Promise<void>;
}

/** Opens the store in `dataDir`, and makes it if there is none. Several processes of one machine may share it. Rejects with Unavailable. */
export async function openEmbedded(dataDir: string, clock: Clock): Promise<EmbeddedStore> {
  try {
    await makeFolder(dataDir);
  } catch (error) {
    throw new Unavailable(`embedded store: cannot make ${dataDir}: ${reasonOf(error)}`, { cause: error });
  }
  const blobs = await DirectoryBlobs.open(join(dataDir, 'blobs'), clock);
  const environment = await Environment.open(join(dataDir, 'log'), clock);
  const doorbell = new LmdbDoorbell(environment, clock);
  return {
    log: new LmdbLogStore(environment),
    blobs,
    doorbell,
    directory: new LmdbDirectory(environment),
    close: async () => {
      await doorbell.close();
      await environment.close();
    },
  };
}

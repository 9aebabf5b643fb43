// The account that a first start makes, so that there is something to sign in to. Each step may be done by several processes at once,
// or be cut off: the next start goes on.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { takeBody } from '../core/account/body-intake';
import { addMessages, type IncomingMessage } from '../core/account/decide/add-messages';
import type { Users } from './users';
import type { Clock } from '../core/runtime/clock';
import { canonicalPassword } from '../core/auth/login-names';
import { Damaged, Refusal } from '../core/runtime/errors';
import type { Random } from '../core/runtime/random';
import type { BlobStore } from '../core/store/blob-store';
import type { Directory } from '../core/store/directory';
import { claimedFile } from './claimed-file';
import { randomPassword } from './random-password';
import { welcomeMessages } from './welcome-messages';

export const DEMO_LOGIN = 'demo@localhost';

export interface DemoPorts {
  readonly directory: Directory;
  readonly users: Users;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly random: Random;
}

export interface Demo {
  readonly passwordFile: string;
  /** Null: the account was there before, and its password may have been changed since. */
  readonly password: string | null;
}

/** Makes what is missing of the demo account. Null if it was removed: it does not come back by itself. */
export async function provideDemo(ports: DemoPorts, dataDir: string): Promise<Demo | null> {
  const { directory, random } = ports;
  const passwordFile = join(dataDir, 'demo-password.txt');
  const known = await directory.get(DEMO_LOGIN);
  if (known?.removed) return null;
  let password: string | null = null;
  if (!known) {
    // The file comes first: whoever makes the account, its password is the one in the file.
    password = (await claimedFile(passwordFile, random, () => `${randomPassword(random)}\n`)).trim();
    if (canonicalPassword(password) === null) throw new Damaged(`${passwordFile} holds no password; remove it, and the next start makes a new one`);
    await addUser(ports.users, password);
  }
  await fill(ports);
  return { passwordFile, password };
}

async function addUser(users: Users, password: string): Promise<void> {
  try {
    await users.add(DEMO_LOGIN, password);
  } catch (error) {
    const wasFaster = error instanceof Refusal && error.code === 'ALREADYEXISTS';
    if (!wasFaster) throw error;
  }
}

/** All messages in one change with one delivery id: all or none, and once. */
async function fill(ports: DemoPorts): Promise<void> {
  const { accountId } = await ports.users.find(DEMO_LOGIN);
  await ports.users.withAccount(accountId, async (account) => {
    await account.refresh();
    if (account.position > 1) return; // Something happened since the account was made.
    const incoming: IncomingMessage[] = [];
    for (const { body, flags } of welcomeMessages(DEMO_LOGIN, ports.clock.nowMs())) {
      incoming.push({ ...(await takeBody(ports, accountId, body)), flags, internalDateMs: null });
    }
    const deliveryId = createHash('sha256').update(`welcome ${accountId}`).digest().subarray(0, 16);
    await account.commit(addMessages('INBOX', incoming, deliveryId));
  });
}

// Folds a log entry by entry with the core's own readers, and says where that stops. Never guesses what an entry may have meant.
import type { AccountState } from '../../core/account/account-state';
import { accountMachine } from '../../core/account/apply';
import type { AccountChange } from '../../core/account/record';
import type { Version } from '../../core/log/machine';
import { decodePointer } from '../../core/log/pointer';
import type { InTime } from '../../core/runtime/in-time';
import { applyEntry, readEntry, type TailSource } from '../../core/log/tail';
import { Damaged, Unavailable } from '../../core/runtime/errors';
import { blobKey } from '../../core/store/blob-key';
import type { Finding } from './finding';
import { messageOf } from '../../core/runtime/error-facts';

export interface Replay {
  readonly state: AccountState;
  /** Of the last entry that could be applied. */
  readonly position: number;
  /** Keys of blobs that hold the changes of large entries. */
  readonly spills: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

/** Throws Unavailable. */
export async function replay(source: TailSource, inTime: InTime): Promise<Replay> {
  const tail = await inTime(source.log.readTail(source.logId, 0));
  let version: Version<AccountState> = { position: 0, token: null, nextModSeq: 1, state: accountMachine.initial };
  const spills = new Set<string>();
  let next = 1;
  try {
    if (tail.pointer === null) throw new Damaged('the log has no pointer');
    if (decodePointer(tail.pointer.bytes).floor > 0) throw new Unavailable('the log goes on in a checkpoint, which only a newer release reads: update this tool');
    for (const stored of tail.entries) {
      next = version.position + 1;
      if (stored.position !== next) throw new Damaged(`the log has no entry ${next}, but later ones`);
      const entry = await readEntry(source, stored, inTime);
      version = applyEntry<AccountState, AccountChange>(accountMachine, version, entry);
      if (!(entry.changes instanceof Uint8Array)) spills.add(blobKey(source.logId, entry.changes.blobId));
    }
    return { state: version.state, position: version.position, spills, findings: [] };
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    // Whatever else an entry makes the fold throw is damage too.
    return { state: version.state, position: version.position, spills, findings: [{ kind: 'log', where: `entry ${next}`, what: messageOf(error) }] };
  }
}

// Folds a log entry by entry with the core's own readers, and says where that stops. Never guesses what an entry may have meant.
import type { AccountState } from '../../core/account/account-state';
import { accountMachine } from '../../core/account/apply';
import type { AccountChange } from '../../core/account/record';
import type { Version } from '../../core/log/machine';
import { decodePointer } from '../../core/log/pointer';
import type { InTime } from '../../core/log/in-time';
import { applyEntry, readTail, type ReadEntry, type TailSource } from '../../core/log/tail';
import { Damaged, Unavailable } from '../../core/runtime/errors';
import type { LogStore, StoredEntry, Tail } from '../../core/store/log-store';
import type { Finding } from './finding';
import { messageOf } from '../../error-facts';

export interface Replay {
  readonly state: AccountState;
  /** Of the last entry that could be applied. */
  readonly position: number;
  /** Ids of blobs that hold the changes of large entries. */
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
      const entry = await readOne(source, version.position, stored, tail, inTime);
      version = applyEntry<AccountState, AccountChange>(accountMachine, version, entry);
      if (!(entry.changes instanceof Uint8Array)) spills.add(Buffer.from(entry.changes.blobId).toString('hex'));
    }
    return { state: version.state, position: version.position, spills, findings: [] };
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    // Whatever else an entry makes the fold throw is damage too.
    return { state: version.state, position: version.position, spills, findings: [{ kind: 'log', where: `entry ${next}`, what: messageOf(error) }] };
  }
}

/** Checks what a reader checks, of one entry: that it follows `after`, and the digest of changes kept elsewhere. */
async function readOne(source: TailSource, after: number, stored: StoredEntry, { pointer }: Tail, inTime: InTime): Promise<ReadEntry> {
  const { log } = source;
  const onlyThis: LogStore = {
    readTail: async () => ({ entries: [stored], pointer }),
    readPointer: (logId) => log.readPointer(logId),
    append: (logId, position, bytes) => log.append(logId, position, bytes),
    movePointer: (logId, from, bytes) => log.movePointer(logId, from, bytes),
    deleteEntries: (logId, through) => log.deleteEntries(logId, through),
    close: () => log.close(),
  };
  const read = await readTail({ ...source, log: onlyThis }, after, inTime);
  if (read.kind !== 'tail') throw new Damaged('the entry is below the floor');
  return read.entries[0]!;
}

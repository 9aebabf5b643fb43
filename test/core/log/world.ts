// One log on one memory tier, and any number of processes that write to it.
import { Committer } from '../../../services/core/log/committer';
import { encodeEntry, type Entry } from '../../../services/core/log/entry';
import { Follower } from '../../../services/core/log/follower';
import { encodePointer, firstPointer } from '../../../services/core/log/pointer';
import type { Random } from '../../../services/core/runtime/random';
import { MemoryTier } from '../../../services/core/store/memory/memory-tier';
import { ManualClock } from './manual-clock';
import { ScriptedLog, scriptedBlobs } from './scripted-log';
import { wordMachine, type Words } from './word-machine';

export const LOG = 'log';

/** Bytes that never repeat, and no jitter. */
export function countingRandom(start = 0): Random {
  let next = start;
  return {
    bytes: (count) => {
      const bytes = Buffer.alloc(count);
      bytes.writeUInt32BE((next += 1), 0);
      return Uint8Array.from(bytes);
    },
    fraction: () => 0.5,
  };
}

export interface Process {
  readonly log: ScriptedLog;
  readonly follower: Follower<Words, string>;
  readonly committer: Committer<Words, string>;
  /** The positions rung for. */
  readonly rung: number[];
  words(): string[];
}

export class World {
  readonly tier = new MemoryTier();
  readonly clock = new ManualClock();
  #made = 0;

  /** A log with a pointer and these words, an entry each. */
  static async of(...words: string[]): Promise<World> {
    const world = new World();
    const log = new ScriptedLog(world.tier);
    await log.movePointer(LOG, 0, encodePointer(firstPointer));
    for (const word of words) await world.another(word);
    return world;
  }

  /** A process; it knows nothing yet. */
  process(blobs?: Parameters<typeof scriptedBlobs>[2]): Process {
    const log = new ScriptedLog(this.tier);
    const source = { log, blobs: scriptedBlobs(log, this.clock, blobs), logId: LOG };
    const follower = new Follower(source, wordMachine, this.clock);
    const rung: number[] = [];
    this.#made += 1;
    const committer = new Committer(follower, this.clock, countingRandom(this.#made * 1_000_000), (position) => rung.push(position));
    return { log, follower, committer, rung, words: () => follower.current.state.map(({ word }) => word) };
  }

  /** A process that has read the log; what it did so far is forgotten. */
  async reader(blobs?: Parameters<typeof scriptedBlobs>[2]): Promise<Process> {
    const process = this.process(blobs);
    await this.clock.until(process.follower.refresh());
    process.log.calls.length = 0;
    return process;
  }

  /** Some other process commits a word. */
  async another(word: string): Promise<void> {
    const { committer } = this.process();
    await this.clock.until(committer.commit((state) => ({ change: word, result: state.length })));
  }

  /** The words as a process finds them that starts now. */
  async words(): Promise<string[]> {
    return (await this.reader()).words();
  }

  /** Every entry that is stored, as bytes. */
  get entries(): readonly Uint8Array[] {
    return (this.tier.logs.get(LOG)?.entries ?? []).map(({ bytes }) => bytes);
  }

  /** Puts an entry as it is, right or wrong. */
  async plant(position: number, entry: Partial<Entry> | Uint8Array): Promise<void> {
    const whole: Entry = {
      token: countingRandom(900_000_000 + position).bytes(16),
      timeMs: this.clock.nowMs(),
      firstModSeq: position,
      changeCount: 0,
      changes: wordMachine.encode([]),
      totals: [],
      ...(entry instanceof Uint8Array ? {} : entry),
    };
    await new ScriptedLog(this.tier).append(LOG, position, entry instanceof Uint8Array ? entry : encodeEntry(whole));
  }
}

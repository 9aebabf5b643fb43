// The doorbell between the processes of one machine: each writes its rings to a short ring buffer in LMDB, and polls it while it
// watches an account. Within the process a ring is heard at once.
import { randomHex, systemRandom } from '../../runtime/random';
import type { Clock } from '../../runtime/clock';
import type { Doorbell } from '../doorbell';
import { Watchers } from '../watchers';
import type { Environment, Table } from './environment';

const POLL_MS = 20;
/** Rings of so long go into one batch, one commit: else each append would be flushed twice. */
const GATHER_MS = 10;
const RETRY_MS = 1000;
/** Above this a batch says "anyone". */
const MAX_BATCH_ACCOUNTS = 1000;
/** The ring buffer's length: some seconds of several busy processes. */
const KEPT_BATCHES = 1024;
/** A process that has fallen behind by so many tells all its watchers to look: cheaper than to read who was rung for. */
const MAX_POLL_BATCHES = 256;

interface Batch {
  /** Which doorbell wrote it. */
  readonly from: string;
  /** Account id and position; null: rings of any account. */
  readonly rings: readonly (readonly [string, number])[] | null;
}

export class LmdbDoorbell implements Doorbell {
  readonly #batches: Table<number>;
  readonly #name = randomHex(systemRandom, 8);
  readonly #watchers = new Watchers();
  #gathered = new Map<string, number>();
  #cancelWrite: (() => void) | null = null;
  #writing: Promise<void> | null = null;
  #cancelPoll: (() => void) | null = null;
  /** The number of the last batch that was read. */
  #seen = 0;
  #readFailed = false;
  #writeFailed = false;
  #closed = false;

  constructor(private readonly environment: Environment, private readonly clock: Clock) {
    this.#batches = environment.table('rings');
  }

  ring(accountId: string, position: number): void {
    if (this.#closed) return;
    this.#watchers.tell(accountId, position);
    this.#gathered.set(accountId, Math.max(position, this.#gathered.get(accountId) ?? 0));
    this.#writeIn(GATHER_MS);
  }

  watch(accountId: string, onRing: (position: number) => void): () => void {
    if (this.#closed) return () => {};
    if (this.#cancelPoll === null) {
      this.#begin();
      this.#pollAgain();
    }
    const end = this.#watchers.add(accountId, onRing);
    return () => {
      end();
      if (this.#watchers.isEmpty) this.#stopPolling();
    };
  }

  isHealthy(): boolean {
    return !this.#closed && !this.#readFailed && !this.#writeFailed;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopPolling();
    this.#cancelWrite?.();
    await this.#writing;
    if (this.#gathered.size > 0 && !this.#writeFailed) await this.#write();
  }

  /** What was rung before the first watch began is of no interest. */
  #begin(): void {
    try {
      this.#seen = this.#lastNumber();
      this.#readFailed = false;
    } catch {
      // isHealthy() tells; the first poll that succeeds wakes everyone.
      this.#readFailed = true;
    }
  }

  #pollAgain(): void {
    this.#cancelPoll = this.clock.after(POLL_MS, () => {
      this.#poll();
      this.#pollAgain();
    });
  }

  #stopPolling(): void {
    this.#cancelPoll?.();
    this.#cancelPoll = null;
  }

  #poll(): void {
    try {
      const found = this.environment.read('hear rings', () =>
        [...this.#batches.getRange({ start: this.#seen + 1, limit: MAX_POLL_BATCHES })]);
      const missed = this.#readFailed
        || found.length === MAX_POLL_BATCHES
        || (found.length > 0 && found[0]!.key !== this.#seen + 1);
      this.#seen = found.length === MAX_POLL_BATCHES ? this.#lastNumber() : found.at(-1)?.key ?? this.#seen;
      if (missed) this.#watchers.tellAll();
      else for (const { value } of found) this.#hear(decode(value));
      this.#readFailed = false;
    } catch {
      // isHealthy() tells; the next poll that succeeds wakes everyone.
      this.#readFailed = true;
    }
  }

  #hear(batch: Batch): void {
    if (batch.from === this.#name) return;
    if (batch.rings === null) this.#watchers.tellAll();
    else for (const [accountId, position] of batch.rings) this.#watchers.tell(accountId, position);
  }

  #writeIn(delayMs: number): void {
    if (this.#closed || this.#cancelWrite !== null || this.#writing !== null) return;
    this.#cancelWrite = this.clock.after(delayMs, () => {
      this.#cancelWrite = null;
      this.#writing = this.#write().finally(() => {
        this.#writing = null;
        if (this.#gathered.size > 0) this.#writeIn(this.#writeFailed ? RETRY_MS : GATHER_MS);
      });
    });
  }

  async #write(): Promise<void> {
    const rings = this.#gathered;
    this.#gathered = new Map();
    const value = encode({ from: this.#name, rings: rings.size > MAX_BATCH_ACCOUNTS ? null : [...rings] });
    try {
      // Each number that another process takes first is a batch of its own: someone always gets on.
      while (!(await this.#put(this.#lastNumber() + 1, value)));
      this.#writeFailed = false;
    } catch {
      // isHealthy() tells; the rings are tried again.
      this.#writeFailed = true;
      for (const [accountId, position] of rings) {
        this.#gathered.set(accountId, Math.max(position, this.#gathered.get(accountId) ?? 0));
      }
    }
  }

  #put(number: number, value: Uint8Array): Promise<boolean> {
    return this.environment.write('ring', () =>
      this.#batches.ifNoExists(number, () => {
        void this.#batches.put(number, value);
        if (number > KEPT_BATCHES) void this.#batches.remove(number - KEPT_BATCHES);
      }));
  }

  #lastNumber(): number {
    return this.environment.read('hear rings', () => [...this.#batches.getKeys({ reverse: true, limit: 1 })][0] ?? 0);
  }
}

function encode(batch: Batch): Uint8Array {
  return Buffer.from(JSON.stringify(batch));
}

function decode(value: Uint8Array): Batch {
  return JSON.parse(Buffer.from(value).toString()) as Batch;
}

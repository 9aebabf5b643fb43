// The newest version of one log that this process knows. It only goes forward, and only by what a consistent read brought or by an
// entry that was proven stored.
import { Damaged, Unavailable } from '../runtime/errors';
import type { Clock } from '../runtime/clock';
import { sameBytes } from './entry';
import { inTimeBy, type InTime } from '../runtime/in-time';
import { Turns } from '../runtime/turns';
import type { Machine, Version } from './machine';
import { applyEntry, readTail, type ReadEntry, type TailRead, type TailSource } from './tail';

/** When a consistent read was sent: by order of events in this process, and by both clocks. */
interface Reading {
  readonly order: number;
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export class Follower<State, Change> {
  private version: Version<State>;
  private lastReading: Reading = { order: 0, monotonicMs: -Infinity, wallMs: -Infinity };
  private order = 0;
  private reading: Promise<void> | null = null;
  private nextReading: Promise<void> | null = null;
  private readonly listeners = new Set<() => void>();
  private damage: Damaged | null = null;
  /** Bounds a request to a store. */
  readonly inTime: InTime;

  constructor(
    readonly source: TailSource,
    readonly machine: Machine<State, Change>,
    private readonly clock: Clock,
  ) {
    this.version = { position: 0, token: null, nextModSeq: 1, state: machine.initial };
    this.inTime = inTimeBy(clock);
  }

  /** The newest version known. Throws Damaged once the log was found damaged: nothing is ever guessed. */
  get current(): Version<State> {
    if (this.damage) throw this.damage;
    return this.version;
  }

  /** Nothing more may be written to a damaged log: what it holds is not known. */
  get isDamaged(): boolean {
    return this.damage !== null;
  }

  /** The position of the newest version known; also of a damaged log. */
  get position(): number {
    return this.version.position;
  }

  /** A mark for `isReadSince`: later than every read sent so far. */
  mark(): number {
    this.order += 1;
    return this.order;
  }

  /** True if a consistent read that was *sent* after the mark was taken has been applied. */
  isReadSince(mark: number): boolean {
    return this.lastReading.order > mark;
  }

  /** The state's age in ms, counted from when its last consistent read was sent; by the clock that says more (W7). */
  ageMs(): number {
    const { monotonicMs, wallMs } = this.lastReading;
    return Math.max(this.clock.monotonicMs() - monotonicMs, this.clock.nowMs() - wallMs);
  }

  /** Calls `onMove` after each move forward; the returned function ends it. */
  onMove(onMove: () => void): () => void {
    this.listeners.add(onMove);
    return () => this.listeners.delete(onMove);
  }

  /**
   * A consistent read that is sent after this call. Callers that arrive while one is under way share the next.
   * Throws Unavailable if the store does not answer, Damaged if it answers nonsense.
   */
  refresh(): Promise<void> {
    this.nextReading ??= (this.reading ?? Promise.resolve()).then(
      () => this.startReading(),
      () => this.startReading(),
    );
    return this.nextReading;
  }

  private startReading(): Promise<void> {
    this.nextReading = null;
    this.reading = this.readOn();
    return this.reading;
  }

  private async readOn(): Promise<void> {
    const tail = await this.readAfter(this.current.position);
    if (tail.kind === 'absent') throw new Unavailable('this account has no log');
    if (tail.kind === 'trimmed') throw new Unavailable('the log goes on in a checkpoint, which only a newer release reads: update this node');
  }

  /** A consistent read of everything above `after`, which is at or before the current position; applies what is new. */
  async readAfter(after: number): Promise<TailRead> {
    const reading: Reading = { order: this.mark(), monotonicMs: this.clock.monotonicMs(), wallMs: this.clock.nowMs() };
    const tail = await this.requestTail(after);
    if (tail.kind === 'tail') await this.applyTail(tail.entries, reading);
    return tail;
  }

  private async requestTail(after: number): Promise<TailRead> {
    try {
      return await readTail(this.source, after, this.inTime);
    } catch (error) {
      if (error instanceof Damaged) this.damage ??= error;
      throw error;
    }
  }

  /** Moves to a version that is proven stored; does nothing if it is known already. */
  advance(version: Version<State>): void {
    if (version.position <= this.version.position) return;
    this.version = version;
    for (const listener of Array.from(this.listeners)) listener(); // A copy: a listener may add or end others.
  }

  /** A long tail gives way to other work, which may move the state as well; nobody sees it half applied. */
  private async applyTail(entries: readonly ReadEntry[], reading: Reading): Promise<void> {
    const turns = new Turns(this.clock);
    let { version } = this;
    try {
      this.requireApplied(entries);
      for (const entry of entries) {
        if (entry.position > version.position) version = applyEntry(this.machine, version, entry);
        if (!turns.isOver()) continue;
        await turns.giveWay();
        this.requireApplied(entries);
        if (this.version.position > version.position) ({ version } = this);
      }
    } catch (error) {
      this.damage = error instanceof Damaged ? error : new Damaged('an entry could not be applied', { cause: error });
      throw this.damage;
    }
    if (reading.order > this.lastReading.order) this.lastReading = reading;
    this.advance(version);
  }

  /** Throws Damaged if the log was found damaged, or if these entries, which follow each other, are not those that were applied. */
  private requireApplied(entries: readonly ReadEntry[]): void {
    const { position, token } = this.current;
    const entry = entries[position - (entries[0]?.position ?? 0)];
    if (entry && !sameBytes(entry.token, token!)) throw new Damaged(`entry ${position} of log ${this.source.logId} is not the one that was applied`);
  }
}

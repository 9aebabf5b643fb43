// One search over the messages of a mailbox, in their order: those that need a body are read ahead of their turn.
import type { MessageBodies } from '../../core/account/message-bodies';
import { Damaged } from '../../core/runtime/errors';
import { BlobMissing } from '../../core/store/blob-store';
import type { NumberRange } from '../number-ranges';
import type { Selected } from '../session';
import type { Turns } from '../../core/runtime/turns';
import { Evidence } from './evidence';
import { MessageSearch, type Begun } from './message-search';
import { ReadAhead } from './read-ahead';
import type { CompiledSearch } from './search-test';

/** A message that waits for its turn: found already, or to be decided. */
interface Waiting {
  readonly message: Evidence;
  readonly isGhost: boolean;
  readonly begun: Begun | null;
  readonly heldBytes: number;
}

export interface FinderEvents {
  found(message: Evidence): void;
  /** The message could not be looked into: BlobMissing or Damaged. */
  failed(error: Error, message: Evidence, isGhost: boolean): void;
}

const NOTHING = new Uint8Array();

export class Finder {
  private readonly search: MessageSearch;
  private readonly ahead = new ReadAhead<Waiting>();

  constructor(
    compiled: CompiledSearch,
    bodies: MessageBodies,
    private readonly turns: Turns,
    private readonly events: FinderEvents,
  ) {
    this.search = new MessageSearch(compiled, bodies, turns);
  }

  /**
   * Tells all that is found, in ascending order. Says nothing, but yields that every now and then, so that it may be ended: what it
   * reads ends then too. Throws Unavailable.
   */
  async *run(ranges: Iterable<NumberRange>, { view }: Selected): AsyncGenerator<Uint8Array, void> {
    try {
      for (const [first, last] of ranges) {
        for (let number = first; number <= last; number += 1) {
          if (this.turns.isOver()) {
            await this.turns.giveWay();
            yield NOTHING;
          }
          const { row, isGhost } = view.at(number)!;
          const message = new Evidence(number, row);
          const verdict = this.atOnce(message, isGhost);
          if (verdict === false) continue;
          if (verdict && this.ahead.isEmpty) {
            this.events.found(message);
            continue;
          }
          const heldBytes = verdict ? 0 : row.sizeBytes;
          while (!this.ahead.hasRoomFor(heldBytes)) await this.settle(this.ahead.shift()!);
          this.ahead.push({ message, isGhost, begun: verdict ? null : this.search.begin(message), heldBytes });
        }
      }
      for (let next = this.ahead.shift(); next; next = this.ahead.shift()) {
        await this.settle(next);
        yield NOTHING;
      }
    } finally {
      this.search.stop();
    }
  }

  /** Undefined if it needs a body. */
  private atOnce(message: Evidence, isGhost: boolean): boolean | undefined {
    try {
      return this.search.atOnce(message);
    } catch (error) {
      this.failed(error, message, isGhost);
      return false;
    }
  }

  private async settle({ message, isGhost, begun }: Waiting): Promise<void> {
    try {
      if (begun === null || (await this.search.finish(begun))) this.events.found(message);
    } catch (error) {
      this.failed(error, message, isGhost);
    }
  }

  private failed(error: unknown, message: Evidence, isGhost: boolean): void {
    if (!(error instanceof BlobMissing) && !(error instanceof Damaged)) throw error;
    this.events.failed(error, message, isGhost);
  }
}

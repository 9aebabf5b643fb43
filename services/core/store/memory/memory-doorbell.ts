// A doorbell in memory: every ring reaches every watcher of the tier, once.
import type { Doorbell } from '../doorbell';
import type { MemoryTier } from './memory-tier';

export class MemoryDoorbell implements Doorbell {
  readonly #ends = new Set<() => void>();

  constructor(private readonly tier: MemoryTier) {}

  ring(accountId: string, position: number): void {
    this.tier.watchers.tell(accountId, position);
  }

  watch(accountId: string, onRing: (position: number) => void): () => void {
    const end = this.tier.watchers.add(accountId, onRing);
    this.#ends.add(end);
    return () => {
      end();
      this.#ends.delete(end);
    };
  }

  isHealthy(): boolean {
    return true;
  }

  async close(): Promise<void> {
    for (const end of this.#ends) end();
    this.#ends.clear();
  }
}

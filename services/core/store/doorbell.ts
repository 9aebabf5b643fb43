// The contract of a doorbell: it only wakes, the log tells. A ring may be lost, doubled or late.

export interface Doorbell {
  /** Tells all processes that the account's log has an entry at `position`. Fire and forget; never throws. */
  ring(accountId: string, position: number): void;

  /**
   * Calls `onRing` when some process rang for the account: `position` as rung, or 0 when rings may have been missed.
   * The returned function ends it.
   */
  watch(accountId: string, onRing: (position: number) => void): () => void;

  /** False while rings may be missed without notice: who depends on them polls more often. */
  isHealthy(): boolean;

  close(): Promise<void>;
}

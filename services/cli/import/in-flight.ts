// Work in two steps, the first side by side, the second begun in order: bodies are stored as it comes, changes asked for in sequence.

export class InFlight {
  private readonly pending = new Set<Promise<void>>();
  private turn: Promise<void> = Promise.resolve();
  private failure: { readonly error: unknown } | null = null;

  constructor(private readonly max: number) {}

  /** Resolves when there is room for one more. Throws what went wrong with any. */
  async room(): Promise<void> {
    while (this.pending.size >= this.max && !this.failure) await Promise.race(this.pending);
    if (this.failure) throw this.failure.error;
  }

  /** `second` begins when `first` is done, and not before the `second` of all that were added earlier has begun. */
  add<T>(first: Promise<T>, second: (value: T) => Promise<void>): void {
    const begun = Promise.all([first, this.turn]).then(([value]) => {
      if (this.failure) throw this.failure.error; // Nothing goes on behind a gap.
      return { done: second(value) };
    });
    this.turn = begun.then(
      () => undefined,
      () => undefined,
    );
    const settled: Promise<void> = begun
      .then(({ done }) => done)
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .finally(() => this.pending.delete(settled));
    this.pending.add(settled);
  }

  /** Resolves when all is done. Throws what went wrong with any. */
  async end(): Promise<void> {
    await Promise.all(this.pending);
    if (this.failure) throw this.failure.error;
  }
}

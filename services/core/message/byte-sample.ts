// Keeps the first octets of a stream, up to a limit; grows by doubling, so that small ones stay small.

const START_BYTES = 2048;

export class ByteSample {
  private buffer = new Uint8Array(0);
  private used = 0;

  constructor(private readonly limitBytes: number) {}

  get length(): number {
    return this.used;
  }

  /** Copies `source[from..to)`, or as much of it as there is room for. */
  append(source: Uint8Array, from: number, to: number): void {
    const count = Math.min(to - from, this.limitBytes - this.used);
    if (count <= 0) return;
    if (this.used + count > this.buffer.length) this.grow(this.used + count);
    this.buffer.set(source.subarray(from, from + count), this.used);
    this.used += count;
  }

  /** Forgets all but the first `length` octets. */
  truncate(length: number): void {
    this.used = Math.min(this.used, length);
  }

  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.used);
  }

  private grow(needed: number): void {
    const grown = new Uint8Array(Math.min(this.limitBytes, Math.max(needed, this.buffer.length * 2, START_BYTES)));
    grown.set(this.bytes());
    this.buffer = grown;
  }
}

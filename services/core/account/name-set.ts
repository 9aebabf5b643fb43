// An immutable set of names, sorted. A change copies references, not a hash table: a log with thousands of them folds quickly.
import { lowerBound } from '../runtime/lower-bound';

export class NameSet {
  static readonly empty = new NameSet([]);

  private constructor(private readonly sorted: readonly string[]) {}

  get size(): number {
    return this.sorted.length;
  }

  has(name: string): boolean {
    return this.sorted[this.placeOf(name)] === name;
  }

  /** In the order of UTF-16 code units. */
  [Symbol.iterator](): IterableIterator<string> {
    return this.sorted.values();
  }

  with(name: string): NameSet {
    const at = this.placeOf(name);
    return this.sorted[at] === name ? this : new NameSet(this.sorted.toSpliced(at, 0, name));
  }

  without(name: string): NameSet {
    const at = this.placeOf(name);
    return this.sorted[at] === name ? new NameSet(this.sorted.toSpliced(at, 1)) : this;
  }

  /** Where `name` is, or would be. */
  private placeOf(name: string): number {
    return lowerBound(this.sorted.length, (i) => this.sorted[i]! < name);
  }
}

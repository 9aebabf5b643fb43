// An immutable set of UIDs as sorted, disjoint, non-adjacent runs.
import { asUid, type Uid } from '../runtime/numbers';
import { lowerBound } from '../runtime/lower-bound';

export class UidSet {
  static readonly empty = new UidSet([]);

  /** `runs`: first, last, first, last …, ascending, with a gap between runs. */
  private constructor(private readonly runs: readonly number[]) {}

  /** From UIDs in any order, doubled or not. */
  static of(uids: Iterable<number>): UidSet {
    return UidSet.ofAscending([...uids].sort((a, b) => a - b));
  }

  /** From ascending UIDs; doubled ones are one. */
  static ofAscending(uids: Iterable<number>): UidSet {
    const runs: number[] = [];
    for (const uid of uids) {
      const last = runs.length - 1;
      if (last > 0 && uid <= runs[last]! + 1) runs[last] = uid;
      else runs.push(uid, uid);
    }
    return new UidSet(runs);
  }

  /** From [first, last] pairs in any order, overlapping or not. */
  static ofRanges(ranges: Iterable<readonly [number, number]>): UidSet {
    const runs: number[] = [];
    for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
      const end = runs.length - 1;
      if (end > 0 && first <= runs[end]! + 1) runs[end] = Math.max(runs[end]!, last);
      else runs.push(first, last);
    }
    return new UidSet(runs);
  }

  get isEmpty(): boolean {
    return this.runs.length === 0;
  }

  get size(): number {
    let size = 0;
    for (let i = 0; i < this.runs.length; i += 2) size += this.runs[i + 1]! - this.runs[i]! + 1;
    return size;
  }

  has(uid: number): boolean {
    const i = this.runAtOrAfter(uid);
    return i < this.runs.length && this.runs[i]! <= uid;
  }

  /** [first, last] pairs, ascending. */
  *ranges(): Generator<readonly [Uid, Uid]> {
    for (let i = 0; i < this.runs.length; i += 2) yield [asUid(this.runs[i]!), asUid(this.runs[i + 1]!)];
  }

  /** Every UID, ascending. */
  *[Symbol.iterator](): Generator<Uid> {
    for (const [first, last] of this.ranges()) for (let uid: number = first; uid <= last; uid += 1) yield asUid(uid);
  }

  union(other: UidSet): UidSet {
    return UidSet.ofRanges([...this.ranges(), ...other.ranges()]);
  }

  intersection(other: UidSet): UidSet {
    const common: [number, number][] = [];
    const [a, b] = [this.runs, other.runs];
    for (let i = 0, j = 0; i < a.length && j < b.length; ) {
      const first = Math.max(a[i]!, b[j]!);
      const last = Math.min(a[i + 1]!, b[j + 1]!);
      if (first <= last) common.push([first, last]);
      if (a[i + 1]! < b[j + 1]!) i += 2;
      else j += 2;
    }
    return UidSet.ofRanges(common);
  }

  /** Differences between neighbours: small numbers for the log. */
  toDeltas(): number[] {
    return this.runs.map((bound, i) => bound - (i === 0 ? 0 : this.runs[i - 1]!));
  }

  /** Null if `deltas` is not what toDeltas() makes. */
  static fromDeltas(deltas: readonly number[]): UidSet | null {
    let bound = 0;
    const runs = deltas.map((delta) => (bound += delta));
    const isValid = deltas.length % 2 === 0 && Number.isSafeInteger(bound) && deltas.every((delta, i) => Number.isSafeInteger(delta) && delta >= (i === 0 ? 1 : i % 2 === 1 ? 0 : 2));
    return isValid ? new UidSet(runs) : null;
  }

  /** The index of the first run that does not end before `uid`. */
  private runAtOrAfter(uid: number): number {
    return 2 * lowerBound(this.runs.length / 2, (i) => this.runs[2 * i + 1]! < uid);
  }
}

// Sets of numbers: `1:3,5` (RFC 3501 §9 sequence-set, RFC 4315 uid-set).
import type { ByteWriter } from '../../core/wire/byte-writer';

/** A set as its [first, last] pairs, ascending. */
export interface RangeSet {
  ranges(): Iterable<readonly [number, number]>;
}

/** Throws RangeError for an empty set: the grammar has none, so the whole response must be left out. */
export function writeSet(out: ByteWriter, set: RangeSet): void {
  let isEmpty = true;
  for (const [first, last] of set.ranges()) {
    if (!isEmpty) out.ascii(',');
    isEmpty = false;
    out.number(first);
    if (last !== first) out.ascii(':').number(last);
  }
  if (isEmpty) throw new RangeError('an empty set cannot be written');
}

/** The same as text, for response codes. */
export function setText(set: RangeSet): string {
  const parts: string[] = [];
  for (const [first, last] of set.ranges()) parts.push(first === last ? String(first) : `${first}:${last}`);
  if (parts.length === 0) throw new RangeError('an empty set cannot be written');
  return parts.join(',');
}

// SEARCH (RFC 3501 §7.2.5, RFC 7162 §3.1.5) and ESEARCH (RFC 4731 §3.1, RFC 7162 §3.1.10).
import type { ByteWriter } from '../../core/wire/byte-writer';
import { writeSet, type RangeSet } from './sequence-set';
import { writeString } from './strings';

/** `modSeq`: the highest of those found, if the search asked for MODSEQ; null: none. */
export function writeSearch(out: ByteWriter, found: Iterable<number>, modSeq: number | null): void {
  out.ascii('* SEARCH');
  for (const value of found) out.ascii(' ').number(value);
  // search-sort-mod-seq = "(" "MODSEQ" SP mod-sequence-value ")"
  if (modSeq !== null) out.ascii(' (MODSEQ ').number(modSeq).ascii(')');
  out.crlf();
}

/** What was asked for and is there: with nothing found there is no min, max, all and modSeq (RFC 4731 §3.1). */
export interface Esearch {
  readonly tag: string;
  readonly byUid: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly count?: number;
  /** Not empty. */
  readonly all?: RangeSet;
  readonly modSeq?: number;
}

/** esearch-response = "ESEARCH" [search-correlator] [SP "UID"] *(SP search-return-data) (RFC 4466 §2.6.2) */
export function writeEsearch(out: ByteWriter, result: Esearch): void {
  out.ascii('* ESEARCH (TAG ');
  writeString(out, result.tag);
  out.ascii(result.byUid ? ') UID' : ')');
  if (result.min !== undefined) out.ascii(' MIN ').number(result.min);
  if (result.max !== undefined) out.ascii(' MAX ').number(result.max);
  if (result.count !== undefined) out.ascii(' COUNT ').number(result.count);
  if (result.all !== undefined) {
    out.ascii(' ALL ');
    writeSet(out, result.all);
  }
  if (result.modSeq !== undefined) out.ascii(' MODSEQ ').number(result.modSeq);
  out.crlf();
}

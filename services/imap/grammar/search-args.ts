// The arguments of SEARCH: result options (RFC 4731 §3.1), character set, keys.
import { BadCommand, Refusal } from '../../core/runtime/errors';
import { grammarLimits } from './grammar-limits';
import { readList, type Reader } from './reader';
import { readSearchKeys, type SearchKey } from './search-keys';

export type SearchReturn = 'MIN' | 'MAX' | 'ALL' | 'COUNT';

export interface SearchArgs {
  readonly key: SearchKey;
  /** Null: no RETURN, so the answer is SEARCH and not ESEARCH. Never empty: `RETURN ()` is `RETURN (ALL)`. */
  readonly returns: ReadonlySet<SearchReturn> | null;
}

const RETURNS: ReadonlySet<string> = new Set<SearchReturn>(['MIN', 'MAX', 'ALL', 'COUNT']);
const CHARSETS: ReadonlySet<string> = new Set(['US-ASCII', 'UTF-8']);

/** search = "SEARCH" [search-return-opts] SP search-program (RFC 4466 §2.6.1). Reads what follows the name. */
export function readSearchArgs(reader: Reader): SearchArgs {
  reader.readSpace('search keys');
  let returns: ReadonlySet<SearchReturn> | null = null;
  if (reader.tryWord('RETURN')) {
    reader.readSpace('result options');
    returns = readReturns(reader);
    reader.readSpace('search keys');
  }
  // search-program = ["CHARSET" SP charset SP] search-key *(SP search-key)
  if (reader.tryWord('CHARSET')) {
    reader.readSpace('a character set');
    const charset = reader.readAstring('a character set').toString('latin1').toUpperCase();
    if (!CHARSETS.has(charset)) throw new Refusal('BADCHARSET', 'searches are in UTF-8 or US-ASCII');
    reader.readSpace('search keys');
  }
  return { key: readSearchKeys(reader), returns };
}

/** "(" [search-return-opt *(SP search-return-opt)] ")" */
function readReturns(reader: Reader): ReadonlySet<SearchReturn> {
  if (reader.tryEmptyList()) return new Set(['ALL']);
  const names = readList(reader, 'a result option', () => {
    const name = reader.readWord('a result option');
    if (!RETURNS.has(name)) throw new BadCommand('expected MIN, MAX, ALL or COUNT');
    return name as SearchReturn;
  });
  if (names.length > grammarLimits.words) throw new BadCommand('too many result options');
  return new Set(names);
}

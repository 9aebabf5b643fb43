// search-key (RFC 3501 §6.4.4, §9), OLDER and YOUNGER (RFC 5032), MODSEQ (RFC 7162 §3.1.5), SAVEDBEFORE and its like (RFC 8514 §4.3),
// EMAILID and THREADID (RFC 8474 §6). The tree is bounded in size and depth, so whoever evaluates it may recurse.
import { BadCommand, Refusal } from '../../core/runtime/errors';
import { readDate } from './date-time';
import { readFieldName } from './field-name';
import { grammarLimits } from './grammar-limits';
import { readObjectId } from './object-id';
import { utf8OrNull, type Reader } from './reader';
import { readSequenceSet, startsSequenceSet, type SequenceSet } from './sequence-set';

export type SearchKey =
  | { readonly kind: 'all' }
  /** At least two keys. */
  | { readonly kind: 'and'; readonly keys: readonly SearchKey[] }
  | { readonly kind: 'or'; readonly left: SearchKey; readonly right: SearchKey }
  | { readonly kind: 'not'; readonly key: SearchKey }
  /** `name`: `\Seen` and so on, or a keyword. */
  | { readonly kind: 'flag'; readonly name: string }
  | { readonly kind: 'recent' }
  | { readonly kind: 'numbers'; readonly set: SequenceSet }
  | { readonly kind: 'uids'; readonly set: SequenceSet }
  /** `day`: days since 1 January 1970. */
  | { readonly kind: 'date'; readonly of: 'internal' | 'sent' | 'saved'; readonly test: 'before' | 'on' | 'since'; readonly day: number }
  | { readonly kind: 'size'; readonly test: 'larger' | 'smaller'; readonly bytes: number }
  /** `field`: lower case. An empty value: the field is there. */
  | { readonly kind: 'header'; readonly field: string; readonly value: string }
  | { readonly kind: 'text'; readonly of: 'body' | 'text'; readonly value: string }
  | { readonly kind: 'modSeq'; readonly atLeast: number }
  | { readonly kind: 'emailId' | 'threadId'; readonly objectId: string }
  | { readonly kind: 'age'; readonly test: 'older' | 'younger'; readonly seconds: number };

type ReadKey = (search: SearchReader) => SearchKey;

const FLAG_KEYS: readonly (readonly [string, string])[] = [
  ['ANSWERED', '\\Answered'], ['DELETED', '\\Deleted'], ['DRAFT', '\\Draft'], ['FLAGGED', '\\Flagged'], ['SEEN', '\\Seen'],
];

const not = (key: SearchKey): SearchKey => ({ kind: 'not', key });
const RECENT: SearchKey = { kind: 'recent' };

const keys = new Map<string, ReadKey>([
  ['ALL', () => ({ kind: 'all' })],
  ...FLAG_KEYS.map(([key, name]) => [key, () => ({ kind: 'flag', name })] as const satisfies [string, ReadKey]),
  ...FLAG_KEYS.map(([key, name]) => [`UN${key}`, () => not({ kind: 'flag', name })] as const satisfies [string, ReadKey]),
  ['NEW', () => ({ kind: 'and', keys: [RECENT, not({ kind: 'flag', name: '\\Seen' })] })],
  ['OLD', () => not(RECENT)],
  ['RECENT', () => RECENT],
  ['KEYWORD', (search) => ({ kind: 'flag', name: search.keyword() })],
  ['UNKEYWORD', (search) => not({ kind: 'flag', name: search.keyword() })],
  ['BEFORE', (search) => ({ kind: 'date', of: 'internal', test: 'before', day: search.date() })],
  ['ON', (search) => ({ kind: 'date', of: 'internal', test: 'on', day: search.date() })],
  ['SINCE', (search) => ({ kind: 'date', of: 'internal', test: 'since', day: search.date() })],
  ['SENTBEFORE', (search) => ({ kind: 'date', of: 'sent', test: 'before', day: search.date() })],
  ['SENTON', (search) => ({ kind: 'date', of: 'sent', test: 'on', day: search.date() })],
  ['SENTSINCE', (search) => ({ kind: 'date', of: 'sent', test: 'since', day: search.date() })],
  ['SAVEDBEFORE', (search) => ({ kind: 'date', of: 'saved', test: 'before', day: search.date() })],
  ['SAVEDON', (search) => ({ kind: 'date', of: 'saved', test: 'on', day: search.date() })],
  ['SAVEDSINCE', (search) => ({ kind: 'date', of: 'saved', test: 'since', day: search.date() })],
  ['SAVEDATESUPPORTED', () => ({ kind: 'all' })], // Every mailbox has it.
  ['BCC', (search) => ({ kind: 'header', field: 'bcc', value: search.text() })],
  ['CC', (search) => ({ kind: 'header', field: 'cc', value: search.text() })],
  ['FROM', (search) => ({ kind: 'header', field: 'from', value: search.text() })],
  ['SUBJECT', (search) => ({ kind: 'header', field: 'subject', value: search.text() })],
  ['TO', (search) => ({ kind: 'header', field: 'to', value: search.text() })],
  ['HEADER', (search) => ({ kind: 'header', field: search.fieldName(), value: search.text() })],
  ['BODY', (search) => ({ kind: 'text', of: 'body', value: search.text() })],
  ['TEXT', (search) => ({ kind: 'text', of: 'text', value: search.text() })],
  ['LARGER', (search) => ({ kind: 'size', test: 'larger', bytes: search.number63('a size') })],
  ['SMALLER', (search) => ({ kind: 'size', test: 'smaller', bytes: search.number63('a size') })],
  ['UID', (search) => ({ kind: 'uids', set: search.set() })],
  ['NOT', (search) => not(search.nested(() => search.nextKey()))],
  ['OR', (search) => search.nested(() => ({ kind: 'or', left: search.nextKey(), right: search.nextKey() }))],
  ['OLDER', (search) => ({ kind: 'age', test: 'older', seconds: search.interval() })],
  ['YOUNGER', (search) => ({ kind: 'age', test: 'younger', seconds: search.interval() })],
  ['EMAILID', (search) => ({ kind: 'emailId', objectId: search.objectId() })],
  ['THREADID', (search) => ({ kind: 'threadId', objectId: search.objectId() })],
  ['MODSEQ', (search) => ({ kind: 'modSeq', atLeast: search.modSeq() })],
]);

/** search-key *(SP search-key), up to the end of the command. */
export function readSearchKeys(reader: Reader): SearchKey {
  const search = new SearchReader(reader);
  const found = search.keyList();
  reader.readEnd();
  return found;
}

/** Whether a key anywhere in the tree speaks of message numbers: such a UID SEARCH must not see expunges (RFC 7162 §3.2.10.2). */
export function usesNumbers(key: SearchKey): boolean {
  if (key.kind === 'and') return key.keys.some(usesNumbers);
  if (key.kind === 'or') return usesNumbers(key.left) || usesNumbers(key.right);
  if (key.kind === 'not') return usesNumbers(key.key);
  return key.kind === 'numbers';
}

class SearchReader {
  readonly #reader: Reader;
  #keyCount = 0;
  #depth = 0;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** One key, or several that all must hold. */
  keyList(): SearchKey {
    const found = [this.#key()];
    while (!this.#reader.isAtEnd && this.#reader.tryChar(' ')) found.push(this.#key());
    return found.length === 1 ? found[0]! : { kind: 'and', keys: found };
  }

  nextKey(): SearchKey {
    this.#reader.readSpace('a search key');
    return this.#key();
  }

  nested<T>(read: () => T): T {
    this.#depth++;
    if (this.#depth > grammarLimits.searchDepth) throw new Refusal('LIMIT', `search keys may be nested ${grammarLimits.searchDepth} deep`);
    const found = read();
    this.#depth--;
    return found;
  }

  keyword(): string {
    this.#reader.readSpace('a keyword');
    return this.#reader.readAtom('a keyword');
  }

  date(): number {
    this.#reader.readSpace('a date');
    return readDate(this.#reader);
  }

  /** An astring; without CHARSET it is taken for UTF-8 too, which contains US-ASCII. */
  text(): string {
    this.#reader.readSpace('a search text');
    const text = utf8OrNull(this.#reader.readAstring('a search text'));
    if (text === null) throw new Refusal('BADCHARSET', 'the search text is not UTF-8');
    return text;
  }

  fieldName(): string {
    this.#reader.readSpace('a header field');
    return readFieldName(this.#reader).toLowerCase();
  }

  number63(what: string): number {
    this.#reader.readSpace(what);
    return this.#reader.readNumber63(what);
  }

  set(): SequenceSet {
    this.#reader.readSpace('a set of UIDs');
    return readSequenceSet(this.#reader);
  }

  objectId(): string {
    this.#reader.readSpace('an object id');
    return readObjectId(this.#reader);
  }

  /** nz-number (RFC 5032 §3) */
  interval(): number {
    this.#reader.readSpace('a number of seconds');
    return this.#reader.readNzNumber('the number of seconds');
  }

  /** [search-modseq-ext] SP mod-sequence-valzer; entry name and type make no difference (RFC 7162 §3.1.5). */
  modSeq(): number {
    this.#reader.readSpace('a mod-sequence');
    if (this.#reader.isAt('"')) {
      this.#reader.readString('an entry name');
      this.#reader.readSpace('an entry type');
      const type = this.#reader.readWord('an entry type');
      if (type !== 'PRIV' && type !== 'SHARED' && type !== 'ALL') throw new BadCommand('expected priv, shared or all');
      this.#reader.readSpace('a mod-sequence');
    }
    return this.#reader.readNumber63('a mod-sequence');
  }

  #key(): SearchKey {
    this.#keyCount++;
    if (this.#keyCount > grammarLimits.searchKeys) throw new Refusal('LIMIT', `a search takes at most ${grammarLimits.searchKeys} keys`);
    if (this.#reader.isAt('(')) return this.nested(() => this.#parenthesised());
    if (startsSequenceSet(this.#reader)) return { kind: 'numbers', set: readSequenceSet(this.#reader) };
    const read = keys.get(this.#reader.readWord('a search key'));
    if (read === undefined) throw new BadCommand('unknown search key');
    return read(this);
  }

  /** "(" search-key *(SP search-key) ")" */
  #parenthesised(): SearchKey {
    this.#reader.readChar('(');
    const found = this.keyList();
    if (!this.#reader.tryChar(')')) throw new BadCommand('expected a space and a search key, or ")"');
    return found;
  }
}

// Search keys (RFC 3501 §6.4.4) as functions of what is known of a message. Three values: undefined is "not known yet", so that a
// cheap key decides for a dear one wherever logic lets it.
import type { Row } from '../../core/account/chunk';
import { flagNumber } from '../../core/account/flag';
import { SubstringMatcher } from '../../core/message/substring-matcher';
import { foldForSearch } from '../../core/message/text';
import type { SearchKey } from '../grammar/search-keys';
import { emailIdOf, objectIdBytes, threadIdOf } from '../object-ids';
import type { Evidence } from './evidence';
import { sentDay } from './sent-day';
import type { TextQuery } from './text-findings';

export type Verdict = boolean | undefined;
export type Test = (message: Evidence) => Verdict;

/** What the keys are about. */
export interface SearchScope {
  /** What `*` is, among numbers and among UIDs. */
  readonly exists: number;
  readonly lastUid: number;
  /** The account's dictionary. */
  readonly keywords: readonly string[];
  readonly isRecent: (uid: number) => boolean;
  readonly nowMs: number;
}

export interface CompiledSearch {
  readonly test: Test;
  /** The strings that TEXT and BODY keys look for. */
  readonly texts: readonly TextQuery[];
  readonly usesModSeq: boolean;
}

const DAY_MS = 86_400_000;
const always: Test = () => true;
const never: Test = () => false;

/** Recursion ends where the grammar's depth limit does. */
export function compileSearch(key: SearchKey, scope: SearchScope): CompiledSearch {
  const compiler = new Compiler(scope);
  const test = compiler.compile(key);
  return { test, texts: compiler.texts, usesModSeq: compiler.usesModSeq };
}

class Compiler {
  readonly texts: TextQuery[] = [];
  usesModSeq = false;

  constructor(private readonly scope: SearchScope) {}

  compile(key: SearchKey): Test {
    switch (key.kind) {
      case 'all':
        return always;
      case 'and':
        return every(key.keys.map((each) => this.compile(each)));
      case 'or':
        // De Morgan: one way of combining is enough.
        return inverse(every([inverse(this.compile(key.left)), inverse(this.compile(key.right))]));
      case 'not':
        return inverse(this.compile(key.key));
      case 'flag':
        return this.flag(key.name);
      case 'recent':
        return ({ row }) => this.scope.isRecent(row.uid);
      case 'numbers':
        return ({ number }) => key.set.has(number, this.scope.exists);
      case 'uids':
        return ({ row }) => key.set.has(row.uid, this.scope.lastUid);
      case 'date':
        return onDate(key);
      case 'size':
        return key.test === 'larger' ? ofRow(({ sizeBytes }) => sizeBytes > key.bytes) : ofRow(({ sizeBytes }) => sizeBytes < key.bytes);
      case 'header':
        return header(key.field, foldForSearch(key.value));
      case 'text':
        return this.text(key.of === 'body' ? 'BODY' : 'TEXT', foldForSearch(key.value));
      case 'modSeq':
        this.usesModSeq = true;
        return ofRow(({ modSeq }) => modSeq >= key.atLeast); // RFC 7162 §3.1.5
      case 'emailId':
        return ofId(objectIdBytes('M', key.objectId), emailIdOf);
      case 'threadId':
        return ofId(objectIdBytes('T', key.objectId), threadIdOf);
      case 'age':
        break;
    }
    return this.age(key);
  }

  private flag(name: string): Test {
    const flag = flagNumber(name, this.scope.keywords);
    return flag === null ? never : ofRow(({ flags }) => flags.includes(flag));
  }

  private text(scope: TextQuery['scope'], needle: string): Test {
    if (needle === '') return always;
    const query: TextQuery = { scope, needle };
    this.texts.push(query);
    return (message) => message.texts?.has(query) ?? message.want('text');
  }

  /** RFC 5032 §2: to the resolution of a second, as INTERNALDATE tells it. */
  private age({ test, seconds }: Extract<SearchKey, { kind: 'age' }>): Test {
    const target = wholeSeconds(this.scope.nowMs) - seconds;
    return test === 'older' ? ofRow((row) => wholeSeconds(row.internalDateMs) <= target) : ofRow((row) => wholeSeconds(row.internalDateMs) >= target);
  }
}

function ofRow(test: (row: Row) => boolean): Test {
  return ({ row }) => test(row);
}

function every(tests: readonly Test[]): Test {
  return (message) => {
    let verdict: Verdict = true;
    for (const test of tests) {
      const each = test(message);
      if (each === false) return false;
      if (each === undefined) verdict = undefined;
    }
    return verdict;
  };
}

function inverse(test: Test): Test {
  return (message) => {
    const verdict = test(message);
    return verdict === undefined ? undefined : !verdict;
  };
}

function wholeSeconds(timeMs: number): number {
  return Math.floor(timeMs / 1000);
}

/** `sought` null: no message has such an id. */
function ofId(sought: Buffer | null, idOf: (row: Row) => Uint8Array): Test {
  return sought === null ? never : ofRow((row) => sought.equals(idOf(row)));
}

type DateKey = Extract<SearchKey, { kind: 'date' }>;

function isOnTime(day: number, key: DateKey): boolean {
  if (key.test === 'on') return day === key.day;
  return key.test === 'before' ? day < key.day : day >= key.day;
}

/** The day that INTERNALDATE or SAVEDATE shows: this server tells them in UTC. */
function onDate(key: DateKey): Test {
  if (key.of === 'sent') return sentDate(key);
  if (key.of === 'saved') return ofRow(({ savedAtMs }) => isOnTime(Math.floor(savedAtMs / DAY_MS), key));
  return ofRow(({ internalDateMs }) => isOnTime(Math.floor(internalDateMs / DAY_MS), key));
}

/** A message that does not say when it was sent was sent neither before nor after. */
function sentDate(key: DateKey): Test {
  return (message) => {
    const date = message.sentDate();
    if (date === undefined) return undefined;
    const day = date === null ? null : sentDay(date);
    return day !== null && isOnTime(day, key);
  };
}

/** The empty string is in every field that is there. */
function header(field: string, needle: string): Test {
  const matcher = new SubstringMatcher(needle);
  return (message) => {
    const text = message.folded(field);
    if (text === undefined) return undefined;
    if (text === null) return false;
    matcher.reset();
    return needle === '' || matcher.feed(text);
  };
}

// Up to CHUNK_SIZE messages of one mailbox, by UID. Immutable: a change makes a new chunk that shares what it did not touch.
import type { ModSeq, Uid } from '../runtime/numbers';
import { DELETED, FIRST_KEYWORD, SEEN, type FlagNumber } from './flag';
import type { NewMessage } from './record';
import { lowerBound } from '../runtime/lower-bound';

/** A flag change copies one chunk's flags and mod-sequences: 512 × 9 bytes. */
export const CHUNK_SIZE = 512;

const WORDS = 4; // 128 keywords

/** What never changes about a message and is needed only one message at a time. */
export type MessageFacts = Pick<NewMessage, 'blobId' | 'digest' | 'summary' | 'threadKey' | 'emailId' | 'pop3Uidl'> & { readonly savedAtMs: number };

/** One message as it is in one version. */
export interface Row extends MessageFacts {
  readonly uid: Uid;
  readonly sizeBytes: number;
  readonly internalDateMs: number;
  /** Ascending. */
  readonly flags: readonly FlagNumber[];
  readonly modSeq: ModSeq;
}

interface Columns {
  readonly uids: Uint32Array;
  readonly sizes: Float64Array;
  readonly dates: Float64Array;
  readonly facts: readonly MessageFacts[];
}

export class Chunk {
  private constructor(
    /** The first UID that the chunk ever held: its name in every version. */
    readonly firstUid: number,
    private readonly columns: Columns,
    private readonly system: Uint8Array,
    /** WORDS words a message; null while none has a keyword. */
    private readonly keywords: Uint32Array | null,
    private readonly modSeqs: Float64Array,
  ) {}

  static readonly empty = (firstUid: number): Chunk =>
    new Chunk(firstUid, { uids: new Uint32Array(), sizes: new Float64Array(), dates: new Float64Array(), facts: [] }, new Uint8Array(), null, new Float64Array());

  get length(): number {
    return this.columns.uids.length;
  }

  uidAt(i: number): Uid {
    return this.columns.uids[i] as Uid;
  }

  modSeqAt(i: number): ModSeq {
    return this.modSeqs[i] as ModSeq;
  }

  sizeAt(i: number): number {
    return this.columns.sizes[i]!;
  }

  hasFlag(i: number, flag: FlagNumber): boolean {
    if (flag < FIRST_KEYWORD) return (this.system[i]! & (1 << flag)) !== 0;
    const bit = flag - FIRST_KEYWORD;
    return this.keywords !== null && (this.keywords[i * WORDS + (bit >>> 5)]! & (1 << (bit & 31))) !== 0;
  }

  isSeen(i: number): boolean {
    return this.hasFlag(i, SEEN);
  }

  isDeleted(i: number): boolean {
    return this.hasFlag(i, DELETED);
  }

  row(i: number): Row {
    const { sizes, dates, facts } = this.columns;
    // Named one by one: a spread costs ten times as much, and rows are made a hundred thousand at a time.
    const { blobId, digest, summary, threadKey, emailId, pop3Uidl, savedAtMs } = facts[i]!;
    return {
      blobId,
      digest,
      summary,
      threadKey,
      emailId,
      pop3Uidl,
      savedAtMs,
      uid: this.uidAt(i),
      sizeBytes: sizes[i]!,
      internalDateMs: dates[i]!,
      flags: this.flagsAt(i),
      modSeq: this.modSeqAt(i),
    };
  }

  flagsAt(i: number): FlagNumber[] {
    const flags: FlagNumber[] = [];
    for (let flag = 0; flag < FIRST_KEYWORD; flag += 1) if (this.hasFlag(i, flag)) flags.push(flag);
    if (this.keywords === null) return flags;
    for (let word = 0; word < WORDS; word += 1) {
      for (let bits = this.keywords[i * WORDS + word]!; bits !== 0; bits &= bits - 1) {
        flags.push(FIRST_KEYWORD + word * 32 + (31 - Math.clz32(bits & -bits)));
      }
    }
    return flags;
  }

  /** The number of messages with a UID below `uid`: also where `uid` is, if it is here. */
  rank(uid: number): number {
    const { uids } = this.columns;
    return lowerBound(uids.length, (i) => uids[i]! < uid);
  }

  withAdded(messages: readonly NewMessage[], modSeq: number, savedAtMs: number): Chunk {
    const { uids, sizes, dates, facts } = this.columns;
    const old = this.length;
    const length = old + messages.length;
    const grown: Columns = {
      uids: grow(uids, new Uint32Array(length)),
      sizes: grow(sizes, new Float64Array(length)),
      dates: grow(dates, new Float64Array(length)),
      facts: [...facts, ...messages.map(({ blobId, digest, summary, threadKey, emailId, pop3Uidl }) => ({ blobId, digest, summary, threadKey, emailId, pop3Uidl, savedAtMs }))],
    };
    const system = grow(this.system, new Uint8Array(length));
    const hasKeywords = this.keywords !== null || messages.some(({ flags }) => flags.some((flag) => flag >= FIRST_KEYWORD));
    const keywords = hasKeywords ? grow(this.keywords ?? new Uint32Array(), new Uint32Array(length * WORDS)) : null;
    const modSeqs = grow(this.modSeqs, new Float64Array(length)).fill(modSeq, old);
    for (const [k, message] of messages.entries()) {
      grown.uids[old + k] = message.uid;
      grown.sizes[old + k] = message.sizeBytes;
      grown.dates[old + k] = message.internalDateMs;
      for (const flag of message.flags) setFlag(system, keywords, old + k, flag, true);
    }
    return new Chunk(this.firstUid, grown, system, keywords, modSeqs);
  }

  /** `at`: indexes in this chunk. */
  withFlag(at: readonly number[], flag: FlagNumber, set: boolean, modSeq: number): Chunk {
    const system = flag < FIRST_KEYWORD ? this.system.slice() : this.system;
    const keywords = flag < FIRST_KEYWORD ? this.keywords : (this.keywords?.slice() ?? new Uint32Array(this.length * WORDS));
    const modSeqs = this.modSeqs.slice();
    for (const i of at) {
      setFlag(system, keywords, i, flag, set);
      modSeqs[i] = modSeq;
    }
    return new Chunk(this.firstUid, this.columns, system, keywords, modSeqs);
  }

  /** `at`: ascending indexes in this chunk. */
  without(at: readonly number[]): Chunk {
    const gone = new Set(at);
    const stays = (_: unknown, i: number): boolean => !gone.has(i);
    const { uids, sizes, dates, facts } = this.columns;
    return new Chunk(
      this.firstUid,
      { uids: uids.filter(stays), sizes: sizes.filter(stays), dates: dates.filter(stays), facts: facts.filter(stays) },
      this.system.filter(stays),
      this.keywords?.filter((_word, w) => !gone.has(Math.floor(w / WORDS))) ?? null,
      this.modSeqs.filter(stays),
    );
  }
}

function grow<T extends Uint8Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function setFlag(system: Uint8Array, keywords: Uint32Array | null, i: number, flag: FlagNumber, set: boolean): void {
  const bit = flag < FIRST_KEYWORD ? flag : (flag - FIRST_KEYWORD) & 31;
  const words = flag < FIRST_KEYWORD ? system : keywords!;
  const word = flag < FIRST_KEYWORD ? i : i * WORDS + ((flag - FIRST_KEYWORD) >>> 5);
  words[word] = set ? words[word]! | (1 << bit) : words[word]! & ~(1 << bit);
}

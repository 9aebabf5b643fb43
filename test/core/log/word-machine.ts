// The smallest machine that shows everything of the log core: words in the order in which they were committed.
import { decode, encode } from '@msgpack/msgpack';
import type { Decide } from '../../../services/core/log/committer';
import type { Machine } from '../../../services/core/log/machine';
import { Damaged, Refusal } from '../../../services/core/runtime/errors';

export interface Word {
  readonly word: string;
  readonly modSeq: number;
  readonly timeMs: number;
}
export type Words = readonly Word[];

export const wordMachine: Machine<Words, string> = {
  initial: [],
  apply: (state, word, { modSeq, timeMs }) => {
    if (word === 'impossible') throw new Damaged('this word does not fit');
    if (word === 'crash') throw new TypeError('a bug in apply');
    return [...state, { word, modSeq, timeMs }];
  },
  // 'raise 500': from the next entry on, mod-sequences are at least 500.
  modSeqBase: (state) => Math.max(0, ...state.map(({ word }) => Number(/^raise (\d+)$/.exec(word)?.[1] ?? 0))),
  totals: (state, changes) => (changes.length === 0 ? [] : [[1, state.length, 0, 0, 0, 0, state.length + 1]]),
  encode: (changes) => encode(changes),
  encodedBytesMax: (word) => 5 + Buffer.byteLength(word),
  decode: (bytes) => decode(bytes) as string[],
};

/** Always changes something; tells how many words came before. */
export const say = (word: string): Decide<Words, string, number> => (state) => ({ change: word, result: state.length });

/** Changes nothing if the word is there already. */
export const sayOnce = (word: string): Decide<Words, string, string> => (state) =>
  state.some((known) => known.word === word) ? { change: null, result: 'was there' } : { change: word, result: 'said' };

/** Refuses if the word is not there. */
export const need = (word: string): Decide<Words, string, string> => (state) => {
  if (!state.some((known) => known.word === word)) throw new Refusal('NONEXISTENT', `no ${word}`);
  return { change: null, result: 'is there' };
};

/** Refuses if the word is there. */
export const sayFirst = (word: string): Decide<Words, string, string> => (state) => {
  if (state.some((known) => known.word === word)) throw new Refusal('ALREADYEXISTS', `${word} is there`);
  return { change: word, result: 'said' };
};

// SEARCH and UID SEARCH: RFC 3501 §6.4.4, RFC 4731, RFC 7162 §3.1.5 and §3.1.10.
import { UidSet } from '../../core/account/uid-set';
import { ByteWriter } from '../../core/wire/byte-writer';
import { enableCondstore } from '../condstore';
import type { Command } from '../grammar/command';
import { usesNumbers, type SearchKey } from '../grammar/search-keys';
import type { SearchReturn } from '../grammar/search-args';
import { SELECTED, type Context, type Handler } from '../handler';
import { MessageBodies } from '../../core/account/message-bodies';
import { numberRanges, type NumberRange } from '../number-ranges';
import { writeEsearch, writeSearch } from '../responses/search';
import { untagged } from '../responses/status';
import { Finder } from '../search/finder';
import { compileSearch, type CompiledSearch } from '../search/search-test';
import type { Selected } from '../session';
import { isRecent } from '../sync';
import { Turns } from '../../core/runtime/turns';

type SearchCommand = Extract<Command, { kind: 'search' }>;

/** What was found, ascending: numbers or UIDs; and their mod-sequences, if the search is about those. */
interface Found {
  readonly values: number[];
  readonly modSeqs: number[];
  /** Messages that could not be looked into. */
  unread: number;
}

export const search: Handler<SearchCommand> = {
  states: SELECTED,
  reads: 'heard',
  // RFC 3501 §7.4.1; RFC 7162 §3.2.10.2: nor may numbers in a UID SEARCH's criteria change.
  syncs: ({ byUid, key }) => (byUid && !usesNumbers(key) ? 'all' : 'hold'),
  async *run(command, context) {
    const { session, node } = context;
    const { selected } = session;
    const compiled = compileSearch(command.key, {
      exists: selected.view.exists,
      lastUid: selected.view.uidAt(selected.view.exists) ?? 0,
      keywords: session.account.state.keywords,
      isRecent: (uid) => isRecent(selected, uid),
      nowMs: node.clock.nowMs(),
    });
    // RFC 7162 §3.1
    if (compiled.usesModSeq) yield enableCondstore(session);
    const found = yield* findAll(command, compiled, context);
    yield answer(command, found, compiled.usesModSeq);
    // RFC 3501 §7.1.2: a warning; what was found is right, and perhaps not all.
    if (found.unread > 0) yield untagged('NO', `${found.unread} messages cannot be read and were not searched`, 'SERVERBUG');
    return { text: 'SEARCH completed' };
  },
};

/** Throws Unavailable if the store does not give what is needed. Yields as Finder.run() does. */
async function* findAll({ key, byUid }: SearchCommand, compiled: CompiledSearch, { session, node, log }: Context): AsyncGenerator<Uint8Array, Found> {
  const { selected, account } = session;
  const found: Found = { values: [], modSeqs: [], unread: 0 };
  const finder = new Finder(compiled, new MessageBodies(node.blobs, node.clock, account.id), new Turns(node.clock), {
    found({ number, row }) {
      found.values.push(byUid ? row.uid : number);
      if (compiled.usesModSeq) found.modSeqs.push(row.modSeq);
    },
    failed(error, { row }, isGhost) {
      const fields = { error, account: account.id, mailbox: selected.mailbox, uid: row.uid };
      if (isGhost) {
        log.warn(fields, 'a message that was expunged cannot be searched any more');
      } else {
        log.error(fields, 'a message cannot be searched');
        found.unread += 1;
      }
    },
  });
  yield* finder.run(searchedNumbers(key, selected), selected);
  return found;
}

/** The numbers among which all matches are: those of a set that must hold, which most clients give. */
function searchedNumbers(key: SearchKey, selected: Selected): Iterable<NumberRange> {
  const keys = key.kind === 'and' ? key.keys : [key];
  for (const each of keys) {
    if (each.kind === 'numbers') return numberRanges(selected, each.set, false);
    if (each.kind === 'uids') return numberRanges(selected, each.set, true);
  }
  return selected.view.exists > 0 ? [[1, selected.view.exists]] : [];
}

function answer({ returns, byUid, tag }: SearchCommand & { readonly tag: string }, found: Found, usesModSeq: boolean): Uint8Array {
  const out = new ByteWriter();
  const { values } = found;
  if (returns === null) {
    writeSearch(out, values, usesModSeq && values.length > 0 ? highest(found.modSeqs) : null); // RFC 7162 §3.1.6
    return out.take();
  }
  const isEmpty = values.length === 0;
  writeEsearch(out, {
    tag,
    byUid,
    ...(returns.has('MIN') && !isEmpty && { min: values[0]! }),
    ...(returns.has('MAX') && !isEmpty && { max: values.at(-1)! }),
    ...(returns.has('COUNT') && { count: values.length }),
    ...(returns.has('ALL') && !isEmpty && { all: UidSet.ofAscending(values) }),
    ...(usesModSeq && !isEmpty && { modSeq: returnedModSeq(found.modSeqs, returns) }),
  });
  return out.take();
}

/** RFC 4731 §3.2, RFC 7162 §3.1.10: of the messages that the answer names; of all if it speaks of all. */
function returnedModSeq(modSeqs: readonly number[], returns: ReadonlySet<SearchReturn>): number {
  if (returns.has('ALL') || returns.has('COUNT')) return highest(modSeqs);
  return Math.max(returns.has('MIN') ? modSeqs[0]! : 0, returns.has('MAX') ? modSeqs.at(-1)! : 0);
}

function highest(modSeqs: readonly number[]): number {
  return modSeqs.reduce((most, modSeq) => Math.max(most, modSeq), 0);
}

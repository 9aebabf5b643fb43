// LIST and LSUB: RFC 3501 §6.3.8, §6.3.9, with the attributes of RFC 3348 (CHILDREN) and RFC 6154 (SPECIAL-USE).
import { SEPARATOR, type Folder, type FolderTree } from '../../core/account/folder-tree';
import type { NameSet } from '../../core/account/name-set';
import type { MailboxId } from '../../core/runtime/numbers';
import { ByteWriter } from '../../core/wire/byte-writer';
import type { Command } from '../grammar/command';
import { AUTHENTICATED, type Handler } from '../handler';
import { isDead, ListPattern, type PatternState } from '../list-pattern';
import { writeListEntry } from '../responses/list';
import { Turns } from '../../core/runtime/turns';

type ListCommand = Extract<Command, { kind: 'list' | 'lsub' }>;

interface Entry {
  readonly name: string;
  readonly attributes: readonly string[];
}

/** So much is made before it is written. */
const PIECE_BYTES = 64 * 1024;

export const list: Handler<ListCommand> = {
  states: AUTHENTICATED,
  reads: 'fresh',
  syncs: 'all',
  tellsAtEnd: true,
  async *run({ kind, pattern }, { session, node }) {
    const { tree, subscriptions } = session.account.state;
    const writer = new ByteWriter();
    const turns = new Turns(node.clock);
    for (const entry of kind === 'list' ? listed(tree, pattern) : subscribed(subscriptions, pattern)) {
      if (turns.isOver()) await turns.giveWay();
      if (!entry) continue;
      writeListEntry(writer, kind === 'list' ? 'LIST' : 'LSUB', entry.attributes, SEPARATOR, entry.name);
      if (writer.lengthBytes >= PIECE_BYTES) yield writer.take();
    }
    yield writer.take();
    return { text: `${kind.toUpperCase()} completed` };
  },
};

export const lsub = list;

/** Every folder that matches, null for others that were looked at. Subtrees in which nothing can match are not entered. */
function* listed(tree: FolderTree, pattern: string): Generator<Entry | null> {
  if (pattern === '') {
    // RFC 3501 §6.3.8: a special request for the separator and the root name.
    yield { name: '', attributes: ['\\Noselect'] };
    return;
  }
  const matcher = new ListPattern(pattern);
  const under = function* (parent: MailboxId | 0, prefix: string, state: PatternState | null): Generator<Entry | null> {
    for (const folder of inOrder(tree.childrenOf(parent), parent)) {
      const here = state ? matcher.after(state, folder.name) : matcher.afterFirst(folder.name);
      const name = prefix + folder.name;
      yield matcher.accepts(here) ? { name, attributes: attributesOf(tree, folder) } : null;
      if (!isDead(here)) yield* under(folder.id, name + SEPARATOR, matcher.after(here, SEPARATOR));
    }
  };
  yield* under(0, '', null);
}

/** By name, INBOX first. */
function inOrder(siblings: readonly Folder[], parent: MailboxId | 0): Folder[] {
  const key = ({ name }: Folder): string => (parent === 0 && name === 'INBOX' ? '' : name);
  return [...siblings].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function attributesOf(tree: FolderTree, { id, selectable, specialUse }: Folder): string[] {
  const attributes = [tree.hasChildren(id) ? '\\HasChildren' : '\\HasNoChildren'];
  if (!selectable) attributes.unshift('\\Noselect');
  if (specialUse) attributes.push(specialUse);
  return attributes;
}

/**
 * Every subscription that matches, whether or not there is such a mailbox, null for others that were looked at. Where `%` ends the pattern, a name that is not subscribed
 * but has subscriptions below it is told as \Noselect (RFC 3501 §6.3.9).
 */
function* subscribed(subscriptions: NameSet, pattern: string): Generator<Entry | null> {
  const matcher = new ListPattern(pattern);
  const found = new Map<string, readonly string[]>();
  for (const name of subscriptions) {
    const parts = name.split(SEPARATOR);
    let state = matcher.afterFirst(parts[0]!);
    let read = parts[0]!;
    for (const part of parts.slice(1)) {
      if (pattern.endsWith('%') && matcher.accepts(state) && !subscriptions.has(read)) found.set(read, ['\\Noselect']);
      state = matcher.after(matcher.after(state, SEPARATOR), part);
      read += SEPARATOR + part;
    }
    if (matcher.accepts(state)) found.set(name, []);
    yield null;
  }
  const names = [...found.keys()].sort();
  for (const name of names) yield { name, attributes: found.get(name)! };
}

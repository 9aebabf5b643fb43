// The oracle's own idea of CREATE, DELETE and RENAME (RFC 3501 §6.3.3–§6.3.5): on full names, where production works on ids and parents.

/** Full name → the mailbox's number, null for a name without messages, 'new' for a mailbox that the command makes. */
export type Tree = Map<string, number | null | 'new'>;

export class Refused extends Error {
  constructor(readonly code: string | null) {
    super();
  }
}

export function treeAfterCreate(before: Tree, name: string): Tree {
  requireName(name);
  const tree = new Map(before);
  if ((tree.get(name) ?? null) !== null) throw new Refused('ALREADYEXISTS');
  makeParents(tree, name);
  return tree.set(name, 'new');
}

export function treeAfterDelete(before: Tree, name: string): Tree {
  const tree = new Map(before);
  if (!tree.has(name)) throw new Refused('NONEXISTENT');
  if (name === 'INBOX') throw new Refused('CANNOT');
  const hasChildren = [...tree.keys()].some((other) => other.startsWith(`${name}/`));
  if (hasChildren && tree.get(name) === null) throw new Refused(null);
  if (hasChildren) tree.set(name, null);
  else {
    tree.delete(name);
    dropEmptyNames(tree, parentOf(name));
  }
  return tree;
}

export function treeAfterRename(before: Tree, from: string, to: string): Tree {
  if (!before.has(from)) throw new Refused('NONEXISTENT');
  requireName(to);
  if (before.has(to)) throw new Refused('ALREADYEXISTS');
  const tree: Tree = new Map();
  if (from === 'INBOX') {
    for (const [name, id] of before) tree.set(name, id);
    tree.set('INBOX', 'new');
    makeParents(tree, to);
    return tree.set(to, before.get('INBOX')!);
  }
  if (to.startsWith(`${from}/`)) throw new Refused('CANNOT');
  for (const [name, id] of before) tree.set(name === from || name.startsWith(`${from}/`) ? to + name.slice(from.length) : name, id);
  makeParents(tree, to);
  dropEmptyNames(tree, parentOf(from));
  return tree;
}

const parentOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('/')));

function makeParents(tree: Tree, name: string): void {
  for (let parent = parentOf(name); parent !== ''; parent = parentOf(parent)) if (!tree.has(parent)) tree.set(parent, 'new');
}

function dropEmptyNames(tree: Tree, from: string): void {
  for (let name = from; name !== '' && tree.get(name) === null; name = parentOf(name)) {
    if ([...tree.keys()].some((other) => other.startsWith(`${name}/`))) return;
    tree.delete(name);
  }
}

export function requireName(name: string): void {
  if (name.split('/').includes('') || name.startsWith('Other Users/')) throw new Refused('CANNOT');
}

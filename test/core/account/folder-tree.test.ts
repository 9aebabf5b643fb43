import * as fc from 'fast-check';
import { FolderTree, type Folder } from '../../../services/core/account/folder-tree';
import { Damaged } from '../../../services/core/runtime/errors';
import { asMailboxId } from '../../../services/core/runtime/numbers';

const folder = (id: number, parent: number, name: string): Folder => ({
  id: asMailboxId(id),
  parent: parent === 0 ? 0 : asMailboxId(parent),
  name,
  specialUse: null,
  selectable: true,
});
const tree = [folder(1, 0, 'INBOX'), folder(2, 0, 'Work'), folder(3, 2, 'b'), folder(4, 2, 'a'), folder(5, 3, 'x'), folder(6, 0, 'A')].reduce(
  (made, each) => made.with(each),
  FolderTree.empty,
);
const names = (of: FolderTree): string[] => [...of.walk()].map(([name]) => name);

test('a walk goes by name, INBOX first, parents before children', () => {
  expect(names(tree)).toEqual(['INBOX', 'A', 'Work', 'Work/a', 'Work/b', 'Work/b/x']);
});

test('a walk below a folder tells names from there on', () => {
  expect([...tree.walk(asMailboxId(2))].map(([name]) => name)).toEqual(['a', 'b', 'b/x']);
});

test('INBOX comes first at the top only', () => {
  const below = tree.with(folder(7, 2, 'INBOX')).with(folder(8, 2, 'A'));
  expect(names(below).filter((name) => name.startsWith('Work/'))).toEqual(['Work/A', 'Work/INBOX', 'Work/a', 'Work/b', 'Work/b/x']);
});

test('renaming one folder renames all below it', () => {
  expect(names(tree.with(folder(3, 6, 'moved')))).toEqual(['INBOX', 'A', 'A/moved', 'A/moved/x', 'Work', 'Work/a']);
});

test.each([
  ['Work/b/x', 5],
  ['Work', 2],
  ['INBOX', 1],
])('%s is found', (name, id) => {
  expect(tree.find(name)?.id).toBe(id);
  expect(tree.fullName(asMailboxId(id))).toBe(name);
});

test.each(['', '/', 'Work/', '/Work', 'work', 'Work/b/x/y', 'b', 'constructor', '__proto__'])('%j is not found', (name) => {
  expect(tree.find(name)).toBeUndefined();
});

test('a folder that hangs on nothing, or on itself, is damage', () => {
  expect(() => tree.without(asMailboxId(2)).fullName(asMailboxId(5))).toThrow(Damaged);
  expect(() => tree.with(folder(3, 5, 'b')).fullName(asMailboxId(5))).toThrow(Damaged);
  expect(() => tree.fullName(asMailboxId(99))).toThrow(Damaged);
});

test('a tree does what a map of folders does, and its older versions stay', () => {
  const step = fc.tuple(fc.integer({ min: 1, max: 200 }), fc.boolean());
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const model = new Map<number, Folder>();
      const versions: [FolderTree, string[]][] = [];
      let made = FolderTree.empty;
      for (const [id, isPut] of steps) {
        made = isPut ? made.with(folder(id, 0, `n${id}`)) : made.without(asMailboxId(id));
        if (isPut) model.set(id, folder(id, 0, `n${id}`));
        else model.delete(id);
        versions.push([made, [...model.values()].map(({ name }) => name).sort()]);
      }
      for (const [version, expected] of versions) {
        expect(version.size).toBe(expected.length);
        expect(version.childrenOf(0).map(({ name }) => name).sort()).toEqual(expected);
        for (const name of expected) expect(version.find(name)?.name).toBe(name);
      }
      for (let id = 0; id <= 210; id += 1) expect(made.get(asMailboxId(id))).toEqual(model.get(id));
    }),
    { numRuns: 50 },
  );
});

test('ten thousand folders are made and moved without copying all of them each time', () => {
  let large = FolderTree.empty.with(folder(1, 0, 'INBOX'));
  for (let id = 2; id <= 10_000; id += 1) large = large.with(folder(id, 1, `n${id}`));
  for (let id = 3; id <= 10_000; id += 1) large = large.with(folder(id, 2, `n${id}`));
  expect(large.size).toBe(10_000);
  expect(large.childrenOf(asMailboxId(2))).toHaveLength(9_998);
}, 5_000);

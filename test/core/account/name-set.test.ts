import * as fc from 'fast-check';
import { NameSet } from '../../../services/core/account/name-set';

test('adding and taking away does what a Set does, and leaves the older versions alone', () => {
  const step = fc.tuple(fc.boolean(), fc.constantFrom('a', 'b', 'INBOX', 'ä', 'a/b', 'Z', ''));
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const model = new Set<string>();
      let set = NameSet.empty;
      for (const [isAdded, name] of steps) {
        const before = [...set];
        const older = set;
        set = isAdded ? set.with(name) : set.without(name);
        if (isAdded) model.add(name);
        else model.delete(name);
        expect([...set]).toEqual([...model].sort());
        expect(set.size).toBe(model.size);
        expect(set.has(name)).toBe(isAdded);
        expect([...older]).toEqual(before);
      }
    }),
  );
});

// The contract of services/core/store/log-store.ts, claim by claim.
import * as fc from 'fast-check';
import type { LogStore, Tail } from '../../services/core/store/log-store';
import type { Make, Opened } from './opened';

const text = (value: string): Uint8Array => Buffer.from(value);
const readable = (tail: Tail): [number, string][] => tail.entries.map(({ position, bytes }) => [position, Buffer.from(bytes).toString()]);
const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);

export function logStoreContract(name: string, make: Make<LogStore>): void {
  describe(`log store: ${name}`, () => {
    let opened: Opened<LogStore>;
    let store: LogStore;
    let another: LogStore;

    beforeEach(async () => {
      opened = await make();
      ({ store, another } = opened);
    });
    afterEach(() => opened.cleanup());

    describe('append', () => {
      test('of 50 writers that race for each of 50 positions, exactly one stores (S1)', async () => {
        const positions = Array.from({ length: 50 }, (_, index) => index + 1);
        const writers = Array.from({ length: 50 }, (_, writer) => writer);
        const winners = new Map<number, number[]>();
        await Promise.all(writers.map(async (writer) => {
          const through = writer % 2 === 0 ? store : another;
          for (const position of positions) {
            if (await through.append('log', position, text(`writer ${writer}`)) === 'stored') {
              winners.set(position, [...winners.get(position) ?? [], writer]);
            }
          }
        }));
        expect([...winners.values()].map((of) => of.length)).toEqual(positions.map(() => 1));
        const expected = positions.map((position) => [position, `writer ${winners.get(position)![0]}`]);
        expect(readable(await store.readTail('log', 0))).toEqual(expected);
      });

      test('all positions may be asked for in one turn', async () => {
        const answers = await Promise.all(Array.from({ length: 300 }, (_, index) => store.append('log', 1 + index % 100, text(`${index}`))));
        expect(answers.filter((answer) => answer === 'stored')).toHaveLength(100);
        expect((await another.readTail('log', 0)).entries).toHaveLength(100);
      });

      test('"taken" leaves what was there (S2)', async () => {
        expect(await store.append('log', 1, text('first'))).toBe('stored');
        expect(await another.append('log', 1, text('second'))).toBe('taken');
        expect(await store.append('log', 1, text('first'))).toBe('taken');
        expect(readable(await another.readTail('log', 0))).toEqual([[1, 'first']]);
      });

      test('does not ask for the entry before', async () => {
        expect(await store.append('log', 7, text('seven'))).toBe('stored');
        expect(await store.append('log', 5, text('five'))).toBe('stored');
        expect(readable(await store.readTail('log', 0))).toEqual([[5, 'five'], [7, 'seven']]);
      });

      test.each([0, -1, 1.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])('position %p is refused', async (position) => {
        await expect(store.append('log', position, text('x'))).rejects.toThrow(RangeError);
      });

      test.each([
        ['no bytes', new Uint8Array()],
        ['one byte', Uint8Array.of(0)],
        ['every byte', everyByte],
        ['300 KB', Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7919) >>> 3)],
        ['a view into a larger buffer', everyByte.subarray(100, 150)],
      ])('%s come back exactly', async (_what, bytes) => {
        await store.append('log', 1, bytes);
        await store.append('log', 2, text('next'));
        await store.movePointer('log', 0, bytes);
        for (const handle of [store, another]) {
          const { entries, pointer } = await handle.readTail('log', 0);
          expect(Buffer.compare(entries[0]!.bytes, bytes)).toBe(0);
          expect(Buffer.compare(pointer!.bytes, bytes)).toBe(0);
          expect(Buffer.compare((await handle.readPointer('log'))!.bytes, bytes)).toBe(0);
        }
      });

      test('what was read stays as it was while other things are read and written', async () => {
        for (let position = 1; position <= 20; position++) await store.append('log', position, new Uint8Array(5000).fill(position));
        const { entries } = await store.readTail('log', 0);
        for (let position = 1; position <= 20; position++) await store.append('other', position, new Uint8Array(6000).fill(99));
        await store.readTail('other', 0);
        for (const { position, bytes } of entries) expect(bytes.every((byte) => byte === position)).toBe(true);
      });
    });

    describe('readTail', () => {
      test('of a log that was never written to is empty', async () => {
        expect(await store.readTail('nothing', 0)).toEqual({ entries: [], pointer: null });
      });

      test('brings what is above the position, ascending, gaps and all', async () => {
        for (const position of [12, 3, 1, 10, 2, 256, 65_536, 2 ** 40]) await store.append('log', position, text(`${position}`));
        for (const [after, expected] of [
          [0, [1, 2, 3, 10, 12, 256, 65_536, 2 ** 40]],
          [3, [10, 12, 256, 65_536, 2 ** 40]],
          [4, [10, 12, 256, 65_536, 2 ** 40]],
          [2 ** 40, []],
        ] as const) {
          expect((await store.readTail('log', after)).entries.map(({ position }) => position)).toEqual(expected);
        }
      });

      test('sees at once what was acknowledged to another handle (S4)', async () => {
        for (let position = 1; position <= 100; position++) {
          const [writer, reader] = position % 2 === 0 ? [store, another] : [another, store];
          await writer.append('log', position, text(`${position}`));
          const { entries } = await reader.readTail('log', position - 1);
          expect(entries.map((entry) => entry.position)).toEqual([position]);
        }
      });

      test('sees what was acknowledged to others while readers read', async () => {
        const progress = { acknowledged: 0 };
        const write = async () => {
          for (let position = 1; position <= 100; position++) {
            await store.append('log', position, text(`${position}`));
            progress.acknowledged = position;
          }
        };
        const read = async () => {
          while (progress.acknowledged < 100) {
            const atLeast = progress.acknowledged;
            const { entries } = await another.readTail('log', 0);
            expect(entries.length).toBeGreaterThanOrEqual(atLeast);
            await new Promise(setImmediate);
          }
        };
        await Promise.all([write(), read(), read()]);
      });

      test('is never cut short', async () => {
        const bytes = new Uint8Array(8000);
        await Promise.all(Array.from({ length: 400 }, (_, index) => store.append('log', index + 1, bytes)));
        await store.movePointer('log', 0, text('pointer'));
        const { entries, pointer } = await another.readTail('log', 0);
        expect(entries.map(({ position }) => position)).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
        expect(pointer).not.toBeNull();
      });

      test('a pointer never tells of less than the entries read with it (S4)', async () => {
        // The writer moves the pointer to n before it appends n + 1: who sees n + 1 must see pointer n.
        const progress = { done: false };
        const write = async () => {
          for (let position = 1; position <= 60; position++) {
            await store.append('log', position, text('entry'));
            await store.movePointer('log', position - 1, text('pointer'));
          }
          progress.done = true;
        };
        const read = async () => {
          while (!progress.done) {
            const { entries, pointer } = await another.readTail('log', 0);
            expect(pointer?.version ?? 0).toBeGreaterThanOrEqual(entries.length - 1);
            await new Promise(setImmediate);
          }
        };
        await Promise.all([write(), read()]);
      });
    });

    describe('pointer', () => {
      test('there is none at first', async () => {
        await store.append('log', 1, text('entry'));
        expect(await store.readPointer('log')).toBeNull();
        expect((await store.readTail('log', 0)).pointer).toBeNull();
      });

      test('its version rises by one with each move, seen by the other handle at once', async () => {
        for (let from = 0; from < 20; from++) {
          const [writer, reader] = from % 2 === 0 ? [store, another] : [another, store];
          expect(await writer.movePointer('log', from, text(`pointer ${from + 1}`))).toBe('moved');
          const pointer = await reader.readPointer('log');
          expect(pointer!.version).toBe(from + 1);
          expect(Buffer.from(pointer!.bytes).toString()).toBe(`pointer ${from + 1}`);
          expect((await reader.readTail('log', 0)).pointer).toEqual(pointer);
        }
      });

      test('a move from another version than the stored one is a conflict and changes nothing (S5)', async () => {
        expect(await store.movePointer('log', 1, text('x'))).toBe('conflict');
        expect(await store.readPointer('log')).toBeNull();
        await store.movePointer('log', 0, text('one'));
        await store.movePointer('log', 1, text('two'));
        for (const from of [0, 1, 3]) expect(await another.movePointer('log', from, text('x'))).toBe('conflict');
        const pointer = await another.readPointer('log');
        expect([pointer!.version, Buffer.from(pointer!.bytes).toString()]).toEqual([2, 'two']);
      });

      test('of 40 that move it from the same version, one succeeds', async () => {
        for (let from = 0; from < 5; from++) {
          const answers = await Promise.all(Array.from({ length: 40 }, (_, racer) =>
            (racer % 2 === 0 ? store : another).movePointer('log', from, text(`${racer}`))));
          const winners = answers.flatMap((answer, racer) => (answer === 'moved' ? [racer] : []));
          expect(winners).toHaveLength(1);
          expect(Buffer.from((await store.readPointer('log'))!.bytes).toString()).toBe(`${winners[0]}`);
        }
      });
    });

    describe('deleteEntries', () => {
      test('deletes positions 1 to the one given, of this log, and neither its pointer', async () => {
        for (const log of ['log', 'log2', 'lo']) {
          for (let position = 1; position <= 6; position++) await store.append(log, position, text(`${position}`));
          await store.movePointer(log, 0, text('pointer'));
        }
        await store.deleteEntries('log', 4);
        const tail = await another.readTail('log', 0);
        expect(readable(tail)).toEqual([[5, '5'], [6, '6']]);
        expect(tail.pointer!.version).toBe(1);
        for (const log of ['log2', 'lo']) expect((await another.readTail(log, 0)).entries).toHaveLength(6);
      });

      test('doing it again, or for nothing, does no harm', async () => {
        for (let position = 1; position <= 3; position++) await store.append('log', position, text(`${position}`));
        await store.deleteEntries('log', 0);
        expect((await store.readTail('log', 0)).entries).toHaveLength(3);
        await store.deleteEntries('log', 2);
        await another.deleteEntries('log', 2);
        await another.deleteEntries('log', 1);
        await another.deleteEntries('nothing', 5);
        expect(readable(await store.readTail('log', 0))).toEqual([[3, '3']]);
        await store.deleteEntries('log', 1000);
        expect((await store.readTail('log', 0)).entries).toEqual([]);
      });

      test('deletes thousands', async () => {
        await Promise.all(Array.from({ length: 2500 }, (_, index) => store.append('log', index + 1, text('x'))));
        await store.deleteEntries('log', 2400);
        expect((await another.readTail('log', 0)).entries.map(({ position }) => position)).toEqual(
          Array.from({ length: 100 }, (_, index) => 2401 + index));
      });
    });

    test('logs do not see each other, whatever their ids look like', async () => {
      const ids = ['a', 'A', 'ab', 'a b', 'a/b', 'a:b', 'a#b', 'a%00', 'ä', 'a\u0308', '1', '10', '01', 'true', 'p', '\u{1F600}', '-', ' ', 'e1', 'x'.repeat(200)];
      for (const [index, id] of ids.entries()) {
        expect(await store.append(id, 1, text(id))).toBe('stored');
        if (index % 2 === 0) expect(await store.movePointer(id, 0, text(`pointer of ${id}`))).toBe('moved');
      }
      for (const [index, id] of ids.entries()) {
        const tail = await another.readTail(id, 0);
        expect(readable(tail)).toEqual([[1, id]]);
        expect(tail.pointer === null ? null : Buffer.from(tail.pointer.bytes).toString()).toBe(index % 2 === 0 ? `pointer of ${id}` : null);
      }
    });

    test('does what a list of arrays would do, step by step', async () => {
      const log = fc.constantFrom('one', 'two');
      const position = fc.integer({ min: 1, max: 6 });
      const step = fc.oneof(
        fc.record({ kind: fc.constant('append' as const), log, position, bytes: fc.uint8Array({ maxLength: 20 }) }),
        fc.record({ kind: fc.constant('move' as const), log, position: fc.integer({ min: 0, max: 4 }), bytes: fc.uint8Array({ maxLength: 20 }) }),
        fc.record({ kind: fc.constant('delete' as const), log, position }),
      );
      let run = 0;
      await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        run += 1;
        const model = new Map<string, { entries: Map<number, string>; version: number; pointer: string }>();
        for (const [index, { kind, log: logName, position: at, ...rest }] of steps.entries()) {
          const id = `${run} ${logName}`;
          const expected = model.get(id) ?? { entries: new Map<number, string>(), version: 0, pointer: '' };
          model.set(id, expected);
          const handle = index % 2 === 0 ? store : another;
          const bytes = 'bytes' in rest ? rest.bytes : new Uint8Array();
          const hex = Buffer.from(bytes).toString('hex');
          if (kind === 'append') {
            expect(await handle.append(id, at, bytes)).toBe(expected.entries.has(at) ? 'taken' : 'stored');
            if (!expected.entries.has(at)) expected.entries.set(at, hex);
          } else if (kind === 'move') {
            expect(await handle.movePointer(id, at, bytes)).toBe(at === expected.version ? 'moved' : 'conflict');
            if (at === expected.version) Object.assign(expected, { version: at + 1, pointer: hex });
          } else {
            await handle.deleteEntries(id, at);
            for (const key of expected.entries.keys()) if (key <= at) expected.entries.delete(key);
          }
          const tail = await (index % 3 === 0 ? store : another).readTail(id, 0);
          expect(tail.entries.map((entry) => [entry.position, Buffer.from(entry.bytes).toString('hex')])).toEqual(
            [...expected.entries].sort(([a], [b]) => a - b));
          expect(tail.pointer === null ? [0, ''] : [tail.pointer.version, Buffer.from(tail.pointer.bytes).toString('hex')]).toEqual(
            [expected.version, expected.pointer]);
        }
      }), { numRuns: 25 });
    });
  });
}

import * as fc from 'fast-check';
import { Framer, type Fragment } from '../../../services/core/wire/framer';

/** What an owner does with the n-th announced literal. */
type Decision = 'accept' | 'discard';

/** Feeds the chunks and tells what came out, one line an event; literal data is joined. */
function run(chunks: readonly Uint8Array[], { lineBytesMax = 100, literals = true, decide = (): Decision => 'accept' } = {}): string[] {
  const framer = new Framer({ lineBytesMax, literals });
  const events: string[] = [];
  let data: Buffer[] = [];
  const take = (fragment: Fragment): void => {
    if (fragment.kind === 'overlong') events.push(`overlong ${fragment.head.toString('latin1')}`);
    if (fragment.kind === 'literal') {
      data.push(fragment.bytes);
      if (!fragment.last) return;
      events.push(`literal ${Buffer.concat(data).toString('latin1')}`);
      data = [];
    }
    if (fragment.kind !== 'line') return;
    const { literal } = fragment;
    const announced = literal === null ? '' : ` ${literal.binary ? '~' : ''}{${literal.sizeBytes}${literal.synchronizing ? '' : '+'}}`;
    events.push(`line ${fragment.bytes.toString('latin1')}${announced}`);
    if (literal === null) return;
    if (decide() === 'accept') framer.acceptLiteral();
    else framer.discardCommand();
  };
  for (const chunk of chunks) {
    framer.push(Uint8Array.from(chunk));
    for (let fragment = framer.next(); fragment !== null; fragment = framer.next()) take(fragment);
    expect(framer.pendingBytes).toBeLessThan(lineBytesMax);
  }
  return events;
}

const whole = (text: string): Buffer[] => [Buffer.from(text, 'latin1')];
const bytewise = (text: string): Buffer[] => [...Buffer.from(text, 'latin1')].map((byte) => Buffer.from([byte]));

describe.each([['whole', whole], ['byte by byte', bytewise]] as const)('fed %s', (_, chunksOf) => {
  test.each<[string, string, string[]]>([
    ['two lines', 'a1 NOOP\r\na2 CHECK\r\n', ['line a1 NOOP', 'line a2 CHECK']],
    ['a bare LF ends a line', 'a1 NOOP\na2 CHECK\r\n', ['line a1 NOOP', 'line a2 CHECK']],
    ['only one CR belongs to the line end', 'a\r\r\nb\rc\r\n', ['line a\r', 'line b\rc']],
    ['an empty line', '\r\n\n', ['line ', 'line ']],
    ['a line without an end is not told', 'a1 NOOP', []],
    ['a literal and the rest of its command', 'a LOGIN {3}\r\njoe {2}\r\npw\r\nb NOOP\r\n', ['line a LOGIN  {3}', 'literal joe', 'line   {2}', 'literal pw', 'line ', 'line b NOOP']],
    ['a non-synchronizing literal', 'a {2+}\r\n\r\n x\r\n', ['line a  {2+}', 'literal \r\n', 'line  x']],
    ['a literal8', 'a ~{1}\r\n\0\r\n', ['line a  ~{1}', 'literal \0', 'line ']],
    ['an empty literal', 'a {0}\r\n\r\n', ['line a  {0}', 'literal ', 'line ']],
    ['leading zeros', 'a {003}\r\nxyz\r\n', ['line a  {3}', 'literal xyz', 'line ']],
    ['{3-} is text: LITERAL- announces {3+} (RFC 7888 §5)', 'a {3-}\r\nb\r\n', ['line a {3-}', 'line b']],
    ['{} and {x} and {3 are text', 'a {}\r\na {x}\r\na {3\r\na {3} \r\n', ['line a {}', 'line a {x}', 'line a {3', 'line a {3} ']],
  ])('%s', (_name, text, events) => {
    expect(run(chunksOf(text))).toEqual(events);
  });

  test.each<[string, string, string[]]>([
    ['a synchronizing literal that is refused is not sent', 'a {5}\r\nb NOOP\r\n', ['line a  {5}', 'line b NOOP']],
    ['a non-synchronizing one is dropped with its command', 'a {5+}\r\nx\r\ny  z {1+}\r\nA more\r\nb NOOP\r\n', ['line a  {5+}', 'line b NOOP']],
    ['a dropped command ends where it would have to wait', 'a {1+}\r\nx {7}\r\nb NOOP\r\n', ['line a  {1+}', 'line b NOOP']],
    ['the number is larger than anything', 'a {9223372036854775808}\r\nb {18446744073709551616}\r\n', ['line a  {Infinity}', 'line b  {Infinity}']],
  ])('refused: %s', (_name, text, events) => {
    expect(run(chunksOf(text), { decide: () => 'discard' })).toEqual(events);
  });

  test.each<[string, string, string[]]>([
    ['is told once and dropped', `${'x'.repeat(30)}\r\nb\r\n`, [`overlong ${'x'.repeat(10)}`, 'line b']],
    ['may be as long as the limit', '12345678\r\n123456789\n123456789\r\n', ['line 12345678', 'line 123456789', 'overlong 123456789\r']],
    ['takes its literals with it', 'aaaaaaaaaaaa {4+}\r\n\r\n\r\n b {0+}\r\n c\r\nd\r\n', ['overlong aaaaaaaaaa', 'line d']],
    ['ends at a literal that is not sent', 'aaaaaaaaaaaa {4}\r\nd\r\n', ['overlong aaaaaaaaaa', 'line d']],
    ['counts all lines of a command', 'a {1}\r\nx {1}\r\nd\r\n', ['line a  {1}', 'literal x', 'overlong  {1', 'line d']],
    ['counts no literals', 'a {9}\r\n123456789\r\nd\r\n', ['line a  {9}', 'literal 123456789', 'line ', 'line d']],
  ])('a command over the line limit %s', (_name, text, events) => {
    expect(run(chunksOf(text), { lineBytesMax: 10 })).toEqual(events);
  });

  test('without literals a password may end in {5}', () => {
    expect(run(chunksOf('PASS x{5}\r\nQUIT\r\n'), { literals: false })).toEqual(['line PASS x{5}', 'line QUIT']);
  });
});

const interesting = fc.array(
  fc.oneof(
    fc.constantFrom('\r\n', '\n', '\r', '{3}\r\n', '{3+}\r\n', '~{2+}\r\n', '{0+}\r\n', '{99999999999999999999}\r\n', 'a1 NOOP\r\n', 'x'.repeat(50), ' '),
    fc.string({ maxLength: 8 }),
  ),
  { maxLength: 40 },
).map((parts) => Buffer.from(parts.join(''), 'latin1'));

test('fragments do not depend on how the bytes were cut', () => {
  fc.assert(
    fc.property(interesting, fc.infiniteStream(fc.integer({ min: 1, max: 20 })), fc.array(fc.boolean(), { minLength: 1 }), (bytes, sizes, wanted) => {
      const chunks: Buffer[] = [];
      const cuts = sizes[Symbol.iterator]();
      for (let at = 0; at < bytes.length; at += chunks[chunks.length - 1]!.length) chunks.push(bytes.subarray(at, at + (cuts.next().value as number)));
      const decider = (): (() => Decision) => {
        let count = 0;
        return () => (wanted[count++ % wanted.length] ? 'accept' : 'discard');
      };
      expect(run(chunks, { decide: decider() })).toEqual(run([bytes], { decide: decider() }));
    }),
    { numRuns: 300 },
  );
});

test('any bytes, undrained or not, are told in the order they came', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.uint8Array({ maxLength: 30 }), fc.boolean())), (steps) => {
      const framer = new Framer({ lineBytesMax: 1000, literals: false });
      let told = '';
      let pushed = '';
      for (const [bytes, drain] of steps) {
        pushed += Buffer.from(bytes).toString('latin1');
        framer.push(bytes.slice());
        for (let fragment = drain ? framer.next() : null; fragment !== null; fragment = framer.next()) {
          if (fragment.kind === 'line') told += `${fragment.bytes.toString('latin1')}\n`;
        }
      }
      const rest = framer.takeRest().toString('latin1');
      const withoutCr = pushed.slice(0, pushed.length - rest.length).replace(/\r\n/g, '\n');
      for (let fragment = framer.next(); fragment !== null; fragment = framer.next()) throw new Error('something was left');
      expect(withoutCr.startsWith(told)).toBe(true);
      expect(pushed.endsWith(rest)).toBe(true);
    }),
  );
});

test('nothing is told while a literal waits for a decision', () => {
  const framer = new Framer({ lineBytesMax: 100, literals: true });
  framer.push(Buffer.from('a {2}\r\nxyb NOOP\r\n'));
  expect(framer.next()).toMatchObject({ kind: 'line', literal: { sizeBytes: 2 } });
  expect(framer.next()).toBeNull();
  framer.acceptLiteral();
  expect(framer.next()).toMatchObject({ kind: 'literal', last: true });
  expect(() => framer.acceptLiteral()).toThrow('no literal');
});

test('a literal that is being read can still be given up', () => {
  const framer = new Framer({ lineBytesMax: 100, literals: true });
  framer.push(Buffer.from('a APPEND x {10}\r\n'));
  framer.next();
  framer.acceptLiteral();
  framer.push(Buffer.from('12345'));
  expect(framer.next()).toMatchObject({ kind: 'literal', last: false });
  framer.discardCommand();
  framer.push(Buffer.from('678'));
  expect(framer.next()).toBeNull();
  expect([framer.isDropping, framer.droppedBytes]).toEqual([true, 3]);
  framer.push(Buffer.from('90 {3+}\r\nabc\r\nb NOOP\r\n'));
  expect(framer.next()).toMatchObject({ kind: 'line', bytes: Buffer.from('b NOOP') });
  expect([framer.isDropping, framer.droppedBytes]).toEqual([false, 0]);
});

test('giving up between two commands drops neither', () => {
  const framer = new Framer({ lineBytesMax: 100, literals: true });
  framer.push(Buffer.from('a\r\nb\r\n'));
  framer.next();
  framer.discardCommand();
  expect(framer.next()).toMatchObject({ kind: 'line', bytes: Buffer.from('b') });
});

test('an endless dropped literal shows in droppedBytes and holds nothing', () => {
  const framer = new Framer({ lineBytesMax: 100, literals: true });
  framer.push(Buffer.from('a {9007199254740993+}\r\n'));
  expect(framer.next()).toMatchObject({ literal: { sizeBytes: Infinity } });
  framer.discardCommand();
  for (let i = 0; i < 100; i++) {
    framer.push(Buffer.alloc(1000));
    expect(framer.next()).toBeNull();
    expect(framer.pendingBytes).toBe(0);
  }
  expect(framer.droppedBytes).toBe(100_000);
});

test('what follows STARTTLS in the clear is handed out once and never read as a command', () => {
  const framer = new Framer({ lineBytesMax: 100, literals: true });
  framer.push(Buffer.from('a STARTTLS\r\nb LOGIN evil evil\r\n'));
  framer.next();
  expect(framer.takeRest().toString()).toBe('b LOGIN evil evil\r\n');
  expect(framer.pendingBytes).toBe(0);
  framer.push(Buffer.from('c NOOP\r\n'));
  expect(framer.next()).toMatchObject({ bytes: Buffer.from('c NOOP') });
});

test('the line limit can be raised while bytes wait', () => {
  const framer = new Framer({ lineBytesMax: 10, literals: true });
  framer.push(Buffer.from(`a\r\n${'x'.repeat(50)}\r\n`));
  framer.next();
  framer.options.lineBytesMax = 100;
  expect(framer.next()).toMatchObject({ kind: 'line' });
});

test('a megabyte fed byte by byte costs each byte once', () => {
  const framer = new Framer({ lineBytesMax: 2 ** 20 + 2, literals: true });
  const byte = Buffer.from('x');
  for (let i = 0; i < 2 ** 20; i++) {
    framer.push(byte);
    expectNull(framer.next());
  }
  framer.push(Buffer.from('\r\n'));
  expect(framer.next()).toMatchObject({ kind: 'line', literal: null });
});

function expectNull(value: unknown): void {
  if (value !== null) throw new Error('a fragment came too early');
}

import * as fc from 'fast-check';
import { MIME_DEPTH_MAX, MIME_PARTS_MAX, HEADER_BYTES_MAX } from '../../../services/core/message/mime-limits';
import { MimeScanner } from '../../../services/core/message/mime-scanner';
import type { MimePart } from '../../../services/core/message/mime-part';
import { bytesOf, crlf, partsOf, scan } from './scan';

// What breaks scanners, in any order.
const FRAGMENTS = [
  '\r\n', '\n', '\r', '\r\n\r\n', ' ', '\t', '--', '--b', '--b--', '--b\r\n', '\r\n--b--\r\n', '--bb', '--c\n', 'x', 'hello', '\0', '\xff', '=?', ':', ';', '"', '(', '<',
  'Content-Type: multipart/mixed; boundary=b\r\n', 'Content-Type: multipart/digest; boundary="c"\r\n', 'Content-Type: multipart/mixed; boundary=bb\n',
  'Content-Type: message/rfc822\r\n', 'Content-Type: message/rfc822\r\n\r\n', 'Content-Type: text/html\r\n', 'Content-Type: ', 'Content-Transfer-Encoding: base64\r\n',
  'From: a@b\r\n', 'To: x: a@b, "c', 'Subject: =?utf-8?B?w6k=?=\r\n', 'References: <a> <b>\r\n', 'Content-Disposition: attachment; filename*0*=utf-8\'\'a',
];

const hostileMessage = fc.oneof(
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 60 }).map((parts) => bytesOf(parts.join(''))),
  fc.uint8Array({ maxLength: 400 }),
);

describe('chunks', () => {
  test('where chunks are cut never changes what is found', () => {
    fc.assert(fc.property(hostileMessage, fc.array(fc.nat(600), { maxLength: 8 }), (message, cuts) => {
      const whole = scan(message);
      expect(scan(message, cuts.map((cut) => Math.min(cut, message.length)).sort((a, b) => a - b))).toEqual(whole);
      expect(scan(message, Array.from(message.keys()))).toEqual(whole);
    }), { numRuns: 1_000 });
  });

  test('a chunk may be reused by the caller', () => {
    const message = crlf('Subject: hello\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n');
    const scanner = new MimeScanner();
    const chunk = new Uint8Array(7);
    for (let at = 0; at < message.length; at += 7) {
      const length = Math.min(7, message.length - at);
      chunk.set(message.subarray(at, at + length));
      scanner.push(chunk.subarray(0, length));
      chunk.fill(0x21);
    }
    expect(scanner.end()).toEqual(scan(message));
  });

  test('a long line that is cut everywhere is still no delimiter but what it starts with', () => {
    const message = crlf(`Content-Type: multipart/mixed; boundary=b\n\n--b${' '.repeat(5_000)}\n\none\n--bb${' '.repeat(5_000)}\n--b--\n`);
    expect(scan(message, Array.from(message.keys()))).toEqual(scan(message));
    expect(scan(message).structure.children).toHaveLength(1);
  });
});

describe('any octets', () => {
  test('give a tree whose parts lie within each other, in order, and that BODYSTRUCTURE can show', () => {
    fc.assert(fc.property(hostileMessage, (message) => {
      const { structure, sizeBytes } = scan(message);
      expect(sizeBytes).toBe(message.length);
      expect([structure.headerStart, structure.bodyEnd]).toEqual([0, message.length]);
      for (const part of partsOf(structure)) {
        expect(part.headerStart).toBeLessThanOrEqual(part.bodyStart);
        expect(part.bodyStart).toBeLessThanOrEqual(part.bodyEnd);
        expect(part.children.length > 0).toBe(part.type === 'multipart');
        expect(part.message !== null).toBe(part.type === 'message' && part.subtype === 'rfc822');
        let at = part.bodyStart;
        for (const inside of part.message === null ? part.children : [part.message.structure]) {
          expect(inside.headerStart).toBeGreaterThanOrEqual(at);
          at = inside.bodyEnd;
        }
        expect(at).toBeLessThanOrEqual(part.bodyEnd);
        const lfs = message.subarray(part.bodyStart, part.bodyEnd).filter((byte) => byte === 0x0a).length;
        expect(part.lines).toBe(part.type === 'text' || part.message !== null ? lfs : 0);
      }
    }), { numRuns: 2_000 });
  });
});

// A tree that is written down together with where everything is.
type Tree =
  | { kind: 'leaf'; type: string; body: string }
  | { kind: 'multipart'; preamble: string; children: Tree[]; epilogue: string; isClosed: boolean }
  | { kind: 'message'; inside: Tree };

const { tree } = fc.letrec<{ tree: Tree }>((tie) => {
  const text = fc.array(fc.constantFrom('\r\n', '\n', '\r', 'a', '--', '--=_', '-- =_1', '\xe9', '\0', ' '), { maxLength: 8 }).map((words) => words.join(''));
  return {
    tree: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.record({ kind: fc.constant('leaf' as const), type: fc.constantFrom('text/plain', 'text/html', 'image/png', 'message/delivery-status'), body: text }),
      fc.record({
        kind: fc.constant('multipart' as const), preamble: text, children: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }), epilogue: text, isClosed: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('message' as const), inside: tie('tree') }),
    ),
  };
});

interface Expected {
  type: string;
  headerStart: number;
  bodyStart: number;
  bodyEnd: number;
  inside: Expected[];
}

/** Writes trees as octets and notes the offsets on the way. Line ends are `eol`; boundaries are all different. */
class TreeWriter {
  text = '';
  private boundaryCount = 0;

  constructor(private readonly eol: string) {}

  write(node: Tree): Expected {
    const { eol } = this;
    const boundary = `=_${this.boundaryCount++}_=`;
    const headerStart = this.text.length;
    const type = node.kind === 'leaf' ? node.type : node.kind === 'message' ? 'message/rfc822' : 'multipart/mixed';
    this.text += `X-Junk: yes${eol}Content-Type: ${type}${node.kind === 'multipart' ? `; boundary="${boundary}"` : ''}${eol}${eol}`;
    const bodyStart = this.text.length;
    const inside: Expected[] = [];
    if (node.kind === 'leaf') this.text += node.body;
    if (node.kind === 'message') inside.push(this.write(node.inside));
    if (node.kind === 'multipart') {
      // A preamble in front of the first delimiter needs its line end.
      if (node.preamble !== '') this.text += node.preamble + eol;
      for (const child of node.children) {
        this.text += `--${boundary}${eol}`;
        inside.push(this.write(child));
        this.text += eol;
      }
      if (node.isClosed) this.text += `--${boundary}--${eol}${node.epilogue}`;
      // Else the next delimiter of an outer multipart, or the end, closes it: its last line end is not its own.
      else this.text = this.text.slice(0, -eol.length);
    }
    return { type, headerStart, bodyStart, bodyEnd: this.text.length, inside };
  }
}

function found(part: MimePart): Expected {
  const inside = part.message === null ? part.children : [part.message.structure];
  return { type: `${part.type}/${part.subtype}`, headerStart: part.headerStart, bodyStart: part.bodyStart, bodyEnd: part.bodyEnd, inside: inside.map(found) };
}

test('the offsets of a generated tree are those at which it was written', () => {
  fc.assert(fc.property(tree, fc.constantFrom('\r\n', '\n'), (node, eol) => {
    // A CR in front of an LF that belongs to a delimiter would be taken for its line end.
    const writer = new TreeWriter(eol);
    const expected = writer.write(node);
    fc.pre(eol === '\r\n' || !writer.text.includes('\r\n--=_'));
    expect(found(scan(bytesOf(writer.text)).structure)).toEqual(expected);
  }), { numRuns: 500 });
});

const depthOf = (part: MimePart): number => 1 + Math.max(0, ...part.children.map(depthOf), part.message === null ? 0 : depthOf(part.message.structure));
const countOf = (part: MimePart): number => [...partsOf(part)].length;

describe('hostile messages', () => {
  test('multiparts nest to the limit; what is deeper is text', () => {
    let text = '';
    for (let depth = 0; depth < 3_000; depth++) text += `Content-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\n`;
    const { structure } = scan(crlf(text));
    expect(depthOf(structure)).toBe(MIME_DEPTH_MAX + 1);
    const deepest = [...partsOf(structure)].at(-1)!;
    expect([deepest.type, deepest.bodyEnd]).toEqual(['text', structure.bodyEnd]);
  });

  test('messages nest to the limit; what is deeper is text', () => {
    const { structure } = scan(crlf('Content-Type: message/rfc822\n\n'.repeat(3_000)));
    expect(depthOf(structure)).toBe(MIME_DEPTH_MAX + 1);
  });

  test('parts are counted to the limit; the last one holds the rest', () => {
    const message = crlf(`Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(20_000)}--b--\n`);
    const { structure } = scan(message);
    expect(countOf(structure)).toBe(MIME_PARTS_MAX);
    expect(structure.children.at(-1)!.bodyEnd).toBe(message.length);
  });

  test('containers without parts count as two', () => {
    const message = crlf(`Content-Type: multipart/mixed; boundary=b\n\n${'--b\nContent-Type: multipart/mixed; boundary=c\n\n'.repeat(20_000)}`);
    expect(countOf(scan(message).structure)).toBeLessThanOrEqual(MIME_PARTS_MAX + 2);
  });

  test('header octets are kept up to the limit, the tree stays right', () => {
    const part = `--b\nContent-Type: text/html; x="${'y'.repeat(60_000)}"\n\nbody\n`;
    const message = crlf(`Content-Type: multipart/mixed; boundary=b\n\n${part.repeat(40)}--b--\n`);
    const { structure } = scan(message);
    expect(structure.children).toHaveLength(40);
    expect(JSON.stringify(structure).length).toBeLessThan(HEADER_BYTES_MAX + 40 * 1_000);
    expect(structure.children.map(({ bodyStart, bodyEnd }) => bodyEnd - bodyStart)).toEqual(Array.from({ length: 40 }, () => 4));
    expect(structure.children[0]!.subtype).toBe('html');
    expect(structure.children[39]!.subtype).toBe('plain');
  });

  // A quadratic step anywhere would take hours here.
  test.each<[string, string, number]>([
    ['dashes', '--\n', 4],
    ['delimiters that are none', '--bb\n', 4],
    ['empty lines', '\r\n', 4],
    ['one line', 'x', 4],
    ['CRs', '\r', 4],
    ['close-delimiters', '--b--\n', 4],
  ])('a body of nothing but %s', (_, unit, mebibytes) => {
    const chunk = Buffer.alloc(64 * 1024, unit);
    const scanner = new MimeScanner();
    scanner.push(crlf('Content-Type: multipart/mixed; boundary=b\n\n'));
    for (let count = 0; count < mebibytes * 16; count++) scanner.push(chunk);
    expect(countOf(scanner.end().structure)).toBe(2);
  });

  test.each<[string, string]>([
    ['a header line that never ends', 'x'],
    ['lines without colon', 'junk\n'],
    ['continuation lines', 'a:\n\t'],
    ['empty fields', 'a:\n'],
    ['opening parentheses in a list of addresses', 'To: (((((((('],
    ['opening brackets', 'To: a@[<,;:'],
    ['open quotes', 'From: "\\'],
    ['starts of encoded words', 'Subject: =?a?q?'],
    ['parameters', 'Content-Type: a/b; x*0=; x*1*=; "'],
    ['open comments', 'Content-Type: a/b; ( ( (\\'],
    ['message ids', 'References: <'],
    ['content fields', 'Content-Disposition: a; b\n'],
  ])('a header of nothing but %s', (_, unit) => {
    const message = Buffer.alloc(1_100_000, unit);
    expect(scan(message).structure.bodyStart).toBe(message.length);
    // The same in one field, that of the first words.
    const field = /^[A-Z][A-Za-z-]+: /.exec(unit)?.[0] ?? 'To: ';
    const inOneField = Buffer.concat([bytesOf(field), Buffer.alloc(1_000_000, unit.slice(field === 'To: ' && !unit.startsWith('To') ? 0 : field.length).replaceAll('\n', ' '))]);
    expect(scan(inOneField).structure.bodyStart).toBe(inOneField.length);
  });

  test('100 open boundaries that start alike cost no more than one', () => {
    let header = '';
    for (let depth = 1; depth <= 99; depth++) header += `Content-Type: multipart/mixed; boundary=${'a'.repeat(depth)}\n\n--${'a'.repeat(depth)}\n`;
    const scanner = new MimeScanner();
    scanner.push(crlf(header));
    const chunk = Buffer.alloc(64 * 1024, `--${'a'.repeat(120)}\n`);
    for (let count = 0; count < 64; count++) scanner.push(chunk);
    expect(countOf(scanner.end().structure)).toBe(100);
  });
});

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
    // Without a boundary, too deep, encoded: whatever keeps a container closed, a text stands for what is in it.
    for (const type of ['multipart/mixed; boundary=c', 'multipart/mixed', 'multipart/mixed; boundary=b', 'message/rfc822\nContent-Transfer-Encoding: base64']) {
      const message = crlf(`Content-Type: multipart/mixed; boundary=b\n\n${`--b\nContent-Type: ${type}\n\n`.repeat(20_000)}`);
      expect(countOf(scan(message).structure)).toBeLessThanOrEqual(MIME_PARTS_MAX + 1);
    }
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

import * as fc from 'fast-check';
import iconv from 'iconv-lite';
import { decodeCharset, decodingFor } from '../../../services/core/message/charset';
import { EucFromIso2022Jp } from '../../../services/core/message/iso-2022-jp';
import { EucFromIso2022Kr } from '../../../services/core/message/iso-2022-kr';
import { SubstringMatcher } from '../../../services/core/message/substring-matcher';
import { foldForSearch, foldPieces, headerText } from '../../../services/core/message/text';
import { bytesOf } from './scan';

describe('a charset', () => {
  test.each<[string, string, string]>([
    ['utf-8', '\xc3\xa9', 'é'], ['UTF8', '\xc3\xa9', 'é'], ['utf-8', '\xef\xbb\xbfa', 'a'], ['utf-8', '\xff', '\ufffd'],
    ['iso-8859-1', '\xe9', 'é'], ['ISO-8859-1', '\x80', '€'], ['latin1', '\x93', '“'], ['iso-8859-15', '\xa4', '€'], ['windows-1251', '\xcf', 'П'], ['koi8-r', '\xf0', 'П'],
    ['iso-2022-jp', '\x1b$B$3$s\x1b(B!', 'こん!'], ['ISO-2022-JP-2', '\x1b$B$3\x1b(B', 'こ'], ['csISO2022JP', '\x1b$B$3\x1b(B', 'こ'], ['iso-2022-jp', '\x1b(I1\x1b(J', 'ｱ'], ['iso-2022-jp-1', '\x1b$(D0!\x1b(Bx', '丂x'], ['iso-2022-jp', '\x1b$B$3\nab', 'こ\nab'], ['iso-2022-jp', 'a\x1bb', 'ab'], ['iso-2022-jp', '\x1b$@F|K\\\x1b(J', '日本'], ['shift_jis', '\x82\xb1', 'こ'], ['euc-jp', '\xa4\xb3', 'こ'],
    ['gb2312', '\xc4\xe3', '你'], ['gb18030', '\xc4\xe3', '你'], ['big5', '\xa7\x41', '你'], ['euc-kr', '\xb0\xa1', '가'], ['ks_c_5601-1987', '\xb0\xa1', '가'],
    ['utf-7', '+AOk-', 'é'], ['utf-16le', '\xe9\0', 'é'], ['x-mac-cyrillic', '\x80', 'А'], ['x-mac-roman', '\x8e', 'é'], ['cp437', '\x82', 'é'],
    // Not declared, or so that it says nothing
    ['', '\xc3\xa9', 'é'], ['', '\xe9', 'é'], ['us-ascii', '\xc3\xa9', 'é'], ['US-ASCII', '\x80', '€'], ['x-unknown', '\xe9', 'é'], ['unknown-8bit', '\xe9', 'é'],
    ['klingon', '\xc3\xa9', 'é'], ['klingon', '\xe9', 'é'], ['base64', 'QQ==', 'QQ=='], ['hex', '41', '41'], ['__proto__', 'a', 'a'], ['constructor', 'a', 'a'], ['\0', 'a', 'a'], [' utf-8 ', '\xc3\xa9', 'é'],
  ])('%j: %j is %j', (charset, octets, expected) => {
    expect(decodeCharset(bytesOf(octets), charset)).toBe(expected);
  });

  const charsets = ['utf-8', 'utf-7', 'gb18030', 'big5', 'shift_jis', 'euc-jp', 'utf-16', 'utf-16le', 'utf-32', 'euc-kr', 'windows-1252', 'koi8-r', ''];

  test('text may be cut behind any line', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'é', 'こ', '你', '가', 'П', '😀', '+', '-'), maxLength: 6 }).map((words) => `${words}\r\n`);
    fc.assert(fc.property(fc.constantFrom(...charsets), fc.array(line, { maxLength: 5 }), (charset, lines) => {
      const name = charset === '' ? 'utf-8' : charset;
      const octets = lines.map((text) => iconv.encode(text, name));
      const decoding = decodingFor(charset, Buffer.concat(octets));
      expect(octets.map((piece) => decoding.write(piece)).join('') + decoding.end()).toBe(decodeCharset(Buffer.concat(octets), charset));
    }), { numRuns: 500 });
  });

  test('UTF-8 may be cut anywhere', () => {
    fc.assert(fc.property(fc.uint8Array(), fc.nat(40), (octets, cut) => {
      const decoding = decodingFor('utf-8', octets);
      expect(decoding.write(octets.subarray(0, cut)) + decoding.write(octets.subarray(cut)) + decoding.end()).toBe(decodeCharset(octets, 'utf-8'));
    }), { numRuns: 500 });
  });

  test('ISO-2022-JP may be cut anywhere, broken or not', () => {
    const words = fc.array(fc.constantFrom('\x1b$B$3', '\x1b(B', '\x1b$(DP&', '\x1b(I1', 'a', '\n', '\x1b', '$', '(', '\xff'));
    fc.assert(fc.property(words, fc.array(fc.nat(40), { maxLength: 4 }), (parts, cuts) => {
      const octets = bytesOf(parts.join(''));
      const converter = new EucFromIso2022Jp();
      const places = [0, ...cuts.sort((a, b) => a - b), octets.length];
      const pieces = places.slice(1).map((end, index) => Buffer.from(converter.write(octets.subarray(places[index], end))));
      expect(Buffer.concat(pieces)).toEqual(Buffer.from(new EucFromIso2022Jp().write(octets)));
    }), { numRuns: 500 });
  });

  test.each([
    ['\x1b$)Cab\x0e0!\x0fcd', '가'], ['\x0e0!\ncd', '가\ncd'], ['\x0e0! 0!\x0f', '가 가'], ['a\x1bb\x1b$', 'ab'],
  ])('ISO-2022-KR %j holds %j', (octets, text) => {
    expect(decodeCharset(bytesOf(octets), 'iso-2022-kr')).toContain(text);
  });

  test('ISO-2022-KR may be cut anywhere, broken or not', () => {
    const words = fc.array(fc.constantFrom('\x1b$)C', '\x0e0!', '\x0e', '\x0f', 'a', '\n', '\x1b', '$', ')', '\xff'));
    fc.assert(fc.property(words, (parts) => {
      const octets = bytesOf(parts.join(''));
      const converter = new EucFromIso2022Kr();
      const pieces = Array.from(octets, (byte) => Buffer.from(converter.write(Uint8Array.of(byte))));
      expect(Buffer.concat(pieces)).toEqual(Buffer.from(new EucFromIso2022Kr().write(octets)));
    }), { numRuns: 500 });
  });

  test('any octets in any charset give text', () => {
    const octet = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x1b, 0x24, 0x42, 0x28, 0x2b, 0x2d, 0xd8, 0xff));
    fc.assert(fc.property(fc.constantFrom(...charsets, 'iso-2022-jp', 'iso-2022-kr', 'x-mac-cyrillic'), fc.array(octet, { maxLength: 40 }), fc.nat(40), (charset, values, cut) => {
      const octets = Uint8Array.from(values);
      const decoding = decodingFor(charset, octets);
      expect(typeof (decoding.write(octets.subarray(0, cut)) + decoding.write(octets.subarray(cut)) + decoding.end())).toBe('string');
    }), { numRuns: 500 });
  });
});

describe('header text', () => {
  test.each<[string, string]>([
    ['plain', 'plain'],
    [' folded\r\n value ', 'folded value'],
    ['=?utf-8?Q?caf=C3=A9?=', 'café'],
    ['=?UTF-8?b?Y2Fmw6k=?=', 'café'],
    ['=?iso-8859-1?q?a_b=5F?=', 'a b_'],
    ['=?utf-8*fr?Q?caf=C3=A9?=', 'café'],
    ['a =?utf-8?Q?b?= c', 'a b c'],
    ['a=?utf-8?Q?b?=c', 'abc'],
    // Neighbours
    ['=?utf-8?Q?a?= =?utf-8?Q?b?=', 'ab'],
    ['=?utf-8?Q?a?=\r\n =?utf-8?Q?b?=', 'ab'],
    ['=?utf-8?Q?a?= x =?utf-8?Q?b?=', 'a x b'],
    ['=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=', 'café'],
    ['=?utf-8?B?w?= =?UTF-8?Q?=A9?=', '\ufffd'],
    ['=?utf-8?B?4pi?= =?utf-8?B?uQ==?=', '☹'],
    ['=?utf-8?B?4pg=?= =?UTF-8?Q?=BA?=', '☺'],
    ['=?iso-2022-jp?B?GyRCJDMbKEI=?= =?iso-2022-jp?B?GyRCJDMbKEI=?=', 'ここ'],
    ['=?utf-8?Q?=C3=A9?= =?iso-8859-1?Q?=E9?=', 'éé'],
    // Broken
    ['=?utf-8?Q?a b?=', 'a b'],
    ['=?utf-8?Q?a=?=', 'a='],
    ['=?utf-8?Q?a=Z?=', 'a=Z'],
    ['=?utf-8?Q??=', ''],
    ['=?utf-8?X?a?=', '=?utf-8?X?a?='],
    ['=?utf-8?Q?a', '=?utf-8?Q?a'],
    ['=?utf-8?Q?a?', '=?utf-8?Q?a?'],
    ['=?utf-8?Q?cut =?utf-8?Q?ok?=', '=?utf-8?Q?cut ok'],
    ['=??Q?a?=', '=??Q?a?='],
    ['=?klingon?Q?=C3=A9?=', 'é'],
    ['=?utf-8?B?!!!?=', ''],
    ['=?utf-8?B?QQ==?=', 'A'],
    ['=?utf-8?Q?=3D?=', '='],
    // 8-bit outside of words
    ['caf\xc3\xa9', 'café'],
    ['caf\xe9', 'café'],
    ['caf\xe9 =?utf-8?Q?=C3=A9?= caf\xc3\xa9', 'café é café'],
  ])('%j reads %j', (value, expected) => {
    expect(headerText(value)).toBe(expected);
  });

  test('any text split into encoded words anywhere comes back', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.array(fc.nat(30)), fc.array(fc.boolean(), { minLength: 1 }), (text, cuts, asBase64) => {
      const octets = Buffer.from(text);
      const places = [0, ...cuts.filter((cut) => cut < octets.length).sort((a, b) => a - b), octets.length];
      const words = places.slice(1).map((end, index) => {
        const piece = octets.subarray(places[index], end);
        const encoded = asBase64[index % asBase64.length] === true
          ? `B?${piece.toString('base64')}` : `Q?${Array.from(piece, (byte) => `=${byte.toString(16).padStart(2, '0')}`).join('')}`;
        return `=?utf-8?${encoded}?=`;
      });
      // A byte order mark at the start is taken off, as every decoder does.
      expect(headerText(words.join('\r\n '))).toBe(text.replace(/^\ufeff/, ''));
    }));
  });

  test.each(['=?', '=?a?q?', '=?a?q?x?=', '?=', '=?a?q?=?a?q?', '=?utf-8?b?w6k=?= ', '=?aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'])('1 MB of %j is read in one pass', (unit) => {
    expect(headerText(unit.repeat(1_000_000 / unit.length)).length).toBeLessThanOrEqual(1_000_000);
  });
});

describe('folding for search', () => {
  test.each<[string, string]>([
    ['ß', 'ss'], ['ß', 'SS'], ['ẞ', 'ß'], ['Straße', 'STRASSE'], ['ς', 'σ'], ['ΟΔΟΣ', 'οδος'], ['Σίσυφος', 'ΣΊΣΥΦΟΣ'], ['İstanbul', 'istanbul'], ['ISTANBUL', 'ıstanbul'], ['İ', 'i'],
    ['é', 'e\u0301'], ['É', 'é'], ['ﬁ', 'FI'], ['Å', '\u212b'], ['K', '\u212a'], ['ǆ', 'Ǆ'], ['ǅ', 'ǆ'], ['Ω', '\u2126'], ['ŉ', 'ʼn'], ['ᾳ', 'ΑΙ'], ['ſ', 's'], ['Ꭰ', 'ꭰ'], ['𐐀', '𐐨'],
  ])('%s and %s are the same', (left, right) => {
    expect(foldForSearch(left)).toBe(foldForSearch(right));
  });

  test.each<[string, string]>([['e', 'é'], ['a', 'b'], ['o', 'ö'], ['ss', 's']])('%s and %s are not', (left, right) => {
    expect(foldForSearch(left)).not.toBe(foldForSearch(right));
  });

  test('holds for every character: its cases, its decomposition and its folding fold alike', () => {
    const wrong: string[] = [];
    for (let code = 0; code <= 0x2ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const char = String.fromCodePoint(code);
      const folded = foldForSearch(char);
      if (![folded, char.toUpperCase(), char.toLowerCase(), char.normalize('NFD')].every((same) => foldForSearch(same) === folded)) wrong.push(char);
    }
    expect(wrong).toEqual([]);
  });

  test('of pieces is the folding of the whole', () => {
    const unit = fc.constantFrom('a', 'É', 'e', '\u0301', 'Σ', 'ß', 'İ', '\u0307', 'i', '𐐀', ' ', 'こ', '\n', 'Ａ');
    fc.assert(fc.property(fc.array(fc.string({ unit, maxLength: 6 })), (pieces) => {
      expect([...foldPieces(pieces)].join('')).toBe(foldForSearch(pieces.join('')));
    }), { numRuns: 500 });
  });
});

describe('a substring matcher', () => {
  test('finds what includes() finds, however the text is cut', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 300 });
    fc.assert(fc.property(text, fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4 }), fc.nat(60), fc.array(fc.nat(300), { maxLength: 5 }), (haystack, unit, count, cuts) => {
      const needle = unit.repeat(count + 1);
      const places = [0, ...cuts.sort((a, b) => a - b), 300];
      const matcher = new SubstringMatcher(needle);
      let isFound = false;
      for (const [index, place] of places.entries()) isFound = matcher.feed(haystack.slice(place, places[index + 1] ?? place)) || isFound;
      expect(isFound).toBe(haystack.includes(needle));
    }), { numRuns: 500 });
  });

  test('a long needle in the text is found', () => {
    const needle = 'ab'.repeat(100);
    const matcher = new SubstringMatcher(needle);
    expect([matcher.feed(`ab${needle.slice(0, 150)}`), matcher.feed(needle.slice(148))]).toEqual([false, true]);
  });

  test('a match does not run over a reset', () => {
    for (const needle of ['ab', 'a'.repeat(99) + 'b']) {
      const matcher = new SubstringMatcher(needle);
      expect(matcher.feed(needle.slice(0, -1))).toBe(false);
      matcher.reset();
      expect(matcher.feed('b')).toBe(false);
    }
  });

  test('a needle that nearly matches everywhere costs one pass', () => {
    expect(new SubstringMatcher(`${'a'.repeat(500_000)}b`).feed('a'.repeat(2_000_000))).toBe(false);
  });
});

test('every charset of iconv-lite that mail may name decodes without throwing', () => {
  iconv.encodingExists('utf-8');
  for (const name of Object.keys(iconv.encodings!)) expect(typeof decodeCharset(bytesOf('a\xe9\x1b$'), name)).toBe('string');
});

import iconv from 'iconv-lite';
import { messageContains, searchableTexts, type TextScope } from '../../../services/core/message/text-match';
import { foldForSearch } from '../../../services/core/message/text';
import { bytesOf, crlf, scan } from './scan';

const contains = (message: Uint8Array, needle: string, scope: TextScope): boolean => messageContains(message, scan(message).structure, foldForSearch(needle), scope);

const MESSAGE = crlf(`Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= outside
From: Someone <some@one.example>
Content-Type: multipart/mixed; boundary=b

preamble
--b
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable
Content-ID: <partheader@x>

caf=E9 au lait=
teria
--b
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

PGI+SGVsbG88L2I+IFdvcmxk
--b
Content-Type: message/rfc822

Subject: =?utf-8?B?w4lQSVRSRQ==?=

nested text
--b
Content-Type: message/delivery-status

Final-Recipient: rfc822; lost@one.example
--b
Content-Type: application/octet-stream; name*=utf-8''r%C3%A9sum%C3%A9.pdf

attached words
--b--
epilogue`);

describe('a message contains', () => {
  test.each<[string, boolean, boolean]>([
    // needle, in BODY, in TEXT
    ['', true, true],
    ['café', true, true],
    ['CAFÉ AU LAITTERIA', true, true],
    ['lait=', false, false],
    ['<b>hello</b>', true, true],
    ['hello world', false, false],
    ['nested text', true, true],
    ['épître', false, false],
    ['épitre', true, true],
    ['final-recipient: rfc822; LOST@', true, true],
    ['grüße', false, true],
    ['GRÜSSE OUT', false, true],
    ['some@one.example', false, true],
    ['partheader@x', false, true],
    ['résumé.pdf', false, true],
    ['attached words', false, false],
    ['preamble', false, false],
    ['epilogue', false, false],
    ['laitteria<b>', false, false],
  ])('%j: BODY %s, TEXT %s', (needle, inBody, inText) => {
    expect([contains(MESSAGE, needle, 'BODY'), contains(MESSAGE, needle, 'TEXT')]).toEqual([inBody, inText]);
  });

  test.each<[string, string]>([
    ['undeclared UTF-8', '\n\n\xc3\xa9t\xc3\xa9'],
    ['undeclared Latin 1', '\n\n\xe9t\xe9'],
    ['an unknown charset', 'Content-Type: text/plain; charset=klingon\n\n\xe9t\xe9'],
    ['a multipart that could not be opened', 'Content-Type: multipart/mixed\n\n\xc3\xa9t\xc3\xa9'],
    ['an encoded message', 'Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeA0KDQrDqXTDqQ=='],
  ])('text in %s', (_, source) => {
    expect(contains(crlf(source), 'ÉTÉ', 'BODY')).toBe(true);
  });

  test('a word that lies across the pieces of a long text', () => {
    const message = Buffer.concat([bytesOf('Content-Type: text/plain; charset=utf-8\r\n\r\n'), Buffer.from('こ'.repeat(200_000)), Buffer.from('Straße'), Buffer.from('ん'.repeat(100_000))]);
    expect(contains(message, 'こstrasseん', 'BODY')).toBe(true);
    expect(contains(message, `${'こ'.repeat(200_000)}STRASSE`, 'BODY')).toBe(true);
    expect(contains(message, `${'こ'.repeat(200_001)}STRASSE`, 'BODY')).toBe(false);
  });

  test('nothing across texts', () => {
    expect([...searchableTexts(MESSAGE, scan(MESSAGE).structure, 'BODY')]).toHaveLength(5);
  });
});

// A piece as in text-match.ts.
const PIECE_BYTES = 128 * 1024;

const WORDS: Readonly<Record<string, string>> = {
  'utf-8': 'Größe世界🌍', 'utf-16': 'Größe世界', 'utf-16be': 'Größe世界🌍', 'iso-8859-2': 'Příliš', 'koi8-u': 'їжак', gbk: '你好世界', gb18030: 'é你好㐀🌍', big5: '你好許功蓋',
  shift_jis: '表ソこｱ', 'euc-jp': '日本ｱ', 'euc-kr': '안녕하세요', 'utf-7': 'Größe世界',
};

/** The text of a message in which a piece ends `beforeCut` octets behind the start of the words, with `unit` before and behind them. */
function readAcrossCut(charset: string, unit: string, beforeCut: number): { readonly read: string; readonly written: string } {
  const encode = (text: string): Buffer => iconv.encode(text, charset, { addBOM: false });
  const start = charset === 'utf-16' ? bytesOf('\xff\xfe') : bytesOf('');
  const octetsBefore = PIECE_BYTES - beforeCut - start.length;
  const before = unit.repeat(Math.floor(octetsBefore / encode(unit).length)) + 'x'.repeat(Math.floor((octetsBefore % encode(unit).length) / encode('x').length));
  const written = `${before}${WORDS[charset]!}x${unit.repeat(20)}end`;
  const message = Buffer.concat([bytesOf(`Content-Type: text/plain; charset="${charset}"\r\n\r\n`), start, encode(written)]);
  const [text] = searchableTexts(message, scan(message).structure, 'BODY');
  return { read: [...text!].join(''), written };
}

describe.each(Object.keys(WORDS))('a long text in %s is whole', (charset) => {
  test.each(['x\r\n', 'x '])('if there are %j to cut it at', (unit) => {
    const { read, written } = readAcrossCut(charset, unit, 5);
    expect(read === written).toBe(true);
  });

  // The one in which this is not so is UTF-7: a character that is cut may be lost if there is not a space in all of a piece.
  if (charset !== 'utf-7') {
    test('if it has to be cut within a word, anywhere', () => {
      for (let beforeCut = 0; beforeCut < 20; beforeCut++) {
        const { read, written } = readAcrossCut(charset, 'x', beforeCut);
        expect(read === written).toBe(true);
      }
    });
  }
});

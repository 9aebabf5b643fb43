import * as fc from 'fast-check';
import { parameterTexts, parseStructured } from '../../../services/core/message/parameters';

describe('a structured value', () => {
  test.each<[string, string, string, [string, string][]]>([
    ['plain and quoted values', 'text/plain; charset=utf-8; name="a b"', 'text/plain', [['charset', 'utf-8'], ['name', 'a b']]],
    ['names are lower case, values are not', 'a; NAME=X', 'a', [['name', 'X']]],
    ['white space around everything', ' a ;  b = c ;d = "e" ', 'a', [['b', 'c'], ['d', 'e']]],
    ['quoted pairs', 'a; b="c\\"d\\\\e"', 'a', [['b', 'c"d\\e']]],
    ['semicolons in quotes', 'a; b="c;d=e"', 'a', [['b', 'c;d=e']]],
    ['comments', 'a (x;y=z); (c) b=c (d); e=f', 'a', [['b', 'c'], ['e', 'f']]],
    ['nested comments', 'a; b=c (d (e) \\) f); g=h', 'a', [['b', 'c'], ['g', 'h']]],
    ['parentheses in an unquoted value', 'a; name=Report(1).pdf', 'a', [['name', 'Report(1).pdf']]],
    ['spaces in an unquoted value', 'a; name=My File.pdf; b=c', 'a', [['name', 'My File.pdf'], ['b', 'c']]],
    ['equal signs in a value', 'a; b=c=d', 'a', [['b', 'c=d']]],
    ['empty parameters', 'a;; ;b=c;', 'a', [['b', 'c']]],
    ['names without value', 'a; b; c=d', 'a', [['c', 'd']]],
    ['values without name', 'a; =b; c=d', 'a', [['c', 'd']]],
    ['an empty value', 'a; b=; c=""', 'a', [['b', ''], ['c', '']]],
    ['an open quote', 'a; b="c; d=e', 'a', [['b', 'c; d=e']]],
    ['a missing semicolon behind a quote', 'a; b="c" d=e', 'a', [['b', 'c'], ['d', 'e']]],
    ['8-bit octets', 'a; b="\xc3\xa0"; c=\xa0', 'a', [['b', '\xc3\xa0'], ['c', '\xa0']]],
    ['nothing at all', '', '', []],
    // RFC 2231
    ['continuations', 'a; u*0="ftp://"; u*1="x.org/y"', 'a', [['u', 'ftp://x.org/y']]],
    ['continuations out of order, among others', 'a; u*2=c; b=d; u*0=a; u*1=b', 'a', [['u', 'abc'], ['b', 'd']]],
    ['ten and more continuations', `a; ${Array.from({ length: 12 }, (_, index) => `u*${11 - index}=${index}`).join('; ')}`, 'a', [['u', '11109876543210']]],
    ['extended values stay extended', "a; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A", 'a', [['title*', "us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A"]]],
    ['continuations of both kinds', `a; t*0*=us-ascii'en'This%20is; t*1*=%20%2A; t*2="isn't it!"`, 'a', [['t*', "us-ascii'en'This%20is%20%2Aisn%27t%20it%21"]]],
    ['a later segment that is extended', 'a; t*0="a b"; t*1*=%20c', 'a', [['t*', "''a%20b%20c"]]],
    ['a gap ends the value', 'a; t*0=x; t*2=z', 'a', [['t', 'x']]],
    ['no first segment: nothing is joined', 'a; t*1=x; t*2=y', 'a', [['t*1', 'x'], ['t*2', 'y']]],
    ['plain and extended of one name', "a; filename=x; filename*=utf-8''%C3%A9", 'a', [['filename', 'x'], ['filename*', "utf-8''%C3%A9"]]],
    ['a segment that comes twice: the first counts', 'a; t*0=x; t*0=y; t*1=z', 'a', [['t', 'xz']]],
  ])('%s', (_, text, value, params) => {
    expect(parseStructured(text)).toEqual({ value, params });
  });

  test('any text: nothing throws', () => {
    const unit = fc.constantFrom('a', ';', '=', '"', '\\', '(', ')', ' ', '*', '*0', '*1*', "'", '%', '\xa0', 'name');
    fc.assert(fc.property(fc.string({ unit }), (text) => {
      expect([...parameterTexts(parseStructured(text).params)].length).toBe(parseStructured(text).params.length);
    }));
  });
});

test.each<[string, string, string]>([
  ['name', 'plain', 'plain'],
  ['filename*', "utf-8''%C3%A9t%e9", 'ét\ufffd'],
  ['filename*', "iso-8859-15'fr'%A4", '€'],
  ['filename*', "''%C3%A9", 'é'],
  ['filename*', 'no quotes', 'no quotes'],
  ['filename', '=?utf-8?Q?=C3=A9?=.pdf', 'é.pdf'],
  ['filename', '\xc3\xa9.pdf', 'é.pdf'],
])('the text of %s=%s is %s', (name, value, expected) => {
  expect([...parameterTexts([[name, value]])]).toEqual([expected]);
});

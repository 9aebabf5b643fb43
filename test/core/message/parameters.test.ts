import * as fc from 'fast-check';
import { parameterTexts, parseStructured } from '../../../services/core/message/parameters';

// What each shape of parameter gives is in mime-table/parameters.txt.
describe('a structured value', () => {
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

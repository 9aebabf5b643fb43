import { BadCommand } from '../../../services/core/runtime/errors';
import { parseSaslResponse } from '../../../services/imap/grammar/authenticate-args';

test.each<[string, string | null]>([
  ['', ''],
  ['YQ==', 'a'],
  ['dGVzdAB0ZXN0', 'test\0test'],
  ['*', null],
])('the response %j is %j', (line, response) => {
  expect(parseSaslResponse(Buffer.from(line))?.toString() ?? null).toBe(response);
});

test.each(['=', 'YQ=', 'YQ', 'Y Q=', '**', 'YQ==YQ==', 'a\u00e4bc'])('the response %j is broken', (line) => {
  expect(() => parseSaslResponse(Buffer.from(line, 'latin1'))).toThrow(BadCommand);
});

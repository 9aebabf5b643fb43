import { EMPTY_ENVELOPE, envelopeOf } from '../../../services/core/message/envelope';
import { parseHeader } from '../../../services/core/message/header';
import { ADDRESSES_MAX } from '../../../services/core/message/mime-limits';
import { threadKey } from '../../../services/core/message/thread-key';
import { crlf, scan } from './scan';

const envelope = (header: string) => envelopeOf(parseHeader(crlf(header)));

// What each shape of header gives is in mime-table/header.txt and addresses.txt.
describe('an envelope', () => {
  test('of an empty header holds nothing', () => {
    expect(envelope('')).toEqual(EMPTY_ENVELOPE);
  });

  test('is bounded over many fields, too', () => {
    expect(envelope('To: a@b, c@d\n'.repeat(50_000)).to.length).toBe(ADDRESSES_MAX);
  });

  test('of an encoded message inside is empty', () => {
    const { structure } = scan(crlf('Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nQQ=='));
    expect(structure.message!.envelope).toEqual(EMPTY_ENVELOPE);
  });
});

const key = (header: string) => {
  const bytes = threadKey(parseHeader(crlf(header)));
  return bytes === null ? null : Buffer.from(bytes).toString('hex');
};

describe('a thread key', () => {
  test('is 10 octets of the SHA-256 of the id', () => {
    // printf %s 1@x | sha256sum
    expect(key('Message-ID: <1@x>\n')).toBe('573a9c468b3a3ac17d1f');
  });

  test.each([
    ['the first of References', 'References: <1@x> <2@x>\nIn-Reply-To: <3@x>\nMessage-ID: <4@x>\n'],
    ['In-Reply-To without References', 'In-Reply-To: <1@x>\nMessage-ID: <4@x>\n'],
    ['In-Reply-To behind words', 'In-Reply-To: your message of today <1@x>\n'],
    ['In-Reply-To if References has no id', 'References: none\nIn-Reply-To: <1@x>\n'],
    ['Message-ID alone', 'Message-ID: <1@x>\n'],
    ['folded ids', 'References:\n <1@\n x> <2@x>\n'],
    ['an id without brackets', 'Message-ID: 1@x\n'],
  ])('comes from %s', (_, header) => {
    expect(key(header)).toBe(key('Message-ID: <1@x>\n'));
  });

  test.each(['', 'Message-ID:\n', 'References: <>\n', 'Subject: x\n'])('is null where no id is: %j', (header) => {
    expect(key(header)).toBeNull();
  });

  test('differs by id', () => {
    expect(key('Message-ID: <1@x>\n')).not.toBe(key('Message-ID: <2@x>\n'));
  });
});

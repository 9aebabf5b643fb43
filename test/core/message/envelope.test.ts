import { EMPTY_ENVELOPE, envelopeOf } from '../../../services/core/message/envelope';
import { parseHeader } from '../../../services/core/message/header';
import { ADDRESSES_MAX } from '../../../services/core/message/mime-limits';
import { threadKey } from '../../../services/core/message/thread-key';
import { crlf, scan } from './scan';

const envelope = (header: string) => envelopeOf(parseHeader(crlf(header)));
const address = (mailbox: string, host: string) => ({ name: null, route: null, mailbox, host });

describe('an envelope', () => {
  test('holds every field raw and unfolded', () => {
    expect(envelope([
      'Date: Mon, 7 Feb 1994\n  21:52:25 -0800', 'Subject: =?utf-8?Q?a?=\n =?utf-8?Q?b?=', 'From: a@b', 'Sender: s@b', 'Reply-To: r@b', 'To: t@b', 'Cc: c@b', 'Bcc: x@b',
      'In-Reply-To: <1@b>', 'Message-ID: <2@b>', '',
    ].join('\n'))).toEqual({
      date: 'Mon, 7 Feb 1994  21:52:25 -0800', subject: '=?utf-8?Q?a?= =?utf-8?Q?b?=', from: [address('a', 'b')], sender: [address('s', 'b')], replyTo: [address('r', 'b')],
      to: [address('t', 'b')], cc: [address('c', 'b')], bcc: [address('x', 'b')], inReplyTo: '<1@b>', messageId: '<2@b>',
    });
  });

  test('of an empty header holds nothing', () => {
    expect(envelope('')).toEqual(EMPTY_ENVELOPE);
  });

  test.each(['From: a@b\n', 'From: a@b\nSender:\nReply-To: (none)\n'])('Sender and Reply-To default to From: %j', (header) => {
    const { from, sender, replyTo } = envelope(header);
    expect([from, sender, replyTo]).toEqual([[address('a', 'b')], [address('a', 'b')], [address('a', 'b')]]);
  });

  test('tells an empty field from a missing one', () => {
    const { subject, date } = envelope('Subject:\n');
    expect([subject, date]).toEqual(['', null]);
  });

  test('takes the first of doubled strings, and all of doubled lists', () => {
    const { subject, to } = envelope('Subject: 1\nTo: a@b\nSubject: 2\nTo: c@d\n');
    expect([subject, to]).toEqual(['1', [address('a', 'b'), address('c', 'd')]]);
  });

  test('is bounded over many fields, too', () => {
    expect(envelope('To: a@b, c@d\n'.repeat(50_000)).to.length).toBe(ADDRESSES_MAX);
  });

  test('of a message inside is that message\'s', () => {
    const { envelope: outer, structure } = scan(crlf('Subject: out\nContent-Type: message/rfc822\n\nSubject: in\nFrom: a@b\n\nx'));
    expect([outer.subject, structure.message!.envelope.subject, structure.message!.envelope.sender]).toEqual(['out', 'in', [address('a', 'b')]]);
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

import { headerFields } from '../../../services/core/message/header';
import { locateSection, type SectionText } from '../../../services/core/message/section';
import { crlf, scan } from './scan';

// The parts of the example in RFC 3501 §6.4.5, with a message within a message.
const MESSAGE = crlf(`Subject: outer
Content-Type: multipart/mixed; boundary=b

--b
X-Part: 1

one
--b
Content-Type: application/octet-stream

two
--b
X-Part: 3
Content-Type: message/rfc822

Subject: plain

text of 3
--b
X-Part: 4
Content-Type: message/rfc822

Subject: inner
Content-Type: multipart/alternative; boundary=c

--c
X-Part: 4.1

four one
--c
X-Part: 4.2
Content-Type: multipart/mixed; boundary=d

--d
X-Part: 4.2.1

deep
--d--
--c--
--b--
`);

const PLAIN = crlf('Subject: plain\n\nbody\n');
const WRAPPED = crlf('Subject: wrap\nContent-Type: message/rfc822\n\nSubject: in\n\ndeep\n');

function section(message: Buffer, path: readonly number[], text: SectionText): string | null {
  const found = locateSection(scan(message).structure, path, text);
  if (found === null) return null;
  if (!('headerRange' in found)) return message.toString('latin1', found.startByte, found.endByte).replaceAll('\r\n', '/');
  const { startByte, endByte } = found.headerRange;
  return headerFields(message.subarray(startByte, endByte), found.fields, found.not).toString('latin1').replaceAll('\r\n', '/');
}

const text = (message: Buffer): string => message.toString('latin1').replaceAll('\r\n', '/');

describe('a section', () => {
  const subject = { fields: ['subject'], not: false };

  test.each<[string, Buffer, readonly number[], SectionText, string | null]>([
    ['[] is the whole message', MESSAGE, [], null, text(MESSAGE)],
    ['[HEADER] is the header with its empty line', MESSAGE, [], 'HEADER', 'Subject: outer/Content-Type: multipart/mixed; boundary=b//'],
    ['[TEXT] is what follows it', PLAIN, [], 'TEXT', 'body/'],
    ['[MIME] needs a part', MESSAGE, [], 'MIME', null],
    ['[HEADER.FIELDS] is of the header', MESSAGE, [], subject, 'Subject: outer//'],
    ['[HEADER.FIELDS.NOT] is the rest of it', MESSAGE, [], { ...subject, not: true }, 'Content-Type: multipart/mixed; boundary=b//'],
    ['[1] of a plain message is its body', PLAIN, [1], null, 'body/'],
    ['[1.MIME] of a plain message is its header', PLAIN, [1], 'MIME', 'Subject: plain//'],
    ['[1.TEXT] of a plain message is nothing', PLAIN, [1], 'TEXT', null],
    ['[1.1] of a plain message is nothing', PLAIN, [1, 1], null, null],
    ['[2] of a plain message is nothing', PLAIN, [2], null, null],
    ['[1] is the first part\'s body', MESSAGE, [1], null, 'one'],
    ['[1.MIME] is its header', MESSAGE, [1], 'MIME', 'X-Part: 1//'],
    ['[1.HEADER] is of messages only', MESSAGE, [1], 'HEADER', null],
    ['[1.TEXT] is of messages only', MESSAGE, [1], 'TEXT', null],
    ['[1.HEADER.FIELDS] is of messages only', MESSAGE, [1], subject, null],
    ['[3] is a whole message', MESSAGE, [3], null, 'Subject: plain//text of 3'],
    ['[3.HEADER] is its header', MESSAGE, [3], 'HEADER', 'Subject: plain//'],
    ['[3.TEXT] is its text', MESSAGE, [3], 'TEXT', 'text of 3'],
    ['[3.1] is its text, too', MESSAGE, [3, 1], null, 'text of 3'],
    ['[3.1.MIME] is its header', MESSAGE, [3, 1], 'MIME', 'Subject: plain//'],
    ['[3.MIME] is the part\'s header', MESSAGE, [3], 'MIME', 'X-Part: 3/Content-Type: message/rfc822//'],
    ['[3.2] is nothing', MESSAGE, [3, 2], null, null],
    ['[3.HEADER.FIELDS] is of the message inside', MESSAGE, [3], subject, 'Subject: plain//'],
    ['[4.HEADER] is of the message inside', MESSAGE, [4], 'HEADER', 'Subject: inner/Content-Type: multipart/alternative; boundary=c//'],
    ['[4.1] is a part of the message inside', MESSAGE, [4, 1], null, 'four one'],
    ['[4.1.MIME] is that part\'s header', MESSAGE, [4, 1], 'MIME', 'X-Part: 4.1//'],
    ['[4.2] is a multipart with its delimiters', MESSAGE, [4, 2], null, '--d/X-Part: 4.2.1//deep/--d--'],
    ['[4.2.1] is a part of it', MESSAGE, [4, 2, 1], null, 'deep'],
    ['[4.2.1.1] is nothing', MESSAGE, [4, 2, 1, 1], null, null],
    ['[4.2.HEADER] is of messages only', MESSAGE, [4, 2], 'HEADER', null],
    ['[5] is nothing', MESSAGE, [5], null, null],
    ['[1] of a message that is a message is that message', WRAPPED, [1], null, 'Subject: in//deep/'],
    ['[1.HEADER] of it is the inner header', WRAPPED, [1], 'HEADER', 'Subject: in//'],
    ['[1.1] of it is the inner text', WRAPPED, [1, 1], null, 'deep/'],
    ['[HEADER] of it is its own', WRAPPED, [], 'HEADER', 'Subject: wrap/Content-Type: message/rfc822//'],
    ['[HEADER] of an empty message is empty', crlf(''), [], 'HEADER', ''],
    ['[1] of an empty message is empty', crlf(''), [1], null, ''],
    ['[1] of a multipart without parts is its body', crlf('Content-Type: multipart/mixed\n\nx\n'), [1], null, 'x/'],
    ['[1.HEADER] of an encoded message is empty', crlf('Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nQQ=='), [1], 'HEADER', ''],
  ])('%s', (_, message, path, what, expected) => {
    expect(section(message, path, what)).toBe(expected);
  });
});

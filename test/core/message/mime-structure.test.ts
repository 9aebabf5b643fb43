import { bytesOf, crlf, outline, scan } from './scan';

const mixed = (body: string, params = '; boundary=b'): string => `Content-Type: multipart/mixed${params}\n\n${body}`;

// [claim, message (LF stands for CRLF), outline]
const CASES: readonly (readonly [string, string, string])[] = [
  // No MIME at all
  ['a message of 0 octets is an empty text', '', 'text/plain:0 ""'],
  ['a plain message is text/plain', 'Subject: x\n\nhello\n', 'text/plain:1 "hello/"'],
  ['a last line without CRLF is not counted', 'Subject: x\n\none\ntwo', 'text/plain:1 "one/two"'],
  ['a message without body has an empty one', 'Subject: x\n\n', 'text/plain:0 ""'],
  ['a message that ends in its header has an empty body', 'Subject: x\n', 'text/plain:0 ""'],
  ['a header that ends in mid line has an empty body', 'Subject: x', 'text/plain:0 ""'],
  ['a message that starts with an empty line has no header', '\nSubject: x\n', 'text/plain:1 "Subject: x/"'],
  ['a message that is one empty line has no body', '\n', 'text/plain:0 ""'],
  ['an mbox From line is skipped', 'From a@b Mon Jan  1 00:00:00 2024\nContent-Type: text/html\n\nx', 'text/html:0 "x"'],
  ['a line without colon does not end the header', 'junk\nContent-Type: text/html\n\nx', 'text/html:0 "x"'],
  ['a line of white space continues the header', 'Subject: x\n \t\nContent-Type: text/html\n\nx', 'text/html:0 "x"'],
  ['a body may start with empty lines', 'A: b\n\n\n\nx\n', 'text/plain:3 "//x/"'],
  ['MIME-Version is not asked for', 'Content-Type: text/html\n\nx', 'text/html:0 "x"'],

  // Media types
  ['types are lower case', 'Content-Type: TEXT/HTML\n\nx', 'text/html:0 "x"'],
  ['a type is read without comments', 'Content-Type: (a) text/html (b); charset=x\n\nx', 'text/html:0 "x"'],
  ['a folded type is read', 'Content-Type:\n text/html;\n\tcharset=x\n\nx', 'text/html:0 "x"'],
  ['a type without subtype is text/plain', 'Content-Type: text\n\nx', 'text/plain:0 "x"'],
  ['an empty type is text/plain', 'Content-Type:\n\nx', 'text/plain:0 "x"'],
  ['a type of two slashes is text/plain', 'Content-Type: a/b/c\n\nx', 'text/plain:0 "x"'],
  ['an unknown type is kept', 'Content-Type: x-foo/x-bar\n\nx', 'x-foo/x-bar "x"'],
  ['the first of two types counts', 'Content-Type: text/html\nContent-Type: text/plain\n\nx', 'text/html:0 "x"'],
  ['a missing semicolon does not spoil the type', 'Content-Type: text/html charset=utf-8\n\nx', 'text/html:0 "x"'],
  ['white space before the colon is allowed', 'Content-Type : text/html\n\nx', 'text/html:0 "x"'],
  ['encodings are lower case', 'Content-Transfer-Encoding: BASE64\n\nx', 'text/plain[base64]:0 "x"'],
  ['an empty encoding is 7bit', 'Content-Transfer-Encoding:\n\nx', 'text/plain:0 "x"'],
  ['an encoding is read without comments', 'Content-Transfer-Encoding: (c) 8bit;\n\nx', 'text/plain[8bit]:0 "x"'],

  // Multiparts
  ['the CRLF before a delimiter belongs to it', mixed('--b\n\none\n--b\n\ntwo\n--b--\n'), 'multipart/mixed(text/plain:0 "one", text/plain:0 "two")'],
  ['an empty line before a delimiter is the body\'s', mixed('--b\n\none\n\n--b--\n'), 'multipart/mixed(text/plain:1 "one/")'],
  ['preamble and epilogue are no parts', mixed('pre\n--b\n\none\n--b--\nepi\n'), 'multipart/mixed(text/plain:0 "one")'],
  ['a missing close-delimiter ends parts at the end', mixed('--b\n\none\n--b\n\ntwo\n'), 'multipart/mixed(text/plain:0 "one", text/plain:1 "two/")'],
  ['a close-delimiter may end the message without CRLF', mixed('--b\n\none\n--b--'), 'multipart/mixed(text/plain:0 "one")'],
  ['a delimiter at the end of the message opens an empty part', mixed('--b\n\none\n--b'), 'multipart/mixed(text/plain:0 "one", text/plain:0 "")'],
  ['what follows the close-delimiter is epilogue, delimiters too', mixed('--b\n\none\n--b--\n--b\n\ntwo\n'), 'multipart/mixed(text/plain:0 "one")'],
  ['white space may follow a delimiter', mixed('--b \t \n\none\n--b-- \n'), 'multipart/mixed(text/plain:0 "one")'],
  ['text after a boundary makes it another one', mixed('--b\n\none\n--bx\n--b--\n'), 'multipart/mixed(text/plain:1 "one/--bx")'],
  ['a delimiter in mid line is none', mixed('--b\n\none --b\n --b\n--b--\n'), 'multipart/mixed(text/plain:1 "one --b/ --b")'],
  ['boundaries differ by case', mixed('--b\n\none\n--B\n--b--\n'), 'multipart/mixed(text/plain:1 "one/--B")'],
  ['a part without header starts with its empty line', mixed('--b\n\n\n--b--\n'), 'multipart/mixed(text/plain:0 "")'],
  ['a part may be nothing at all', mixed('--b\n--b--\n'), 'multipart/mixed(text/plain:0 "")'],
  ['a part may be one empty line', mixed('--b\n\n--b--\n'), 'multipart/mixed(text/plain:0 "")'],
  ['a part may end in its header', mixed('--b\nContent-Type: text/html\n--b\n\ntwo\n--b--\n'), 'multipart/mixed(text/html:0 "", text/plain:0 "two")'],
  ['a body may start with a delimiter', 'Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n', 'multipart/mixed(text/plain:0 "one")'],
  ['a header that ends at the end of the message has no parts', 'Content-Type: multipart/mixed; boundary=b\n', 'multipart/mixed(text/plain:0 "")'],
  ['a multipart without boundary is one text', mixed('--b\n\none\n', ''), 'multipart/mixed(text/plain:3 "--b//one/")'],
  ['a multipart with an empty boundary is one text', mixed('--\n\none\n', '; boundary=""'), 'multipart/mixed(text/plain:3 "--//one/")'],
  ['a multipart whose boundary never comes is one text', mixed('--c\n\none\n'), 'multipart/mixed(text/plain:3 "--c//one/")'],
  ['a multipart that only closes is one text', mixed('--b--\n'), 'multipart/mixed(text/plain:1 "--b--/")'],
  ['a multipart of 0 octets has an empty part', mixed(''), 'multipart/mixed(text/plain:0 "")'],
  ['a boundary of 256 octets is used', mixed(`--${'x'.repeat(256)}\n\none\n--${'x'.repeat(256)}--\n`, `; boundary=${'x'.repeat(256)}`), 'multipart/mixed(text/plain:0 "one")'],
  ['a boundary of 257 octets is not', mixed('one', `; boundary=${'x'.repeat(257)}`), 'multipart/mixed(text/plain:0 "one")'],
  ['a quoted boundary may hold spaces and colons', mixed('--a :b\n\none\n--a :b--\n', '; boundary="a :b"'), 'multipart/mixed(text/plain:0 "one")'],
  ['spaces at the end of a boundary are dropped', mixed('--b\n\none\n--b--\n', '; boundary="b  "'), 'multipart/mixed(text/plain:0 "one")'],
  ['a boundary may come in RFC 2231 pieces', mixed('--abc\n\none\n--abc--\n', '; boundary*1=bc; boundary*0=a'), 'multipart/mixed(text/plain:0 "one")'],
  ['a boundary may end with dashes', mixed('--b--\n\none\n--b----\n', '; boundary="b--"'), 'multipart/mixed(text/plain:0 "one")'],
  ['a boundary may be a dash', mixed('---\n\none\n-----\n', '; boundary="-"'), 'multipart/mixed(text/plain:0 "one")'],
  ['the encoding of a multipart does not hide its parts', `Content-Transfer-Encoding: base64\n${mixed('--b\n\none\n--b--\n')}`, 'multipart/mixed[base64](text/plain:0 "one")'],

  // Nesting
  ['multiparts nest', mixed('--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\none\n--c\n\ntwo\n--c--\n--b\n\nthree\n--b--\n'),
    'multipart/mixed(multipart/alternative(text/plain:0 "one", text/plain:0 "two"), text/plain:0 "three")'],
  ['an outer delimiter ends inner parts', mixed('--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\none\n--b\n\ntwo\n--b--\n'),
    'multipart/mixed(multipart/alternative(text/plain:0 "one"), text/plain:0 "two")'],
  ['an inner boundary may start with the outer one', mixed('--b\nContent-Type: multipart/alternative; boundary=b1\n\n--b1\n\none\n--b1--\n--b--\n'),
    'multipart/mixed(multipart/alternative(text/plain:0 "one"))'],
  ['an outer boundary may start with the inner one', mixed('--b1\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\none\n--b--\n--b1--\n', '; boundary=b1'),
    'multipart/mixed(multipart/alternative(text/plain:0 "one"))'],
  ['an inner boundary may look like the outer close-delimiter', mixed('--b\nContent-Type: multipart/alternative; boundary="b--"\n\n--b--\n\none\n--b----\n--b\n\ntwo\n--b--\n'),
    'multipart/mixed(multipart/alternative(text/plain:0 "one"), text/plain:0 "two")'],
  ['of two open multiparts with one boundary the inner one is meant', mixed('--b\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\none\n--b--\n--b\n\ntwo\n--b--\n'),
    'multipart/mixed(multipart/alternative(text/plain:0 "one"), text/plain:0 "two")'],
  ['an inner multipart without parts is one text', mixed('--b\nContent-Type: multipart/alternative; boundary=c\n\nx\n--b\n\ntwo\n--b--\n'),
    'multipart/mixed(multipart/alternative(text/plain:0 "x"), text/plain:0 "two")'],
  ['an inner header may be cut by an outer delimiter', mixed('--b\nContent-Type: multipart/alternative; boundary=c\n--b\n\ntwo\n--b--\n'),
    'multipart/mixed(multipart/alternative(text/plain:0 ""), text/plain:0 "two")'],

  // Messages inside
  ['a message inside is looked into', mixed('--b\nContent-Type: message/rfc822\n\nSubject: in\n\nhi\nyou\n--b--\n'), 'multipart/mixed(message/rfc822:3<text/plain:1 "hi/you">)'],
  ['parts of a digest are messages', 'Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: in\n\nhi\n--b--\n', 'multipart/digest(message/rfc822:2<text/plain:0 "hi">)'],
  ['a part of a digest may say what it is', 'Content-Type: multipart/digest; boundary=b\n\n--b\nContent-Type: text/html\n\nhi\n--b--\n', 'multipart/digest(text/html:0 "hi")'],
  ['a whole message may be a message', 'Content-Type: message/rfc822\n\nContent-Type: text/html\n\nhi\n', 'message/rfc822:3<text/html:1 "hi/">'],
  ['an empty message inside is an empty text', 'Content-Type: message/rfc822\n\n', 'message/rfc822:0<text/plain:0 "">'],
  ['a message inside may end in its header', mixed('--b\nContent-Type: message/rfc822\n\nSubject: in\n--b--\n'), 'multipart/mixed(message/rfc822:1<text/plain:0 "">)'],
  ['a message part may end in its own header', mixed('--b\nContent-Type: message/rfc822\n--b--\n'), 'multipart/mixed(message/rfc822:0<text/plain:0 "">)'],
  ['an encoded message stays closed', 'Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nQQ==\n', 'message/rfc822[base64]:1<text/plain[base64]:1 "QQ==/">'],
  ['8bit does not close a message', 'Content-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n\n\nhi', 'message/rfc822[8bit]:1<text/plain:0 "hi">'],
  ['message/global is a message', 'Content-Type: message/global\n\n\nhi', 'message/global:1<text/plain:0 "hi">'],
  ['other message types are not', 'Content-Type: message/delivery-status\n\nReporting-MTA: x\n', 'message/delivery-status "Reporting-MTA: x/"'],
  ['an outer delimiter ends a message inside', mixed('--b\nContent-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\none\n--b\n\ntwo\n--b--\n'),
    'multipart/mixed(message/rfc822:4<multipart/mixed(text/plain:0 "one")>, text/plain:0 "two")'],
  ['messages nest', 'Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\nA: b\n\nx', 'message/rfc822:4<message/rfc822:2<text/plain:0 "x">>'],
];

describe('the structure of a message', () => {
  test.each(CASES)('%s', (_, source, expected) => {
    const message = crlf(source);
    expect(outline(scan(message).structure, message)).toBe(expected);
  });

  // With LF alone every offset shifts, the outline does not.
  test.each(CASES)('with bare LF: %s', (_, source, expected) => {
    const message = bytesOf(source);
    expect(outline(scan(message).structure, message).replaceAll('\n', '/')).toBe(expected);
  });

  test.each([
    ['line ends may be mixed', 'Content-Type: multipart/mixed; boundary=b\n\r\n--b\r\n\none\n--b\n\r\ntwo\r\n--b--\n', 'multipart/mixed(text/plain:0 "one", text/plain:0 "two")'],
    ['a bare CR ends no line', 'Content-Type: text/html\r\rx\r\n\r\na\rb', 'text/html:0 "a\rb"'],
    ['CR CR LF is a line of one CR', 'A: b\r\r\n\r\nx\r\r\n', 'text/plain:1 "x\r/"'],
    ['only the CR next to the LF belongs to the delimiter', 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\r\n--b--', 'multipart/mixed(text/plain:0 "x\r")'],
    ['NUL and 8-bit octets are octets', 'A\0b: c\r\nContent-Type: text/html\r\n\r\n\0\xff', 'text/html:0 "\0\xff"'],
    ['a boundary may hold 8-bit octets', 'Content-Type: multipart/mixed; boundary="\xe9"\r\n\r\n--\xe9\r\n\r\nx\r\n--\xe9--', 'multipart/mixed(text/plain:0 "x")'],
  ])('%s', (_, source, expected) => {
    const message = bytesOf(source);
    expect(outline(scan(message).structure, message)).toBe(expected);
  });
});

function descriptionOf(header: string) {
  const { headerStart: _a, bodyStart: _b, bodyEnd: _c, lines: _d, children: _e, message: _f, ...description } = scan(crlf(`${header}\n\n`)).structure;
  return description;
}

describe('the description of a part', () => {
  const none = { id: null, description: null, encoding: '7bit', md5: null, disposition: null, language: [], location: null };

  test('without any field it is text/plain in us-ascii', () => {
    expect(descriptionOf('Subject: x')).toEqual({ ...none, type: 'text', subtype: 'plain', params: [['charset', 'us-ascii']] });
  });

  test('every field has its place', () => {
    expect(descriptionOf([
      'Content-Type: Image/PNG; Name="a b.png"', 'Content-Transfer-Encoding: Base64', 'Content-ID: <1@x>', 'Content-Description: =?utf-8?Q?a?=\n b',
      'Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==', 'Content-Disposition: ATTACHMENT; filename="a b.png"; size=3', 'Content-Language: en, de-DE (x)', 'Content-Location: http://a/b',
    ].join('\n'))).toEqual({
      type: 'image', subtype: 'png', params: [['name', 'a b.png']], encoding: 'base64', id: '<1@x>', description: '=?utf-8?Q?a?= b', md5: 'Q2hlY2sgSW50ZWdyaXR5IQ==',
      disposition: { type: 'attachment', params: [['filename', 'a b.png'], ['size', '3']] }, language: ['en', 'de-DE'], location: 'http://a/b',
    });
  });

  test.each([
    ['Content-Disposition: inline', { type: 'inline', params: [] }],
    ['Content-Disposition:', null],
    ['Content-Disposition: ; filename=a', { type: 'attachment', params: [['filename', 'a']] }],
    ['Content-Disposition: "inline"', { type: 'inline', params: [] }],
  ])('%s', (header, disposition) => {
    expect(descriptionOf(header).disposition).toEqual(disposition);
  });
});

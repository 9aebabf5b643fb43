import * as fc from 'fast-check';
import type { Address } from '../../../services/core/message/address';
import { EMPTY_ENVELOPE, type Envelope } from '../../../services/core/message/envelope';
import type { MimePart } from '../../../services/core/message/mime-part';
import { ByteWriter } from '../../../services/core/wire/byte-writer';
import { writeBody } from '../../../services/imap/responses/bodystructure';
import { writeEnvelope } from '../../../services/imap/responses/envelope';
import { FetchLine } from '../../../services/imap/responses/fetch';
import { parseResponse, type Value } from './parse-response';

function written(write: (out: ByteWriter) => void): string {
  const out = new ByteWriter();
  write(out);
  return out.take().toString('latin1');
}

const address = (name: string | null, mailbox: string, host: string): Address => ({ name, route: null, mailbox, host });

const part = (fields: Partial<MimePart>): MimePart => ({
  headerStart: 0, bodyStart: 0, bodyEnd: 0, lines: 0, type: 'text', subtype: 'plain', params: [], id: null, description: null, encoding: '7bit', md5: null, disposition: null,
  language: [], location: null, children: [], message: null, ...fields,
});

// RFC 3501 §8
const EXAMPLE: Envelope = {
  date: 'Wed, 17 Jul 1996 02:23:25 -0700 (PDT)',
  subject: 'IMAP4rev1 WG mtg summary and minutes',
  from: [address('Terry Gray', 'gray', 'cac.washington.edu')],
  sender: [address('Terry Gray', 'gray', 'cac.washington.edu')],
  replyTo: [address('Terry Gray', 'gray', 'cac.washington.edu')],
  to: [address(null, 'imap', 'cac.washington.edu')],
  cc: [address(null, 'minutes', 'CNRI.Reston.VA.US'), address('John Klensin', 'KLENSIN', 'MIT.EDU')],
  bcc: [],
  inReplyTo: null,
  messageId: '<B27397-0100000@cac.washington.edu>',
};

test('the envelope of RFC 3501 §8 is written as there', () => {
  expect(written((out) => writeEnvelope(out, EXAMPLE))).toBe(
    '("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev1 WG mtg summary and minutes" (("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) ' +
      '(("Terry Gray" NIL "gray" "cac.washington.edu")) ((NIL NIL "imap" "cac.washington.edu")) ((NIL NIL "minutes" "CNRI.Reston.VA.US")("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL "<B27397-0100000@cac.washington.edu>")',
  );
});

test('a group is an address without a host, its members, and an address of nothing', () => {
  const group: Address[] = [{ name: null, route: null, mailbox: 'friends', host: null }, address(null, 'a', 'b'), { name: null, route: null, mailbox: null, host: null }];
  expect(written((out) => writeEnvelope(out, { ...EMPTY_ENVELOPE, to: group }))).toBe('(NIL NIL NIL NIL NIL ((NIL NIL "friends" NIL)(NIL NIL "a" "b")(NIL NIL NIL NIL)) NIL NIL NIL NIL)');
});

const TEXT = part({ params: [['charset', 'US-ASCII']], bodyStart: 342, bodyEnd: 3370, lines: 92 });

test.each<[string, MimePart, string, string]>([
  // RFC 3501 §8
  ['a text', TEXT, '("text" "plain" ("charset" "US-ASCII") NIL NIL "7bit" 3028 92)', '("text" "plain" ("charset" "US-ASCII") NIL NIL "7bit" 3028 92 NIL NIL NIL NIL)'],
  [
    'an attachment',
    part({
      type: 'application', subtype: 'pdf', params: [['name', 'a "b".pdf']], id: '<1@x>', description: 'a file', encoding: 'base64', bodyEnd: 4554, md5: 'Q2hlY2s=',
      disposition: { type: 'attachment', params: [['filename', 'a.pdf'], ['size', '9']] }, language: ['de', 'en'], location: 'http://x',
    }),
    '("application" "pdf" ("name" "a \\"b\\".pdf") "<1@x>" "a file" "base64" 4554)',
    '("application" "pdf" ("name" "a \\"b\\".pdf") "<1@x>" "a file" "base64" 4554 "Q2hlY2s=" ("attachment" ("filename" "a.pdf" "size" "9")) ("de" "en") "http://x")',
  ],
  [
    'a multipart',
    part({ type: 'multipart', subtype: 'mixed', params: [['boundary', 'x']], children: [TEXT, part({ subtype: 'html', bodyEnd: 10, lines: 1, disposition: { type: 'inline', params: [] } })] }),
    '(("text" "plain" ("charset" "US-ASCII") NIL NIL "7bit" 3028 92)("text" "html" NIL NIL NIL "7bit" 10 1) "mixed")',
    '(("text" "plain" ("charset" "US-ASCII") NIL NIL "7bit" 3028 92 NIL NIL NIL NIL)("text" "html" NIL NIL NIL "7bit" 10 1 NIL ("inline" NIL) NIL NIL) "mixed" ("boundary" "x") NIL NIL NIL)',
  ],
  [
    'a message',
    part({ type: 'message', subtype: 'rfc822', bodyEnd: 5000, lines: 99, message: { envelope: EMPTY_ENVELOPE, structure: TEXT } }),
    '("message" "rfc822" NIL NIL NIL "7bit" 5000 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ("text" "plain" ("charset" "US-ASCII") NIL NIL "7bit" 3028 92) 99)',
    '("message" "rfc822" NIL NIL NIL "7bit" 5000 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ("text" "plain" ("charset" "US-ASCII") NIL NIL "7bit" 3028 92 NIL NIL NIL NIL) 99 NIL NIL NIL NIL)',
  ],
  [
    'a message/global, which IMAP4rev1 shows as any other part',
    part({ type: 'message', subtype: 'global', bodyEnd: 5, lines: 1, message: { envelope: EMPTY_ENVELOPE, structure: TEXT } }),
    '("message" "global" NIL NIL NIL "7bit" 5)',
    '("message" "global" NIL NIL NIL "7bit" 5 NIL NIL NIL NIL)',
  ],
  ['an image', part({ type: 'image', subtype: 'png', encoding: 'base64', bodyEnd: 7, lines: 3 }), '("image" "png" NIL NIL NIL "base64" 7)', '("image" "png" NIL NIL NIL "base64" 7 NIL NIL NIL NIL)'],
])('the structure of %s', (_, structure, body, bodyStructure) => {
  expect(written((out) => writeBody(out, structure, false))).toBe(body);
  expect(written((out) => writeBody(out, structure, true))).toBe(bodyStructure);
});

test('a FETCH line holds its items in order', () => {
  const line = written((out) => {
    new FetchLine(out, 12)
      .flags(['\\Seen', '$Junk'])
      .uid(4827313)
      .internalDate(Date.UTC(1996, 6, 17, 9, 44, 25))
      .size(4286)
      .modSeq(624140003)
      .envelope(EMPTY_ENVELOPE)
      .body(TEXT)
      .bodyStructure(TEXT)
      .section('BODY[HEADER.FIELDS (DATE FROM)]', Buffer.from('Date: x\r\n\r\n'))
      .section('BODY[9]', null)
      .section('BODY[TEXT]<5>', Buffer.alloc(0))
      .end();
  });
  expect(line).toBe(
    '* 12 FETCH (FLAGS (\\Seen $Junk) UID 4827313 INTERNALDATE "17-Jul-1996 09:44:25 +0000" RFC822.SIZE 4286 MODSEQ (624140003) ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ' +
      'BODY ("text" "plain" ("charset" "US-ASCII") NIL NIL "7bit" 3028 92) BODYSTRUCTURE ("text" "plain" ("charset" "US-ASCII") NIL NIL "7bit" 3028 92 NIL NIL NIL NIL) ' +
      'BODY[HEADER.FIELDS (DATE FROM)] {11}\r\nDate: x\r\n\r\n BODY[9] NIL BODY[TEXT]<5> {0}\r\n)\r\n',
  );
});

test('a body can be sent by itself between the announcement and the rest of the line', () => {
  const out = new ByteWriter();
  const line = new FetchLine(out, 1);
  expect(line.isEmpty).toBe(true);
  line.uid(5).sectionStart('BODY[]', 3);
  expect(line.isEmpty).toBe(false);
  expect(out.take().toString()).toBe('* 1 FETCH (UID 5 BODY[] {3}\r\n');
  line.flags([]).end();
  expect(out.take().toString()).toBe(' FLAGS ())\r\n');
});

const byteString = fc.string({ unit: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 32, max: 126 })).map((code) => String.fromCharCode(code)), maxLength: 12 });
const nullable = fc.option(byteString);
const anyAddress: fc.Arbitrary<Address> = fc.record({ name: nullable, route: nullable, mailbox: nullable, host: nullable });
const addresses = fc.array(anyAddress, { maxLength: 3 });
const anyEnvelope: fc.Arbitrary<Envelope> = fc.record({
  date: nullable, subject: nullable, from: addresses, sender: addresses, replyTo: addresses, to: addresses, cc: addresses, bcc: addresses, inReplyTo: nullable, messageId: nullable,
});
const params = fc.array(fc.tuple(byteString, byteString), { maxLength: 2 });
const { anyPart } = fc.letrec<{ anyPart: MimePart }>((tie) => ({
  anyPart: fc.record({
    headerStart: fc.constant(0), bodyStart: fc.constant(0), bodyEnd: fc.nat(), lines: fc.nat(), type: fc.constantFrom('text', 'image', 'multipart', 'message'),
    subtype: fc.oneof(fc.constant('rfc822'), byteString), params, id: nullable, description: nullable, encoding: byteString, md5: nullable,
    disposition: fc.option(fc.record({ type: byteString, params })), language: fc.array(byteString, { maxLength: 2 }), location: nullable,
    children: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constant([]), fc.array(tie('anyPart'), { maxLength: 2 })),
    message: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constant(null), fc.record({ envelope: anyEnvelope, structure: tie('anyPart') })),
  }),
}));

const stringValue = (value: string | null): Value => (value === null ? null : { text: value.replaceAll('\0', '\u0080') });
const listValue = (values: Value[]): Value => (values.length === 0 ? null : values);
const paramsValue = (pairs: MimePart['params']): Value => listValue(pairs.flat().map(stringValue));

function envelopeValue({ date, subject, from, sender, replyTo, to, cc, bcc, inReplyTo, messageId }: Envelope): Value {
  const lists = [from, sender, replyTo, to, cc, bcc].map((list) => listValue(list.map(({ name, route, mailbox, host }) => [name, route, mailbox, host].map(stringValue))));
  return [stringValue(date), stringValue(subject), ...lists, stringValue(inReplyTo), stringValue(messageId)];
}

function bodyValue(structure: MimePart, isExtended: boolean): Value {
  const { disposition, language, message } = structure;
  const placing = [
    disposition && [stringValue(disposition.type), paramsValue(disposition.params)],
    listValue(language.map(stringValue)),
    stringValue(structure.location),
  ];
  if (structure.children.length > 0) {
    const extension = isExtended ? [paramsValue(structure.params), ...placing] : [];
    return [...structure.children.map((child) => bodyValue(child, isExtended)), stringValue(structure.subtype), ...extension];
  }
  const lines = String(structure.lines);
  const kind = message && structure.subtype === 'rfc822' ? [envelopeValue(message.envelope), bodyValue(message.structure, isExtended), lines] : structure.type === 'text' ? [lines] : [];
  const { type, subtype, id, description, encoding, md5 } = structure;
  const fields = [stringValue(id), stringValue(description), stringValue(encoding), String(structure.bodyEnd)];
  return [stringValue(type), stringValue(subtype), paramsValue(structure.params), ...fields, ...kind, ...(isExtended ? [stringValue(md5), ...placing] : [])];
}

test('any envelope and structure can be read again, whatever bytes they hold', () => {
  fc.assert(
    fc.property(anyEnvelope, anyPart, (envelope, structure) => {
      const out = new ByteWriter();
      new FetchLine(out, 7).envelope(envelope).body(structure).bodyStructure(structure).end();
      expect(parseResponse(out.take())).toEqual([
        '*', '7', 'FETCH', ['ENVELOPE', envelopeValue(envelope), 'BODY', bodyValue(structure, false), 'BODYSTRUCTURE', bodyValue(structure, true)],
      ]);
    }),
    { numRuns: 300 },
  );
});

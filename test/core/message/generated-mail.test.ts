import * as fc from 'fast-check';
import PostalMime from 'postal-mime';
import { parameterTexts } from '../../../services/core/message/parameters';
import { locateSection, partAt } from '../../../services/core/message/section';
import { foldForSearch, headerText } from '../../../services/core/message/text';
import { messageContains, searchableTexts } from '../../../services/core/message/text-match';
import { decodeTransfer } from '../../../services/core/message/transfer-encoding';
import { CHARSETS, encoded, MailWriter, PLATFORM_CHARSETS, text, type Encoding, type Tree } from './generated-mail';
import { bytesOf, scan } from './scan';

const encoding = fc.constantFrom<Encoding>('8bit', 'base64', 'quoted-printable');
const textPart = (charsets = CHARSETS) => fc.record({ kind: fc.constant('text' as const), content: text(12, charsets), encoding });
const attachment = (charsets = CHARSETS) => fc.record({
  kind: fc.constant('attachment' as const), name: text(2, charsets), octets: fc.uint8Array({ minLength: 1, maxLength: 200 }),
  // Behind any other encoding postal-mime leaves a line end that is not the part's.
  encoding: fc.constant<Encoding>('base64'),
});

// What a body may hold that looks like structure and is none.
const junk = fc.array(fc.constantFrom('\r\n', '\n', '\r', 'a', '--', '--=_', '-- =_1', '\xe9', '\0', ' '), { maxLength: 8 }).map((words) => words.join(''));
const leaf = fc.record({ kind: fc.constant('leaf' as const), type: fc.constantFrom('text/plain', 'text/html', 'image/png', 'message/delivery-status'), octets: junk });

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    leaf,
    textPart(),
    attachment(),
    fc.record({
      kind: fc.constant('multipart' as const), subtype: fc.constantFrom('mixed', 'alternative', 'related', 'signed', 'x-any'), preamble: junk,
      children: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }), epilogue: junk, isClosed: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('message' as const), subject: text(3), inside: tie('tree') }),
  ),
}));

describe('a generated tree', () => {
  test('is found as it was written: every section\'s octets, every part\'s type, encoding, size and lines', () => {
    fc.assert(fc.property(text(6), tree, fc.constantFrom('\r\n', '\n'), (subject, root, eol) => {
      const writer = new MailWriter(eol);
      writer.write(subject, root);
      // A CR in front of an LF that belongs to a delimiter would be taken for its line end.
      fc.pre(eol === '\r\n' || !/\r\n--=_\d+_=/.test(writer.octets));
      const message = bytesOf(writer.octets);
      const { structure } = scan(message);
      for (const { path, text: kind, octets } of writer.sections) {
        const found = locateSection(structure, path, kind);
        if (found === null || !('startByte' in found)) throw new Error(`no section [${path.join('.')}]${kind as string}`);
        expect(message.toString('latin1', found.startByte, found.endByte)).toBe(octets);
      }
      for (const { path, type, encoding: declared, octets } of writer.parts) {
        const part = partAt(structure, path)!;
        const hasLines = part.type === 'text' || part.message !== null;
        expect(part).toMatchObject({
          bodyEnd: part.bodyStart + octets.length, lines: hasLines ? octets.split('\n').length - 1 : 0, encoding: declared,
        });
        expect(`${part.type}/${part.subtype}`).toBe(type);
        expect(locateSection(structure, [...path, 99], null)).toBeNull();
      }
    }), { numRuns: 500 });
  });

  const anyText = fc.array(fc.oneof(textPart(), attachment()), { minLength: 1, maxLength: 3 });

  test('is found by SEARCH BODY with any words of its texts, and with no others', () => {
    fc.assert(fc.property(text(3), anyText, (subject, children) => {
      const writer = new MailWriter('\r\n');
      writer.write(subject, { kind: 'multipart', subtype: 'mixed', preamble: '', children, epilogue: '', isClosed: true });
      const message = bytesOf(writer.octets);
      const { structure } = scan(message);
      const contains = (needle: string): boolean => messageContains(message, structure, foldForSearch(needle), 'BODY');
      const texts = children.flatMap((child) => (child.kind === 'text' ? [child.content.text] : []));
      for (const found of texts) {
        expect(contains(found)).toBe(true);
        expect(contains(found.slice(Math.floor(found.length / 2)).toUpperCase())).toBe(true);
      }
      const longest = texts.reduce((all, one) => (all.length > one.length ? all : one), '');
      expect(contains(`${longest}z`)).toBe(false);
      expect(messageContains(message, structure, foldForSearch(subject.text), 'TEXT')).toBe(true);
    }), { numRuns: 300 });
  });

  // One text and attachments, as deep as may be: what postal-mime joins to one text then is one.
  const { nested } = fc.letrec<{ nested: Tree }>((tie) => ({
    nested: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      textPart(PLATFORM_CHARSETS),
      fc.tuple(tie('nested'), fc.array(attachment(PLATFORM_CHARSETS), { maxLength: 2 })).map(([first, attachments]): Tree => (
        { kind: 'multipart', subtype: 'mixed', preamble: '', children: [first, ...attachments], epilogue: '', isClosed: true }
      )),
    ),
  }));

  const attachmentsOf = (node: Tree): Extract<Tree, { kind: 'attachment' }>[] =>
    (node.kind === 'attachment' ? [node] : node.kind === 'multipart' ? node.children.flatMap(attachmentsOf) : []);

  test('reads as postal-mime reads it: subject, text, file names and what is attached', async () => {
    await fc.assert(fc.asyncProperty(text(8, PLATFORM_CHARSETS), nested, async (subject, root) => {
      const writer = new MailWriter('\r\n');
      writer.write(subject, root);
      const message = bytesOf(writer.octets);
      const mail = await PostalMime.parse(message);
      const { envelope, structure } = scan(message);
      expect(headerText(envelope.subject!)).toBe(subject.text);
      expect(mail.subject).toBe(subject.text);

      const texts = [...searchableTexts(message, structure, 'BODY')].map((pieces) => [...pieces].join(''));
      expect(texts).toEqual([mail.text!.replace(/\n$/, '')]);

      const written = attachmentsOf(root);
      expect(mail.attachments.map(({ filename, content }) => [filename, Buffer.from(content as ArrayBuffer)])).toEqual(
        written.map(({ name, octets }) => [name.text, Buffer.from(octets)]),
      );
      const found = writer.parts.map(({ path }) => partAt(structure, path)!).filter(({ disposition }) => disposition !== null);
      expect(found.map((part) => [...parameterTexts(part.disposition!.params)])).toEqual(written.map(({ name }) => [name.text]));
      expect(found.map(({ bodyStart, bodyEnd, encoding: declared }) => Buffer.from(decodeTransfer(message.subarray(bodyStart, bodyEnd), declared))))
        .toEqual(written.map(({ octets }) => Buffer.from(octets)));
    }), { numRuns: 200 });
  });
});

test('the charsets of generated mail can hold its letters', () => {
  expect(PLATFORM_CHARSETS.length).toBeGreaterThan(12);
  fc.assert(fc.property(text(4), (content) => {
    expect(encoded(content).includes('?')).toBe(false);
  }));
});

import PostalMime from 'postal-mime';
import { GENERATION, RARE_EVERY, RARE_SUBJECT, RARE_TEXT, messageOf } from './generated-message';
import { LARGE_BYTES, SMALL_BYTES } from './scale';

test.each([SMALL_BYTES, LARGE_BYTES])('a message of %d octets has just so many, CRLF everywhere, no NUL, no line over 998 octets, and no lonely dot', (sizeBytes) => {
  for (let index = 0; index < 300; index += 1) {
    const { bytes } = messageOf(index, sizeBytes);
    expect(bytes).toHaveLength(sizeBytes);
    const text = Buffer.from(bytes).toString('latin1');
    const lines = text.split('\r\n');
    expect(lines.at(-1)).toBe('');
    expect(lines.filter((line) => line.length > 998 || line.startsWith('.') || /[\0\r\n]/.test(line))).toEqual([]);
  }
});

test('the same number makes the same octets, another number others', () => {
  expect(textOf(7)).toBe(textOf(7));
  expect(textOf(7)).not.toBe(textOf(8));
  // Far beyond 2³¹ as well: a run's new messages begin there.
  expect(textOf(2 ** 45 + 1)).not.toBe(textOf(2 ** 45 + 2));
});

test('one in a hundred has the words that SEARCH looks for, and no other has them', () => {
  for (let index = 0; index < 2 * RARE_EVERY; index += 1) {
    const text = textOf(index);
    const isRare = index % RARE_EVERY === 0;
    expect({ index, subject: text.includes(RARE_SUBJECT), text: text.includes(RARE_TEXT) }).toEqual({ index, subject: isRare, text: isRare });
  }
});

test('a parser of somebody else finds text, HTML, and in a large one the attachment', async () => {
  const small = await PostalMime.parse(messageOf(5, SMALL_BYTES).bytes);
  expect(small).toMatchObject({ messageId: '<5.bench@mail.example>', inReplyTo: '<4.bench@mail.example>', attachments: [] });
  expect(small.text).toContain('Grüße, hello');
  expect(small.html).toContain('<p class="x">');
  expect(small.headers.find(({ key }) => key === 'x-bench')?.value).toBe(String(GENERATION));
  const large = await PostalMime.parse(messageOf(5, LARGE_BYTES).bytes);
  expect(large.attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([['report.pdf', 'application/pdf']]);
});

function textOf(index: number): string {
  return Buffer.from(messageOf(index, SMALL_BYTES).bytes).toString('latin1');
}

// Writes small mail for the welcome mailbox: header fields, bodies and multiparts, with CRLF line ends. Not for user input.

export type HeaderFields = Readonly<Record<string, string>>;

const BASE64_LINE = 76;
/** Octets whose base64, with `=?utf-8?B?` and `?=`, stays within the 75 characters of RFC 2047 §2. */
const WORD_BYTES = 45;

/** A header, an empty line, a body. Values that are not ASCII become encoded words; `Content-` fields come as they are. */
export function entity(fields: HeaderFields, body: string): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${encodedWords(value)}\r\n`);
  return `${lines.join('')}\r\n${body}`;
}

/** A text part in UTF-8, sent as it is. */
export function text(subtype: string, content: string): string {
  return entity({ 'Content-Type': `text/${subtype}; charset=utf-8`, 'Content-Transfer-Encoding': '8bit' }, crlf(content));
}

export function attachment(type: string, filename: string, content: Uint8Array): string {
  const fields = {
    'Content-Type': `${type}; name="${filename}"`,
    'Content-Disposition': `attachment; filename="${filename}"`,
    'Content-Transfer-Encoding': 'base64',
  };
  return entity(fields, base64Lines(content));
}

/** The fields of the message, then its parts between delimiters. */
export function multipart(subtype: string, boundary: string, fields: HeaderFields, parts: readonly string[]): string {
  const type = { 'Content-Type': `multipart/${subtype}; boundary="${boundary}"` };
  return entity({ ...fields, ...type }, `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`);
}

export function crlf(content: string): string {
  return content.replaceAll('\n', '\r\n');
}

/** RFC 2047, at whole characters. */
export function encodedWords(value: string): string {
  // eslint-disable-next-line no-control-regex
  if (/^[\x20-\x7e]*$/.test(value)) return value;
  const words: string[] = [''];
  for (const character of value) {
    const last = words.length - 1;
    if (Buffer.byteLength(words[last] + character) > WORD_BYTES) words.push(character);
    else words[last] += character;
  }
  return words.map((word) => `=?utf-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ');
}

function base64Lines(content: Uint8Array): string {
  const encoded = Buffer.from(content).toString('base64');
  return (encoded.match(new RegExp(`.{1,${BASE64_LINE}}`, 'g')) ?? []).map((line) => `${line}\r\n`).join('');
}

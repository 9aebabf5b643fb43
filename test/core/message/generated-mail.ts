// Mail that is generated together with what is in it: where every octet of every section has to be found, and what it says.
import * as fc from 'fast-check';
import iconv from 'iconv-lite';
import type { SectionText } from '../../../services/core/message/section';

export interface Text {
  readonly charset: string;
  readonly text: string;
}

export type Encoding = '8bit' | 'base64' | 'quoted-printable';

export type Tree =
  | { readonly kind: 'leaf'; readonly type: string; readonly octets: string }
  | { readonly kind: 'text'; readonly content: Text; readonly encoding: Encoding }
  | { readonly kind: 'attachment'; readonly name: Text; readonly octets: Uint8Array; readonly encoding: Encoding }
  | { readonly kind: 'multipart'; readonly subtype: string; readonly preamble: string; readonly children: readonly Tree[]; readonly epilogue: string; readonly isClosed: boolean }
  | { readonly kind: 'message'; readonly subject: Text; readonly inside: Tree };

/** A section and what it has to hold, as a byte string. */
export interface ExpectedSection {
  readonly path: readonly number[];
  readonly text: SectionText;
  readonly octets: string;
}

export interface ExpectedPart {
  readonly path: readonly number[];
  readonly type: string;
  readonly encoding: string;
  readonly octets: string;
}

// Letters of each, so that no text is in another's reach by chance.
const ALPHABETS: Readonly<Record<string, string>> = {
  'utf-8': 'aé世界🌍ßΣ', 'iso-8859-1': 'aéßøÞ', latin1: 'aÆåÿ', 'iso-8859-2': 'ařžšŁ', 'iso-8859-5': 'аЖщю', 'iso-8859-7': 'aΩάλς', 'iso-8859-15': 'a€œŽ', 'windows-1250': 'a„žů',
  'windows-1251': 'aПрЁ—', cp1252: 'a“€–é', 'koi8-r': 'aПрё', 'koi8-u': 'aїґЄ', gb2312: 'a你好世', gb18030: 'a你㐀🌍é', big5: 'a你好許功', shift_jis: 'a表ソこｱ', 'x-sjis': 'aんに',
  'euc-jp': 'a日本ｱ', 'euc-kr': 'a안녕하', 'ks_c_5601-1987': 'a똠방',
};

export const CHARSETS = Object.keys(ALPHABETS);

/** Those that the platform reads right; Node 20 does not know windows-1252 and cp949. */
export const PLATFORM_CHARSETS = CHARSETS.filter((charset) => new TextDecoder(charset).decode(iconv.encode(ALPHABETS[charset]!, charset)) === ALPHABETS[charset]);

/** Up to so many words in one of these charsets of mail. */
export const text = (maxWords: number, charsets = CHARSETS): fc.Arbitrary<Text> => fc.constantFrom(...charsets).chain((charset) => {
  const word = fc.string({ unit: fc.constantFrom(...Array.from(ALPHABETS[charset]!)), minLength: 1, maxLength: 12 });
  return fc.array(word, { minLength: 1, maxLength: maxWords }).map((words) => ({ charset, text: words.join(' ') }));
});

export const encoded = ({ charset, text: plain }: Text): Buffer => iconv.encode(plain, charset);

const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');

/** `octets` as a part's body, in lines that end with `eol`. */
function transferred(octets: Uint8Array, encoding: Encoding, eol: string): string {
  if (encoding === 'base64') return Buffer.from(octets).toString('base64').replaceAll(/.{76}(?=.)/g, `$&${eol}`);
  if (encoding === '8bit') return Buffer.from(octets).toString('latin1');
  // A soft break where a line gets long, wherever that is within a character.
  const units = Array.from(octets, (byte) => (byte === 0x20 || /[A-Za-z0-9]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `=${hex(byte)}`));
  return units.map((unit, index) => (index % 20 === 19 && index < units.length - 1 ? `${unit}=${eol}` : unit)).join('');
}

/** An unstructured value: encoded words (RFC 2047), each of a few whole characters, one a line. */
export function encodedWords(content: Text, eol: string): string {
  const words = Array.from(content.text.match(/[^]{1,9}/gu) ?? []).map((piece, index) => {
    const octets = encoded({ charset: content.charset, text: piece });
    return `=?${content.charset}?${index % 2 === 0 ? `B?${octets.toString('base64')}` : `Q?${Array.from(octets, (byte) => `=${hex(byte)}`).join('')}`}?=`;
  });
  return words.join(`${eol} `);
}

/** A file name in RFC 2231 continuations of a few octets each, the last ones first. */
function continuedName(name: Text, eol: string): string {
  const pieces = Array.from(encoded(name), (byte) => `%${hex(byte)}`).join('').match(/(?:%..){1,10}/g)!;
  return pieces.map((piece, index) => `;${eol} filename*${index}*=${index === 0 ? `${name.charset}''` : ''}${piece}`).toReversed().join('');
}

/** Writes trees as octets, and notes on the way what has to be found where. Boundaries are all different. */
export class MailWriter {
  octets = '';
  readonly sections: ExpectedSection[] = [];
  readonly parts: ExpectedPart[] = [];
  private boundaryCount = 0;

  constructor(private readonly eol: string) {}

  /** The whole message. */
  write(subject: Text, tree: Tree): void {
    this.writeMessage([], subject, tree);
    this.sections.push({ path: [], text: null, octets: this.octets });
  }

  private writeMessage(path: readonly number[], subject: Text, tree: Tree): void {
    const start = this.octets.length;
    this.octets += `Subject: ${encodedWords(subject, this.eol)}${this.eol}`;
    // A message that is no multipart has its own body for part 1 (RFC 3501 §6.4.5).
    const bodyStart = this.writePart(tree.kind === 'multipart' ? path : [...path, 1], start, tree, tree.kind === 'multipart');
    this.sections.push(
      { path, text: 'HEADER', octets: this.octets.slice(start, bodyStart) },
      { path, text: 'TEXT', octets: this.octets.slice(bodyStart) },
    );
  }

  /** The rest of a header that began at `headerStart`, and a body. Returns where the body starts. `isRoot`: it has no number of its own. */
  private writePart(path: readonly number[], headerStart: number, tree: Tree, isRoot: boolean): number {
    const { eol } = this;
    const boundary = `=_${this.boundaryCount++}_=`;
    const { type, encoding, fields } = described(tree, boundary, eol);
    this.octets += `Content-Type: ${type}${eol}${encoding === '7bit' ? '' : `Content-Transfer-Encoding: ${encoding}${eol}`}${fields}${eol}`;
    const bodyStart = this.octets.length;
    if (tree.kind === 'leaf') this.octets += tree.octets;
    if (tree.kind === 'text') this.octets += transferred(encoded(tree.content), tree.encoding, eol);
    if (tree.kind === 'attachment') this.octets += transferred(tree.octets, tree.encoding, eol);
    if (tree.kind === 'message') this.writeMessage(path, tree.subject, tree.inside);
    if (tree.kind === 'multipart') this.writeChildren(path, tree, boundary);
    const octets = this.octets.slice(bodyStart);
    if (!isRoot) {
      this.sections.push({ path, text: null, octets }, { path, text: 'MIME', octets: this.octets.slice(headerStart, bodyStart) });
      this.parts.push({ path, type: type.split(';')[0]!, encoding, octets });
    }
    return bodyStart;
  }

  private writeChildren(path: readonly number[], tree: Extract<Tree, { kind: 'multipart' }>, boundary: string): void {
    const { eol } = this;
    // A preamble in front of the first delimiter needs its line end.
    if (tree.preamble !== '') this.octets += tree.preamble + eol;
    for (const [index, child] of tree.children.entries()) {
      this.octets += `${index === 0 ? '' : eol}--${boundary}${eol}`;
      this.writePart([...path, index + 1], this.octets.length, child, false);
    }
    // What is not closed ends where something around it goes on, or with the message.
    if (tree.isClosed) this.octets += `${eol}--${boundary}--${eol}${tree.epilogue}`;
  }
}

function described(tree: Tree, boundary: string, eol: string): { readonly type: string; readonly encoding: string; readonly fields: string } {
  switch (tree.kind) {
    case 'leaf':
      return { type: tree.type, encoding: '7bit', fields: '' };
    case 'text':
      return { type: `text/plain; charset="${tree.content.charset}"`, encoding: tree.encoding, fields: '' };
    case 'attachment':
      return { type: 'application/octet-stream', encoding: tree.encoding, fields: `Content-Disposition: attachment${continuedName(tree.name, eol)}${eol}` };
    case 'multipart':
      return { type: `multipart/${tree.subtype}; boundary="${boundary}"`, encoding: '7bit', fields: '' };
    case 'message':
      return { type: 'message/rfc822', encoding: '7bit', fields: '' };
  }
}

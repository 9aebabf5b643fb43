// Reads the cases of mime-table/; the format is described in mime-table/README.md.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TextScope } from '../../../services/core/message/text-match';
import type { Value } from '../../imap/responses/parse-response';

export interface MimeCase {
  readonly title: string;
  readonly message: Buffer;
  readonly envelope: Value;
  readonly structure: Value;
  readonly searches: readonly { readonly scope: TextScope; readonly needle: string; readonly matches: boolean }[];
}

const ESCAPES: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '\\': '\\', '"': '"' };

/** Writes out what is to be repeated, escapes left as they are. */
function repeated(text: string): string {
  return text.replaceAll(/\\\{([^]*?)\*(\d+)\}/g, (_, unit: string, count: string) => unit.repeat(Number(count)));
}

/** Byte strings in and out. */
function unescape(text: string): string {
  return repeated(text).replaceAll(/\\(?:x([0-9A-F]{2})|([^]))/g, (whole, hex?: string, char?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return ESCAPES[char!] ?? fail(`the escape ${whole}`);
  });
}

function fail(what: string): never {
  throw new Error(`The MIME table has something that is not understood: ${what}`);
}

function messageOf(lines: readonly string[]): Buffer {
  const text = lines.map((line) => (/(?:^|[^\\])(?:\\\\)*\\$/.test(line) ? unescape(line.slice(0, -1)) : `${unescape(line)}\r\n`)).join('');
  return Buffer.from(text, 'latin1');
}

const MEMBERS = ['date', 'subject', 'from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'in-reply-to', 'message-id'];
const SAME = ['from', 'sender', 'reply-to'];

/** Reads values as they stand in a response, and the abbreviations for them. */
class ExpectationReader {
  private readonly tokens: string[];

  constructor(text: string) {
    this.tokens = repeated(text).match(/"(?:[^"\\]|\\[^])*"|[()>]|<[a-z]+|[^\s()<>"]+/g) ?? [];
  }

  envelope(): Value {
    const members = new Map<string, Value>();
    while (this.tokens.length > 0 && this.tokens[0] !== '>') {
      const name = this.tokens.shift()!;
      const value = this.value();
      for (const member of name === 'from+' ? SAME : [name]) {
        if (!MEMBERS.includes(member) || members.has(member)) fail(`the envelope member ${name}`);
        members.set(member, value);
      }
    }
    return MEMBERS.map((member) => members.get(member) ?? null);
  }

  value(): Value {
    const token = this.tokens.shift() ?? fail('a value that is missing');
    if (token === '(') return this.valuesUntil(')');
    if (token === '<envelope') {
      const envelope = this.envelope();
      this.tokens.shift();
      return envelope;
    }
    if (token === '<text') {
      const [size, lines] = this.valuesUntil('>');
      return [...['text', 'plain'].map((text) => ({ text })), [{ text: 'charset' }, { text: 'us-ascii' }], null, null, { text: '7bit' }, size!, lines!, null, null, null, null];
    }
    if (token.startsWith('"')) return { text: unescape(token.slice(1, -1)) };
    if (token === 'NIL') return null;
    return /^\d+$/.test(token) ? token : fail(token);
  }

  end(): void {
    if (this.tokens.length > 0) fail(this.tokens.join(' '));
  }

  private valuesUntil(end: string): Value[] {
    const values: Value[] = [];
    while (this.tokens[0] !== end) values.push(this.value());
    this.tokens.shift();
    return values;
  }
}

function read<T>(text: string, take: (reader: ExpectationReader) => T): T {
  const reader = new ExpectationReader(text);
  const value = take(reader);
  reader.end();
  return value;
}

function searchOf(text: string): MimeCase['searches'][number] {
  const [, not, scope, needle] = /^(NOT )?(TEXT|BODY) "((?:[^"\\]|\\[^])*)"$/.exec(text) ?? fail(text);
  return { scope: scope as TextScope, needle: Buffer.from(unescape(needle!), 'latin1').toString('utf8'), matches: not === undefined };
}

function caseOf(theme: string, text: string): MimeCase {
  const [title, ...lines] = text.split('\n');
  const arrow = lines.indexOf('=>');
  if (arrow === -1) fail(`${theme}: ${title}`);
  // What goes on in a line that starts with a space is one line again.
  const expectations = lines.slice(arrow + 1).join('\n').replaceAll(/\n +/g, ' ').split('\n').filter((line) => line !== '');
  const valuesOf = (key: string): string[] => expectations.filter((line) => line.startsWith(`${key}:`)).map((line) => line.slice(key.length + 1).trim());
  const [envelope, structure, searches] = [valuesOf('envelope'), valuesOf('structure'), valuesOf('search')];
  if (envelope.length !== 1 || structure.length !== 1 || expectations.length !== 2 + searches.length) fail(`${theme}: ${title}`);
  return {
    title: `${theme}: ${title}`,
    message: messageOf(lines.slice(0, arrow)),
    envelope: read(envelope[0]!, (reader) => reader.envelope()),
    structure: read(structure[0]!, (reader) => reader.value()),
    searches: searches.map(searchOf),
  };
}

/** All cases of all themes. Throws if one of them cannot be read. */
export function mimeTable(): MimeCase[] {
  const folder = join(__dirname, 'mime-table');
  return readdirSync(folder).filter((name) => name.endsWith('.txt')).flatMap((name) => {
    const [, ...cases] = `\n${readFileSync(join(folder, name), 'latin1')}`.split('\n### ');
    return cases.map((text) => caseOf(name.slice(0, -'.txt'.length), text));
  });
}

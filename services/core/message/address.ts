// Address lists (RFC 5322 §3.4, with the obsolete forms of §4.4) as ENVELOPE wants them: quoting removed, encoded words untouched.
// One pass, no recursion: linear in the value, whatever it holds.
import { trimWhite } from './header';
import { ADDRESSES_MAX } from './mime-limits';

/**
 * RFC 3501 §7.4.2. A group is one address with `host` null and its name in `mailbox`, then its members, then one with
 * both null. Byte strings (see mime-part.ts).
 */
export interface Address {
  readonly name: string | null;
  /** at-domain-list (source route), `@a,@b`. */
  readonly route: string | null;
  readonly mailbox: string | null;
  readonly host: string | null;
}

const GROUP_END: Address = { name: null, route: null, mailbox: null, host: null };

// A NIL host would start a group, so what is missing has a name; the same words as Dovecot's.
const NO_MAILBOX = 'MISSING_MAILBOX';
const NO_HOST = 'MISSING_DOMAIN';

type TokenKind = 'word' | 'quoted' | 'comment' | 'special';

interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** White space or a comment stood before it. */
  readonly spaced: boolean;
}

// An encoded word may hold what RFC 2047 §5 forbids in a phrase, such as a comma: it is one word all the same.
const ENCODED_WORD = /=\?[^? \t]+\?[bq]\?[^? \t]*\?=/iy;
const WORD = /[^<>,;:@()" \t]+/y;

/** Where the quoted string or comment that opens at `open` ends (exclusive); an open one takes the rest. */
function endOfDelimited(value: string, open: number): number {
  const isComment = value[open] === '(';
  let depth = 1;
  let at = open + 1;
  for (; at < value.length && depth > 0; at++) {
    const char = value[at];
    if (char === '\\') at++;
    else if (!isComment) depth -= char === '"' ? 1 : 0;
    else if (char === '(') depth++;
    else if (char === ')') depth--;
  }
  return Math.min(at, value.length);
}

function unquote(value: string, open: number, end: number): string {
  const isClosed = end - 1 > open && (value[end - 1] === '"' || value[end - 1] === ')');
  return value.slice(open + 1, isClosed ? end - 1 : end).replace(/\\([^])/g, '$1');
}

function matchAt(pattern: RegExp, value: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(value)?.[0] ?? null;
}

function* tokensOf(value: string): Generator<Token> {
  const lastBracket = value.lastIndexOf(']');
  let spaced = false;
  let afterAt = false;
  for (let at = 0; at < value.length;) {
    const char = value[at]!;
    if (char === ' ' || char === '\t') {
      spaced = true;
      at++;
      continue;
    }
    let token: Token;
    if (char === '"' || char === '(') {
      const end = endOfDelimited(value, at);
      token = { kind: char === '"' ? 'quoted' : 'comment', text: unquote(value, at, end), spaced };
      at = end;
    } else if ('<>,;:@'.includes(char)) {
      token = { kind: 'special', text: char, spaced };
      at++;
    } else {
      // A domain literal may hold colons: user@[IPv6:2001:db8::1].
      const literal = afterAt && char === '[' && at < lastBracket ? value.slice(at, value.indexOf(']', at) + 1) : null;
      const text = literal ?? matchAt(ENCODED_WORD, value, at) ?? matchAt(WORD, value, at) ?? char;
      token = { kind: 'word', text, spaced };
      at += text.length;
    }
    yield token;
    spaced = token.kind === 'comment';
    afterAt = token.text === '@' && token.kind === 'special';
  }
}

const isSpecial = (token: Token | undefined, text: string): boolean => token?.kind === 'special' && token.text === text;

/** Tokens as one string, with a single space wherever white space was. */
function textOf(tokens: readonly Token[]): string {
  let text = '';
  for (const [index, token] of tokens.entries()) text += (index > 0 && token.spaced ? ' ' : '') + token.text;
  return text;
}

function lastAt(tokens: readonly Token[]): number {
  return tokens.findLastIndex((token) => isSpecial(token, '@'));
}

/** `local` and `domain` without any token are missing; a local part of `""` is not. */
function address(name: string | null, route: string | null, local: readonly Token[], domain: readonly Token[]): Address {
  const host = textOf(domain).replaceAll(' ', '');
  return { name: name === '' ? null : name, route, mailbox: local.length === 0 ? NO_MAILBOX : textOf(local), host: host === '' ? NO_HOST : host };
}

/** What stands between `<` and `>`: an addr-spec, perhaps behind a source route (RFC 5322 §4.4 obs-route). */
function angleAddress(name: string | null, inside: readonly Token[]): Address {
  const colon = isSpecial(inside[0], '@') ? inside.findIndex((token) => isSpecial(token, ':')) : -1;
  const spec = inside.slice(colon + 1);
  const at = lastAt(spec);
  const route = colon === -1 ? null : textOf(inside.slice(0, colon)).replaceAll(' ', '');
  return at === -1 ? address(name, route, spec, []) : address(name, route, spec.slice(0, at), spec.slice(at + 1));
}

/** An address without angle brackets; words that stand apart from the addr-spec are taken for a name, and so is a lone quoted string. */
function bareAddress(words: readonly Token[], comment: string | null): Address {
  const at = lastAt(words);
  if (at === -1) {
    const isLocalPart = words.length === 1 && words[0]!.kind === 'word';
    return isLocalPart ? address(comment, null, words, []) : address(textOf(words), null, [], []);
  }
  let localStart = Math.max(at - 1, 0);
  while (localStart > 0 && !words[localStart]!.spaced) localStart--;
  let hostEnd = Math.min(at + 2, words.length);
  while (hostEnd < words.length && !words[hostEnd]!.spaced) hostEnd++;
  const name = textOf(words.slice(0, localStart));
  return address(name === '' ? comment : name, null, words.slice(localStart, at), words.slice(at + 1, hostEnd));
}

/** The list as read so far: `words` and `angle` are of the address that is being read. */
class ListReader {
  readonly addresses: Address[] = [];
  private words: Token[] = [];
  private angle: Token[] | null = null;
  private comment: string | null = null;
  private inAngle = false;
  private inGroup = false;

  take(token: Token): void {
    if (token.kind === 'comment') this.comment = trimWhite(token.text);
    else if (token.kind !== 'special') this.keep(token);
    else if (token.text === '<') this.openAngle();
    else if (token.text === '>') this.inAngle = false;
    else if (token.text === ',') this.takeComma(token);
    else if (token.text === ';') this.endGroup();
    else if (token.text === ':') this.takeColon(token);
    else this.keep(token);
  }

  endGroup(): void {
    this.endAddress();
    this.closeGroup();
  }

  closeGroup(): void {
    if (this.inGroup) this.addresses.push(GROUP_END);
    this.inGroup = false;
  }

  private keep(token: Token): void {
    if (this.inAngle) this.angle!.push(token);
    else if (this.angle === null) this.words.push(token);
  }

  private openAngle(): void {
    if (this.angle !== null && !this.inAngle) this.endAddress();
    this.angle ??= [];
    this.inAngle = true;
  }

  private takeComma(token: Token): void {
    // In a route the comma separates domains; in any other open bracket it is taken for the end of the address.
    if (this.inAngle && isSpecial(this.angle![0], '@')) this.keep(token);
    else this.endAddress();
  }

  private takeColon(token: Token): void {
    if (this.inAngle || this.inGroup || this.angle !== null || this.words.length === 0 || lastAt(this.words) !== -1) {
      this.keep({ ...token, kind: this.inAngle ? 'special' : 'word' });
      return;
    }
    this.addresses.push({ name: null, route: null, mailbox: textOf(this.words), host: null });
    this.words = [];
    this.comment = null;
    this.inGroup = true;
  }

  private endAddress(): void {
    const { words, angle, comment } = this;
    if (angle !== null) this.addresses.push(angleAddress(words.length > 0 ? textOf(words) : comment, angle));
    else if (words.length > 0) this.addresses.push(bareAddress(words, comment));
    this.words = [];
    this.angle = null;
    this.comment = null;
    this.inAngle = false;
  }
}

/**
 * Reads an address list from an unfolded value, a byte string. Never throws; at most about `limit` addresses come
 * back, a group that is cut is closed.
 */
export function parseAddresses(value: string, limit: number = ADDRESSES_MAX): Address[] {
  const reader = new ListReader();
  for (const token of tokensOf(value)) {
    if (reader.addresses.length >= limit) break;
    reader.take(token);
  }
  if (reader.addresses.length < limit) reader.endGroup();
  else reader.closeGroup();
  return reader.addresses;
}

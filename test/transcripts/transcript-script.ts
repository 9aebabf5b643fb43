// Reads golden dialogues. One step a line:
//
//   # a comment; in a comment after a step the `#` stands behind two spaces
//   @options tls requireTls          before everything else: what the servers are like
//   @user bob quota=1000 messages=9  a further account, with limits or without; `alice` is always there
//   @open 1 A                        connection 1, to node A; its greeting is to be expected
//   @open 1 A alice                  the same, greeted and logged in
//   @quietly 1 SELECT INBOX          the client says a command that must be answered OK; what else is answered does not matter
//   @tls 1                           the client's side of the TLS handshake
//   @close 1                         the client goes without a word
//   @cut A, @heal A, @drain A        node A loses its stores, has them back, is told to stop
//   1 C: a1 SELECT INBOX             the client says; ` // ` is a line end inside one packet
//   1 S: * $n EXISTS                 the next thing that the server says: `$n` is bound where it is new, must be the same where it is
//   1 U: * FLAGS (...)               known; `...` stands for anything in a line. Neighbouring U lines come in any order
//   1 S: <closed>                    the server hangs up
//
// `$$` is a dollar. A literal is `{{` at the end of a line, its lines, each with its CRLF, and `}}` at the start of the line that goes
// on; `{{+` does not ask before. A client that asks waits for the `+`.
import { readFileSync } from 'node:fs';

export interface Step {
  readonly kind: 'directive' | 'C' | 'S' | 'U';
  readonly connection: string;
  /** With `{{…}}` literals in it, `\n` in them. */
  readonly text: string;
  readonly line: number;
}

/** Throws on what is no step. */
export function readScript(path: string): Step[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  const steps: Step[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = at + 1;
    const source = withoutComment(lines[at]!);
    if (source === '') continue;
    if (source.startsWith('@')) {
      steps.push({ kind: 'directive', connection: '', text: source.slice(1), line });
      continue;
    }
    const match = /^(\d+) ([CSU]): ?(.*)$/.exec(source);
    if (!match) throw new Error(`${path}:${line}: no step: ${source}`);
    let text = match[3]!;
    while (/\{\{\+?$/.test(text)) {
      do text += `\n${lines[++at] ?? ''}`;
      while (at < lines.length && !lines[at]!.startsWith('}}'));
      if (at >= lines.length) throw new Error(`${path}:${line}: a literal without its end`);
      text = text.slice(0, text.length - lines[at]!.length) + withoutComment(lines[at]!);
    }
    steps.push({ kind: match[2] as Step['kind'], connection: match[1]!, text, line });
  }
  return steps;
}

/** One piece of a client's text: a line, or a literal. */
export type Piece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'literal'; readonly bytes: string; readonly asks: boolean };

/** Text and literals in turn. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(/\{\{(\+?)\n((?:[^\n]*\n)*?)\}\}/g)) {
    pieces.push({ kind: 'text', text: text.slice(at, match.index) });
    pieces.push({ kind: 'literal', bytes: wire(match[2]!), asks: match[1] === '' });
    at = match.index + match[0].length;
  }
  pieces.push({ kind: 'text', text: text.slice(at) });
  return pieces;
}

/** UTF-8 as one character for each octet, lines with CRLF. */
function wire(text: string): string {
  return Buffer.from(text.replaceAll('\n', '\r\n'), 'utf8').toString('latin1');
}

function withoutComment(line: string): string {
  return line.startsWith('#') ? '' : line.replace(/ {2,}#.*$/, '').trimEnd();
}

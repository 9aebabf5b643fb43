/** What a response says: atoms and numbers as text, strings as `{ text }`, NIL as null, lists as arrays. */
export type Value = string | null | { readonly text: string } | readonly Value[];

/** A reader of responses that shares nothing with the server's code. Throws on anything that is not well-formed. */
export function parseResponse(bytes: Uint8Array): Value[] {
  const text = Buffer.from(bytes).toString('latin1');
  let at = 0;
  const fail = (why: string): never => {
    throw new Error(`${why} at ${at} of ${JSON.stringify(text)}`);
  };
  const quoted = (): Value => {
    let value = '';
    for (at++; text[at] !== '"'; at++) {
      if (text[at] === '\\') at++;
      if (text[at] === undefined || !/[ -~]/.test(text[at]!)) fail('a bad character in a quoted string');
      value += text[at];
    }
    at++;
    return { text: value };
  };
  const literal = (): Value => {
    const head = /^\{(\d+)\}\r\n/.exec(text.slice(at))!;
    const start = at + head[0].length;
    at = start + Number(head[1]);
    const value = text.slice(start, at);
    if (value.length !== Number(head[1]) || value.includes('\0')) fail('a bad literal');
    return { text: value };
  };
  const items = (end: string): Value[] => {
    const found: Value[] = [];
    while (text[at] !== end) {
      if (text[at] === ' ') {
        if (found.length === 0 || text[at + 1] === ' ') fail('a space too many');
        at++;
      }
      const char = text[at];
      if (char === '(') {
        at++;
        found.push(items(')'));
      } else if (char === '"') found.push(quoted());
      else if (char === '{') found.push(literal());
      else {
        const atom = /^[^\s()"{]+/.exec(text.slice(at))?.[0] ?? fail('nothing to read');
        at += atom.length;
        found.push(atom === 'NIL' ? null : atom);
      }
    }
    at++;
    return found;
  };
  const line = items('\r');
  if (text.slice(at - 1) !== '\r\n') fail('no end of line');
  return line;
}

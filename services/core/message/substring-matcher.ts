// Finds one string in a text that comes in pieces, in linear time.

// Up to this length the engine's own search is at worst this many times the text, and far faster in practice.
const SHORT_LENGTH_MAX = 64;

/** For each prefix of `needle` the length of its longest proper prefix that is also its suffix (Knuth, Morris, Pratt). */
function bordersOf(needle: string): Int32Array {
  const borders = new Int32Array(needle.length);
  for (let at = 1, length = 0; at < needle.length; at++) {
    while (length > 0 && needle.charCodeAt(at) !== needle.charCodeAt(length)) length = borders[length - 1]!;
    if (needle.charCodeAt(at) === needle.charCodeAt(length)) length++;
    borders[at] = length;
  }
  return borders;
}

export class SubstringMatcher {
  private readonly borders: Int32Array | null;
  /** Of a short needle: the end of the text so far. */
  private tail = '';
  /** Of a long needle: how much of it the text so far ends with. */
  private matched = 0;

  constructor(private readonly needle: string) {
    this.borders = needle.length > SHORT_LENGTH_MAX ? bordersOf(needle) : null;
  }

  /** Another text begins: a match does not run from one into the other. */
  reset(): void {
    this.tail = '';
    this.matched = 0;
  }

  /** True if the needle ends within `piece`. */
  feed(piece: string): boolean {
    return this.borders === null ? this.feedShort(piece) : this.feedLong(piece, this.borders);
  }

  private feedShort(piece: string): boolean {
    const text = this.tail + piece;
    if (text.includes(this.needle)) return true;
    this.tail = this.needle.length > 1 ? text.slice(1 - this.needle.length) : '';
    return false;
  }

  private feedLong(piece: string, borders: Int32Array): boolean {
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      while (this.matched > 0 && code !== this.needle.charCodeAt(this.matched)) this.matched = borders[this.matched - 1]!;
      if (code === this.needle.charCodeAt(this.matched)) this.matched++;
      if (this.matched === this.needle.length) return true;
    }
    return false;
  }
}

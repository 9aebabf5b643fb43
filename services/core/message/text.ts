// The text that SEARCH compares: one folding, used for the query and for what is searched.
import { decodeEncodedWords } from './encoded-word';
import { unfold } from './header';

/**
 * Text in which what a reader takes for the same is the same: NFC, full case folding (ß = ss, ς = σ, ﬁ = fi), and İ, I, ı and i
 * all alike, for nobody who searches "istanbul" means the dot. Folding twice changes nothing.
 */
export function foldForSearch(text: string): string {
  if (!/[\u0080-\uffff]/.test(text)) return text.toLowerCase();
  // Lower case first turns ẞ into ß, upper case then ß into SS: what Unicode calls full folding, from what JavaScript has.
  const folded = text.normalize('NFC').toLowerCase().toUpperCase().toLowerCase();
  return folded.replaceAll('ς', 'σ').replaceAll('i\u0307', 'i').normalize('NFC');
}

/** The text of a header field's value, a byte string, folded or not: for SEARCH SUBJECT, FROM, HEADER. Never throws. */
export function headerText(value: string): string {
  return decodeEncodedWords(unfold(value));
}

// How far back a place is looked for at which a text can be cut without changing how it folds.
const CUT_LOOKBACK = 1024;

/** The last place at which `text` may be cut: before an ASCII character, which composes with nothing before it. */
function safeCut(text: string): number {
  const start = Math.max(0, text.length - CUT_LOOKBACK);
  for (let at = text.length - 1; at >= start; at--) if (text.charCodeAt(at) < 0x80) return at;
  // Text without spaces, such as Chinese: before the last character that is no mark and no half of a pair.
  for (let at = text.length - 1; at >= start; at--) if (!/^[\p{M}\udc00-\udfff]/u.test(text.slice(at, at + 2))) return at;
  return text.length;
}

/** foldForSearch() of a text that comes in pieces; they come out cut elsewhere. Holds little more than one piece. */
export function* foldPieces(pieces: Iterable<string>): Generator<string> {
  let rest = '';
  for (const piece of pieces) {
    const text = rest + piece;
    const cut = safeCut(text);
    rest = text.slice(cut);
    if (cut > 0) yield foldForSearch(text.slice(0, cut));
  }
  if (rest !== '') yield foldForSearch(rest);
}

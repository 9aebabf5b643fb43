// fetch-att and the modifiers of FETCH (RFC 3501 §9, RFC 7162 §7), EMAILID and THREADID (RFC 8474 §5.3), SAVEDATE (RFC 8514 §4.2),
// PREVIEW (RFC 8970 §6).
import { BadCommand, Refusal } from '../../core/runtime/errors';
import { ITEM_NAME } from './characters';
import { grammarLimits } from './grammar-limits';
import { readList, type Reader } from './reader';
import { readSection, tryPartial, type PartialFetch, type Section } from './section';
import { readSequenceSet, type SequenceSet } from './sequence-set';

export type FetchItem =
  | { readonly kind: PlainKind }
  | FetchSection;

type PlainKind =
  | 'flags' | 'uid' | 'internalDate' | 'envelope' | 'body' | 'bodyStructure' | 'rfc822Size' | 'modSeq'
  | 'emailId' | 'threadId' | 'saveDate' | 'preview';

export interface FetchSection {
  readonly kind: 'section';
  /** The item's name in the response: `BODY[1.MIME]<0>`, `RFC822.TEXT`. ASCII, without line ends. */
  readonly label: string;
  readonly section: Section;
  readonly partial: PartialFetch | null;
  /** False: sets \Seen. */
  readonly peek: boolean;
}

export interface FetchArgs {
  readonly set: SequenceSet;
  /** Each once, in the order asked for. */
  readonly items: readonly FetchItem[];
  /** Only messages with a higher mod-sequence; null: not asked for. */
  readonly changedSince: number | null;
  /** Also what was expunged since `changedSince`. */
  readonly vanished: boolean;
}

const PLAIN_ITEMS = new Map<string, PlainKind>([
  ['FLAGS', 'flags'], ['UID', 'uid'], ['INTERNALDATE', 'internalDate'], ['ENVELOPE', 'envelope'], ['BODYSTRUCTURE', 'bodyStructure'],
  ['RFC822.SIZE', 'rfc822Size'], ['MODSEQ', 'modSeq'], ['EMAILID', 'emailId'], ['THREADID', 'threadId'], ['SAVEDATE', 'saveDate'],
  ['PREVIEW', 'preview'],
]);

const FAST: readonly PlainKind[] = ['flags', 'internalDate', 'rfc822Size'];
const MACROS = new Map<string, readonly PlainKind[]>([['ALL', [...FAST, 'envelope']], ['FAST', FAST], ['FULL', [...FAST, 'envelope', 'body']]]);

const RFC822_ITEMS = new Map<string, FetchSection>([
  ['RFC822', { kind: 'section', label: 'RFC822', section: { path: [], text: null }, partial: null, peek: false }],
  ['RFC822.HEADER', { kind: 'section', label: 'RFC822.HEADER', section: { path: [], text: 'HEADER' }, partial: null, peek: true }],
  ['RFC822.TEXT', { kind: 'section', label: 'RFC822.TEXT', section: { path: [], text: 'TEXT' }, partial: null, peek: false }],
]);

/**
 * fetch = "FETCH" SP sequence-set SP ("ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP fetch-att) ")") [fetch-modifiers]
 * Reads what follows the name. `byUid`: VANISHED is allowed.
 */
export function readFetchArgs(reader: Reader, byUid: boolean): FetchArgs {
  reader.readSpace('a set of message numbers');
  const set = readSequenceSet(reader);
  reader.readSpace('what to fetch');
  const items = distinct(reader.isAt('(') ? readList(reader, 'a FETCH item', () => readItem(reader)) : readMacroOrItem(reader));
  return { set, items, ...readModifiers(reader, byUid) };
}

function readMacroOrItem(reader: Reader): FetchItem[] {
  const name = readItemName(reader);
  const macro = MACROS.get(name);
  return macro === undefined ? [itemNamed(reader, name)] : macro.map((kind) => ({ kind }));
}

function readItem(reader: Reader): FetchItem {
  return itemNamed(reader, readItemName(reader));
}

function readItemName(reader: Reader): string {
  return reader.readRun(ITEM_NAME, 'a FETCH item').toUpperCase();
}

function itemNamed(reader: Reader, name: string): FetchItem {
  const kind = PLAIN_ITEMS.get(name);
  if (kind === 'preview') skipPreviewModifiers(reader);
  if (kind !== undefined) return { kind };
  const rfc822 = RFC822_ITEMS.get(name);
  if (rfc822 !== undefined) return rfc822;
  if (name === 'BODY' && !reader.isAt('[')) return { kind: 'body' };
  if (name !== 'BODY' && name !== 'BODY.PEEK') throw new BadCommand('unknown FETCH item');
  const { section, label } = readSection(reader);
  const partial = tryPartial(reader);
  // The response names only where the part starts (RFC 3501 §7.4.2).
  const origin = partial === null ? '' : `<${partial.startByte}>`;
  return { kind: 'section', label: `BODY${label}${origin}`, section, partial, peek: name === 'BODY.PEEK' };
}

/**
 * [SP "(" preview-mod *(SP preview-mod) ")"]; preview-mod = "LAZY" (RFC 8970 §6). Previews are made when a message comes, so none is
 * ever late. What is in parentheses after a single item may be modifiers of FETCH instead.
 */
function skipPreviewModifiers(reader: Reader): void {
  if (!reader.tryText(' (LAZY')) return;
  while (!reader.tryChar(')')) if (!reader.tryText(' LAZY')) throw new BadCommand('unknown PREVIEW modifier');
}

/** Each item once; of `BODY[] BODY.PEEK[]` the one that sets \Seen. */
function distinct(items: readonly FetchItem[]): FetchItem[] {
  if (items.length > grammarLimits.fetchItems) throw new Refusal('LIMIT', `FETCH takes at most ${grammarLimits.fetchItems} items`);
  const byKey = new Map<string, FetchItem>();
  let labelBytes = 0;
  for (const item of items) {
    const key = item.kind === 'section' ? `${item.label}.${item.partial?.sizeBytes ?? ''}` : item.kind;
    const known = byKey.get(key);
    if (known === undefined && item.kind === 'section') labelBytes += item.label.length;
    if (known === undefined || (item.kind === 'section' && !item.peek)) byKey.set(key, item);
  }
  if (labelBytes > grammarLimits.fetchLabelBytes) throw new Refusal('LIMIT', 'the FETCH items are too long');
  return [...byKey.values()];
}

/** fetch-modifiers = SP "(" fetch-modifier *(SP fetch-modifier) ")" (RFC 4466 §2.4) */
function readModifiers(reader: Reader, byUid: boolean): { changedSince: number | null; vanished: boolean } {
  if (!reader.tryMore('FETCH modifiers')) return { changedSince: null, vanished: false };
  const modifiers = readList(reader, 'a FETCH modifier', () => readModifier(reader));
  const changedSince = modifiers.find((modifier) => modifier !== 'vanished') ?? null;
  const vanished = modifiers.includes('vanished');
  if (modifiers.length > (vanished ? 2 : 1)) throw new BadCommand('a FETCH modifier is given twice');
  // RFC 7162 §3.2.6
  if (vanished && (!byUid || changedSince === null)) throw new BadCommand('VANISHED needs UID FETCH and CHANGEDSINCE');
  return { changedSince, vanished };
}

/** chgsince-fetch-mod = "CHANGEDSINCE" SP mod-sequence-value; rexpunges-fetch-mod = "VANISHED" (RFC 7162 §7) */
function readModifier(reader: Reader): number | 'vanished' {
  const name = reader.readWord('a FETCH modifier');
  if (name === 'VANISHED') return 'vanished';
  if (name !== 'CHANGEDSINCE') throw new BadCommand('unknown FETCH modifier');
  reader.readSpace('a mod-sequence');
  // 0 is not in the grammar, but Apple's clients send it.
  return reader.readNumber63('a mod-sequence');
}

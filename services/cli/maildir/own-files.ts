// What `isomail export` adds to a Maildir++, so that `isomail import` brings back exactly what there was. Other programs ignore it.
import { isKeyword } from './keyword';
import { sideFileLines, smallFile } from './side-file';

/** At the top: that this is an export, whether it was finished, and names that no directory can have. */
export const MARK = 'isomail-export';
/** In each folder that needs it: what neither file names nor file times can tell, one message a line. */
export const FACTS = 'isomail-facts';

export interface Mark {
  readonly format: 1;
  /** False from the beginning of the export to its end. */
  readonly complete: boolean;
  /** Mailbox names by directory, where the directory does not tell them. */
  readonly names: ReadonlyMap<string, string>;
}

/** What of a message the Maildir cannot tell. */
export interface MessageExtras {
  readonly internalDateMs?: number;
  readonly keywords?: readonly string[];
}

/** Ten thousand names of a thousand octets, in JSON. */
const MARK_BYTES_MAX = 64 * 1024 * 1024;
const DATE_MS_MAX = 8.64e15;

/** Of a file that an export wrote: its octets are the message's, whatever its line ends are. */
const OWN_NAME = /^\d+\.U\d{10}\.isomail,S=\d+,W=\d+$/;

/** The part of a file name that stays. `vsizeBytes`: with CRLF at the end of every line. */
export function ownName(uidValidity: number, uid: number, sizeBytes: number, vsizeBytes: number): string {
  return `${uidValidity}.U${String(uid).padStart(10, '0')}.isomail,S=${sizeBytes},W=${vsizeBytes}`;
}

export function isOwnName(name: string): boolean {
  return OWN_NAME.test(name);
}

export function markText({ names, ...mark }: Mark): string {
  return `${JSON.stringify({ ...mark, names: Object.fromEntries(names) })}\n`;
}

/** A MARK; null if there is none. A mark that makes no sense counts as that of an export that was cut off. */
export async function readMark(path: string): Promise<Mark | null> {
  const text = await smallFile(path, MARK_BYTES_MAX);
  if (text === null) return null;
  const mark = jsonOf(text);
  const { format, complete, names } = mark ?? {};
  if (format !== 1 || typeof names !== 'object' || names === null) return { format: 1, complete: false, names: new Map() };
  const valid = Object.entries(names).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { format, complete: complete === true, names: new Map(valid) };
}

export function extrasLine(file: string, extras: MessageExtras): string {
  return `${JSON.stringify({ file, ...extras })}\n`;
}

/** The extras of the messages with these names, of a file of FACTS. */
export async function readExtras(path: string, names: ReadonlySet<string>): Promise<ReadonlyMap<string, MessageExtras>> {
  const extras = new Map<string, MessageExtras>();
  for await (const line of sideFileLines(path)) {
    const { file, internalDateMs, keywords } = (line === null ? null : jsonOf(line)) ?? {};
    if (typeof file !== 'string' || !names.has(file)) continue;
    const isDate = typeof internalDateMs === 'number' && Number.isSafeInteger(internalDateMs) && Math.abs(internalDateMs) <= DATE_MS_MAX;
    const words: unknown[] = Array.isArray(keywords) ? keywords : [];
    extras.set(file, { ...(isDate ? { internalDateMs } : {}), keywords: words.filter((word) => typeof word === 'string').filter(isKeyword) });
  }
  return extras;
}

function jsonOf(text: string): Partial<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null; // Whoever reads says what it means that there is no sense in it.
  }
}

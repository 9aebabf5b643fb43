// The preview of a message (RFC 8970): the first words of its first text, taken while the scanner runs over it.
import { ByteSample } from './byte-sample';
import { decodeCharset } from './charset';
import { parameter } from './parameters';
import type { PartDescription } from './part-header';
import { decodeTransfer } from './transfer-encoding';

/** In code points. RFC 8970 has previews of at most 256 characters; a list shows two lines of them. */
const PREVIEW_LENGTH_MAX = 200;

// Style sheets stand before the first word of much HTML.
const PLAIN_SAMPLE_BYTES = 4 * 1024;
const HTML_SAMPLE_BYTES = 16 * 1024;

// Parts in which words are looked for, so that 10,000 parts of nothing but tags cost no more.
const SAMPLES_MAX = 10;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', zwnj: '', shy: '' };

function entityText(whole: string, name: string): string {
  const number = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
  if (number === null) return ENTITIES[name.toLowerCase()] ?? whole;
  const code = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

/** The words of HTML. The sample is short, so that a pattern that never ends costs little. */
function htmlText(html: string): string {
  return html
    .replaceAll(/<!--[^]*?(?:-->|$)/g, ' ')
    .replaceAll(/<(style|script|head|title)\b[^]*?(?:<\/\1\s*>|$)/gi, ' ')
    .replaceAll(/<[^>]*(?:>|$)/g, ' ')
    .replaceAll(/&([a-z]{2,8}|#\w{1,8});/gi, entityText);
}

/** One line, without what is not to be seen; cut between characters. */
function oneLine(text: string): string {
  const words = text.replaceAll(/[\p{C}\p{Z}\u034f\ufffd]+/gu, (run) => (/^[\p{Cf}\u034f]+$/u.test(run) ? '' : ' ')).trim();
  return Array.from(words.slice(0, PREVIEW_LENGTH_MAX * 2)).slice(0, PREVIEW_LENGTH_MAX).join('').trim();
}

/** Samples the first text/plain part, and the first text/html part in case there is none. Attachments do not count. */
export class PreviewSampler {
  private readonly texts = new Map<string, string>();
  private sampleCount = 0;
  private current: { readonly sample: ByteSample; readonly description: PartDescription; readonly depth: number } | null = null;

  get isSampling(): boolean {
    return this.current !== null;
  }

  /** A part's body begins; `depth` tells it apart from what is around it. */
  start(description: PartDescription, depth: number): void {
    const { type, subtype, disposition } = description;
    if (type !== 'text' || (subtype !== 'plain' && subtype !== 'html') || disposition?.type === 'attachment') return;
    if (this.texts.has(subtype) || this.texts.has('plain') || this.sampleCount === SAMPLES_MAX) return;
    this.sampleCount++;
    this.current = { sample: new ByteSample(subtype === 'plain' ? PLAIN_SAMPLE_BYTES : HTML_SAMPLE_BYTES), description, depth };
  }

  append(bytes: Uint8Array, from: number, to: number): void {
    this.current?.sample.append(bytes, from, to);
  }

  /** The part at `depth` is closed; its body had `bodyBytes`, so what was appended of the delimiter is taken back. */
  close(depth: number, bodyBytes: number): void {
    if (this.current === null || this.current.depth !== depth) return;
    const { sample, description } = this.current;
    this.current = null;
    sample.truncate(bodyBytes);
    const octets = decodeTransfer(sample.bytes(), description.encoding);
    const text = decodeCharset(octets, parameter(description.params, 'charset') ?? '');
    const words = oneLine(description.subtype === 'html' ? htmlText(text) : text);
    if (words !== '') this.texts.set(description.subtype, words);
  }

  /** Empty if the message has no text. */
  preview(): string {
    return this.texts.get('plain') ?? this.texts.get('html') ?? '';
  }
}

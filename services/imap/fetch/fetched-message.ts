// One message of a FETCH: where its sections are, and their octets. Small ones are read ahead of their turn, large ones streamed in it.
import type { Row } from '../../core/account/chunk';
import { COMMON_FIELDS } from '../../core/message/common-fields';
import { headerFields } from '../../core/message/header';
import { HEADER_BYTES_MAX } from '../../core/message/mime-limits';
import { locateSection, type FieldsOfHeader, type OctetRange } from '../../core/message/section';
import { decodeSummary, type Summary } from '../../core/message/summary';
import type { FetchSection } from '../grammar/fetch-items';
import type { PartialFetch } from '../grammar/section';
import type { MessageBodies } from '../../core/account/message-bodies';

/** What is read ahead of one message; and up to here a section is read whole. */
export const AHEAD_BYTES = 128 * 1024;

export type Content =
  /** There is no such part. */
  | { readonly kind: 'absent' }
  /** Small. `read` throws what MessageBodies.whole() throws. */
  | { readonly kind: 'held'; readonly sizeBytes: number; readonly read: () => Promise<Uint8Array> }
  | { readonly kind: 'streamed'; readonly range: OctetRange };

const ABSENT: Content = { kind: 'absent' };

export class FetchedMessage {
  private decoded: Summary | null = null;
  private readonly ahead = new Map<FetchSection, Promise<Uint8Array>>();
  /** The header last read: several items may want it. */
  private header: { readonly startByte: number; readonly bytes: Promise<Uint8Array> } | null = null;

  constructor(
    readonly number: number,
    readonly row: Row,
    private readonly bodies: MessageBodies,
  ) {}

  /** Throws Damaged. */
  get summary(): Summary {
    return (this.decoded ??= decodeSummary(this.row.summary));
  }

  /** Begins to read what is small of these sections. Throws nothing: whoever takes them is told. */
  readAhead(sections: readonly FetchSection[]): void {
    let bytes = 0;
    for (const section of sections) {
      const content = this.tryLocate(section);
      if (content?.kind !== 'held') continue;
      bytes += content.sizeBytes;
      if (bytes > AHEAD_BYTES) return;
      this.ahead.set(section, observed(content.read()));
    }
  }

  /** Where a section's octets are. Throws Damaged. */
  locate({ section: { path, text }, partial }: FetchSection): Content {
    // What everybody has needs no summary: RFC 3501 §6.4.5, an empty section is the entire message.
    if (path.length === 0 && text === null) return this.octets({ startByte: 0, endByte: this.row.sizeBytes }, partial);
    const place = locateSection(this.summary.structure, path, text);
    if (place === null) return ABSENT;
    if ('headerRange' in place) return this.fields(place, path.length === 0, partial);
    return text === 'HEADER' && partial === null && sizeOf(place) <= AHEAD_BYTES
      ? { kind: 'held', sizeBytes: sizeOf(place), read: () => this.headerBytes(place) }
      : this.octets(place, partial);
  }

  /** The octets of a section that locate() called held. */
  read(section: FetchSection, { read }: Extract<Content, { kind: 'held' }>): Promise<Uint8Array> {
    return this.ahead.get(section) ?? read();
  }

  private tryLocate(section: FetchSection): Content | null {
    try {
      return this.locate(section);
    } catch {
      return null; // Its turn will come, and bring the error again.
    }
  }

  private octets(whole: OctetRange, partial: PartialFetch | null): Content {
    const range = cut(whole, partial);
    if (sizeOf(range) > AHEAD_BYTES) return { kind: 'streamed', range };
    return { kind: 'held', sizeBytes: sizeOf(range), read: () => this.bodies.whole(this.row.blobId, range) };
  }

  /** HEADER.FIELDS: those that the summary keeps need no blob. */
  private fields({ headerRange, fields, not }: FieldsOfHeader, isOwn: boolean, partial: PartialFetch | null): Content {
    const { commonFields } = this.summary;
    const isKept = isOwn && !not && commonFields !== null && fields.every((field) => COMMON_FIELDS.has(field));
    const startByte = headerRange.startByte;
    // Fields behind the first MiB are seen by nothing here, ENVELOPE included.
    const range = { startByte, endByte: Math.min(headerRange.endByte, startByte + HEADER_BYTES_MAX) };
    const block = isKept ? () => Promise.resolve(commonFields) : () => this.headerBytes(range);
    return {
      kind: 'held',
      sizeBytes: isKept ? commonFields.length : sizeOf(range),
      read: async () => slice(headerFields(await block(), fields, not), partial),
    };
  }

  private headerBytes(range: OctetRange): Promise<Uint8Array> {
    if (this.header?.startByte !== range.startByte) {
      this.header = { startByte: range.startByte, bytes: observed(this.bodies.whole(this.row.blobId, range)) };
    }
    return this.header.bytes;
  }
}

/** A promise that may fail before anybody waits for it: whoever does is told then. */
function observed<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function sizeOf({ startByte, endByte }: OctetRange): number {
  return endByte - startByte;
}

/** RFC 3501 §6.4.5: a partial is cut at the end of the text; one that starts behind it is empty. */
function cut({ startByte, endByte }: OctetRange, partial: PartialFetch | null): OctetRange {
  if (partial === null) return { startByte, endByte };
  const start = Math.min(startByte + partial.startByte, endByte);
  return { startByte: start, endByte: Math.min(start + partial.sizeBytes, endByte) };
}

function slice(bytes: Uint8Array, partial: PartialFetch | null): Uint8Array {
  const { startByte, endByte } = cut({ startByte: 0, endByte: bytes.length }, partial);
  return bytes.subarray(startByte, endByte);
}

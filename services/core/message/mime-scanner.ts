// The one pass over a message: octets are pushed through in chunks of any size, the MIME tree comes out.
// It keeps header octets and open parts, never bodies; where chunks are cut never changes the result.
import { BoundarySet } from './boundary-set';
import { commonFieldsOf } from './common-fields';
import { EMPTY_ENVELOPE, envelopeOf, type Envelope } from './envelope';
import { parseHeader } from './header';
import { BOUNDARY_BYTES_MAX, HEADER_BYTES_MAX, MIME_DEPTH_MAX, MIME_PARTS_MAX } from './mime-limits';
import { isMessageType, type MimePart } from './mime-part';
import { parameter } from './parameters';
import { describePart, opaqueText, type PartDescription } from './part-header';
import { PreviewSampler } from './preview';
import { ByteSample } from './byte-sample';
import { threadKey } from './thread-key';

export interface ScannedMessage {
  readonly sizeBytes: number;
  readonly structure: MimePart;
  readonly envelope: Envelope;
  /** See thread-key.ts. */
  readonly threadKey: Uint8Array | null;
  /** See common-fields.ts. */
  readonly commonFields: Uint8Array | null;
  /** See preview.ts. */
  readonly preview: string;
}

/** A part that is not closed yet. */
interface OpenPart {
  readonly headerStart: number;
  readonly inDigest: boolean;
  bodyStart: number;
  linesBeforeBody: number;
  description: PartDescription | null;
  /** Of a multipart whose delimiters are looked for. */
  boundary: string | null;
  readonly children: MimePart[];
  /** Of a message part: the envelope of the message inside. */
  nestedEnvelope: Envelope | null;
}

const CR = 0x0d;
const LF = 0x0a;

// Of a line that is cut by a chunk's end only its start is kept: `--`, a boundary, `--`, one octet more, CRLF.
const LINE_HEAD_BYTES = BOUNDARY_BYTES_MAX + 8;

export class MimeScanner {
  /** From the message down to the part that is being read. */
  private readonly open: OpenPart[] = [];
  private readonly boundaries = new BoundarySet();
  private readonly sampler = new PreviewSampler();
  private root: MimePart | null = null;
  private rootFacts: Pick<ScannedMessage, 'envelope' | 'threadKey' | 'commonFields'> | null = null;
  private partCount = 0;

  private inHeader = false;
  private header = new ByteSample(HEADER_BYTES_MAX);
  private headerBudget = HEADER_BYTES_MAX;
  /** Length of `header` before the line that is being read. */
  private headerBeforeLine = 0;

  /** Where the line that is being read starts in the message. */
  private lineStart = 0;
  /** Octets of it that earlier chunks brought; the first of them are in `lineHead`. */
  private linePending = 0;
  private readonly lineHead = new Uint8Array(LINE_HEAD_BYTES);
  private lastByte = 0;
  private lineCount = 0;
  /** Of the line before: 2 for CRLF, 1 for LF. */
  private lineEndBytes = 0;

  constructor() {
    this.openPart(0, false);
  }

  /** Takes the next octets; they may be reused by the caller afterwards. Never throws. */
  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let at = 0; at < bytes.length;) {
      const lf = bytes.indexOf(LF, at);
      const end = lf === -1 ? bytes.length : lf + 1;
      this.takePiece(bytes, at, end, lf !== -1);
      at = end;
    }
  }

  /** Ends the message. Nothing may be pushed afterwards. */
  end(): ScannedMessage {
    if (this.linePending > 0) this.endLine(this.lineHead, 0, this.linePending, 0);
    while (this.inHeader) this.endHeader(this.lineStart);
    this.closeParts(0, this.lineStart, this.lineCount);
    return { sizeBytes: this.lineStart, structure: this.root!, ...this.rootFacts!, preview: this.sampler.preview() };
  }

  /** One line, or as much of it as the chunk holds. */
  private takePiece(bytes: Buffer, from: number, to: number, isTerminated: boolean): void {
    const length = to - from;
    if (this.inHeader) this.header.append(bytes, from, to);
    else if (this.sampler.isSampling) this.sampler.append(bytes, from, to);
    const beforeLf = length > 1 ? bytes[to - 2]! : this.lastByte;
    const lineEndBytes = beforeLf === CR && this.linePending + length > 1 ? 2 : 1;
    if (isTerminated && this.linePending === 0) {
      this.endLine(bytes, from, length, lineEndBytes);
      return;
    }
    if (this.linePending < LINE_HEAD_BYTES) {
      this.lineHead.set(bytes.subarray(from, Math.min(to, from + LINE_HEAD_BYTES - this.linePending)), this.linePending);
    }
    this.linePending += length;
    this.lastByte = bytes[to - 1]!;
    if (isTerminated) this.endLine(this.lineHead, 0, this.linePending, lineEndBytes);
  }

  /** A whole line, its first octets at `bytes[from]`; `lineEndBytes` is 0 for a last line without LF. */
  private endLine(bytes: Uint8Array, from: number, length: number, lineEndBytes: number): void {
    const next = this.lineStart + length;
    this.linePending = 0;
    const delimiter = this.boundaries.match(bytes, from, Math.min(length, LINE_HEAD_BYTES));
    if (delimiter !== null) this.takeDelimiter(delimiter.owner, delimiter.isClose, next);
    else if (this.inHeader && length === lineEndBytes) this.endHeader(next, lineEndBytes);
    if (lineEndBytes > 0) this.lineCount++;
    this.lineEndBytes = lineEndBytes;
    this.lineStart = next;
    this.headerBeforeLine = this.header.length;
  }

  /** The line delimits a part of the multipart at `open[owner]`, whose header the delimiter may even cut short. */
  private takeDelimiter(owner: number, isClose: boolean, next: number): void {
    if (!isClose && !this.hasRoomFor(owner)) {
      this.dropBoundaries();
      return;
    }
    if (this.inHeader) this.header.truncate(this.headerBeforeLine);
    while (this.inHeader) this.endHeader(this.lineStart);
    this.closeParts(owner + 1, this.lineStart - this.lineEndBytes, this.lineCount - 1);
    const multipart = this.open[owner]!;
    if (isClose) {
      this.boundaries.remove(multipart.boundary!);
      multipart.boundary = null;
    } else {
      const { type, subtype } = multipart.description!;
      this.openPart(next, type === 'multipart' && subtype === 'digest');
    }
  }

  /** A multipart's first child has its room since the multipart was opened. */
  private hasRoomFor(owner: number): boolean {
    const isFirst = owner === this.open.length - 1 && this.open[owner]!.children.length === 0;
    return isFirst || this.partCount < MIME_PARTS_MAX;
  }

  /** Too many parts: the rest of the message is the body of the part reached. */
  private dropBoundaries(): void {
    for (const part of this.open.toReversed()) {
      if (part.boundary !== null) this.boundaries.remove(part.boundary);
      part.boundary = null;
    }
  }

  private openPart(headerStart: number, inDigest: boolean): void {
    const parent = this.open.at(-1);
    if (parent === undefined || parent.children.length > 0) this.partCount++;
    this.open.push({
      headerStart, inDigest, bodyStart: headerStart, linesBeforeBody: 0, description: null, boundary: null,
      children: [], nestedEnvelope: null,
    });
    this.inHeader = true;
    this.header = new ByteSample(this.headerBudget);
    this.headerBeforeLine = 0;
  }

  /** The body of the innermost part starts at `bodyStart`; the line that is being read has `lineEndBytes` if it is of the header. */
  private endHeader(bodyStart: number, lineEndBytes = 0): void {
    const part = this.open.at(-1)!;
    const header = parseHeader(this.header.bytes());
    this.headerBudget -= this.header.length;
    this.header = new ByteSample(0);
    this.inHeader = false;
    const description = describePart(header, part.inDigest);
    part.description = description;
    part.bodyStart = bodyStart;
    part.linesBeforeBody = this.lineCount + (lineEndBytes > 0 ? 1 : 0);

    const parent = this.open.at(-2);
    if (parent === undefined) {
      this.rootFacts = { envelope: envelopeOf(header), threadKey: threadKey(header), commonFields: commonFieldsOf(header) };
    } else if (parent.description!.type === 'message') {
      parent.nestedEnvelope = envelopeOf(header);
    }
    this.openContainer(part, description, bodyStart);
    if (!this.inHeader) this.sampler.start(description, this.open.length);
  }

  /** Makes a multipart or message ready for its children, if it has a usable boundary or encoding and the limits allow. */
  private openContainer(part: OpenPart, description: PartDescription, bodyStart: number): void {
    const { type, subtype, params, encoding } = description;
    if (type !== 'multipart' && !isMessageType(type, subtype)) return;
    const isFull = this.open.length >= MIME_DEPTH_MAX || this.partCount >= MIME_PARTS_MAX;
    // For its first part, or for the text that stands for what is inside.
    this.partCount++;
    if (isFull) return;
    if (type === 'multipart') {
      const boundary = (parameter(params, 'boundary') ?? '').replace(/[ \t]+$/, '');
      if (boundary === '' || boundary.length > BOUNDARY_BYTES_MAX) return;
      part.boundary = boundary;
      this.boundaries.add(boundary, this.open.length - 1);
    } else if (['7bit', '8bit', 'binary'].includes(encoding)) {
      // RFC 2046 §5.2.1 permits no other encodings; what is encoded all the same stays closed.
      this.openPart(bodyStart, false);
    }
  }

  /** Closes the parts from the innermost to `open[first]`; their bodies end at `end`, before which there are `lines` LFs. */
  private closeParts(first: number, end: number, lines: number): void {
    let bodyEnd = end;
    let linesBeforeEnd = lines;
    while (this.open.length > first) {
      this.sampler.close(this.open.length, Math.max(0, bodyEnd - this.open.at(-1)!.bodyStart));
      const part = this.open.pop()!;
      // The line end before the delimiter may be the header's: then the body is empty, and what is around it ends there too.
      if (part.bodyStart > bodyEnd) {
        bodyEnd = part.bodyStart;
        linesBeforeEnd = part.linesBeforeBody;
      }
      if (part.boundary !== null) this.boundaries.remove(part.boundary);
      const closed = closedPart(part, bodyEnd, linesBeforeEnd - part.linesBeforeBody);
      const parent = this.open.at(-1);
      if (parent === undefined) this.root = closed;
      else parent.children.push(closed);
    }
  }
}

function closedPart(part: OpenPart, bodyEnd: number, lines: number): MimePart {
  const { headerStart, bodyStart, children, nestedEnvelope } = part;
  const { type, subtype, params, id, description, encoding, md5, disposition, language, location } = part.description!;
  const isMessage = isMessageType(type, subtype);
  // RFC 3501 §9 body-type-mpart needs a part: a multipart in which none was found has its whole body as text.
  const isEmpty = type === 'multipart' && children.length === 0;
  return {
    headerStart, bodyStart, bodyEnd, lines: type === 'text' || isMessage ? lines : 0,
    type, subtype, params, id, description, encoding, md5, disposition, language, location,
    children: isMessage ? [] : isEmpty ? [opaqueText(bodyStart, bodyEnd, lines, '7bit')] : children,
    message: isMessage
      ? { envelope: nestedEnvelope ?? EMPTY_ENVELOPE, structure: children[0] ?? opaqueText(bodyStart, bodyEnd, lines, encoding) }
      : null,
  };
}

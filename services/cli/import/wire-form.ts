// From a file's octets to those of a message on the wire: lines end with CRLF (RFC 5322 §2.3), and there is no NUL, which no IMAP
// literal can carry: it turns into 0x80.

const NUL = 0x00;
const NUL_SUBSTITUTE = 0x80;
const LF = 0x0a;
const CR = 0x0d;

export class WireForm {
  private lastByte = 0;

  /** `isExact`: line ends are what they must be, whatever they are. */
  constructor(private readonly isExact = false) {}

  /** The next octets, in wire form; those given stay as they are. Where chunks are cut changes nothing. */
  convert(chunk: Buffer): Buffer {
    const bareLfs = this.isExact ? 0 : this.countBareLfs(chunk);
    const before = this.lastByte;
    if (chunk.length > 0) this.lastByte = chunk[chunk.length - 1]!;
    const converted = bareLfs === 0 ? chunk : withCrs(chunk, before, bareLfs);
    return converted.includes(NUL) ? withoutNuls(converted) : converted;
  }

  private countBareLfs(chunk: Buffer): number {
    let count = 0;
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, at + 1)) {
      if ((at === 0 ? this.lastByte : chunk[at - 1]) !== CR) count += 1;
    }
    return count;
  }
}

function withCrs(chunk: Buffer, byteBefore: number, bareLfs: number): Buffer {
  const converted = Buffer.allocUnsafe(chunk.length + bareLfs);
  let to = 0;
  let from = 0;
  for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, at + 1)) {
    if ((at === 0 ? byteBefore : chunk[at - 1]) === CR) continue;
    to += chunk.copy(converted, to, from, at);
    converted[to] = CR;
    to += 1;
    from = at;
  }
  chunk.copy(converted, to, from);
  return converted;
}

function withoutNuls(chunk: Buffer): Buffer {
  return Buffer.from(chunk.map((byte) => (byte === NUL ? NUL_SUBSTITUTE : byte)));
}

/** A stream of octets in wire form. */
export async function* inWireForm(octets: AsyncIterable<Buffer>, isExact = false): AsyncIterable<Buffer> {
  const form = new WireForm(isExact);
  for await (const chunk of octets) yield form.convert(chunk);
}

// An append-only byte buffer that grows. What goes in is bytes or ASCII text: characters above 0xFF are a bug of the caller.

const INITIAL_BYTES = 256;
/** Below this a loop beats the call into the runtime. */
const SHORT_TEXT = 24;

export class ByteWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(initialBytes = INITIAL_BYTES) {
    this.#buffer = Buffer.allocUnsafe(initialBytes);
  }

  /** Bytes written so far. */
  get lengthBytes(): number {
    return this.#length;
  }

  byte(value: number): this {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
    return this;
  }

  /** Text whose characters are all below 0x100, one byte each. */
  ascii(text: string): this {
    this.#reserve(text.length);
    if (text.length > SHORT_TEXT) {
      this.#buffer.write(text, this.#length, 'latin1');
      this.#length += text.length;
      return this;
    }
    for (let i = 0; i < text.length; i++) this.#buffer[this.#length++] = text.charCodeAt(i);
    return this;
  }

  bytes(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** A whole number from 0 to 2^53 − 1, in decimal. */
  number(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no number that the wire can carry`);
    if (value > 0xffffffff) return this.ascii(String(value));
    this.#reserve(10);
    let digits = 1;
    for (let limit = 10; digits < 10 && value >= limit; limit *= 10) digits++;
    let rest = value >>> 0;
    for (let at = this.#length + digits - 1; at >= this.#length; at--) {
      const next = Math.floor(rest / 10);
      this.#buffer[at] = 0x30 + (rest - next * 10);
      rest = next;
    }
    this.#length += digits;
    return this;
  }

  crlf(): this {
    return this.byte(0x0d).byte(0x0a);
  }

  /** Everything written so far; the writer starts again, empty. The bytes are the caller's: nothing writes into them any more. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#length);
    this.#buffer = this.#buffer.subarray(this.#length);
    this.#length = 0;
    return taken;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#length * 2, INITIAL_BYTES));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}

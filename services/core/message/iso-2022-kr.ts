// ISO-2022-KR (RFC 1557), turned into EUC-KR octet by octet: neither iconv-lite nor the platform has it.

const ESCAPE = 0x1b;
const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;
const LF = 0x0a;

// Behind the escape octet: `$)C`, the designator. There is only one set to designate.
const DESIGNATOR = [0x24, 0x29, 0x43];

export class EucFromIso2022Kr {
  private isShifted = false;
  /** How much of the designator may still follow: an index into it, or its length. */
  private designatorAt = DESIGNATOR.length;

  /** The EUC-KR octets for the next octets, which may be cut anywhere. Escapes and shifts are dropped, the rest comes through. */
  write(octets: Uint8Array): Uint8Array {
    const output = new Uint8Array(octets.length);
    let used = 0;
    for (const byte of octets) {
      if (byte === DESIGNATOR[this.designatorAt]) {
        this.designatorAt++;
        continue;
      }
      this.designatorAt = byte === ESCAPE ? 0 : DESIGNATOR.length;
      // RFC 1557: every line starts in ASCII.
      if (byte === SHIFT_IN || byte === LF) this.isShifted = false;
      if (byte === SHIFT_OUT) this.isShifted = true;
      if (byte === ESCAPE || byte === SHIFT_IN || byte === SHIFT_OUT) continue;
      output[used++] = this.isShifted && byte > 0x20 && byte < 0x7f ? byte | 0x80 : byte;
    }
    return output.subarray(0, used);
  }
}

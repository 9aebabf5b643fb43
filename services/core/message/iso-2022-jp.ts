// ISO-2022-JP (RFC 1468) with the escapes of its variants -1, -2 and -3 that mail uses, turned into EUC-JP octet by octet:
// iconv-lite has none of them, and Node's own decoder throws on some broken input and marks joined encoded words as broken.

const ESCAPE = 0x1b;
const LF = 0x0a;

type CharacterSet = 'ascii' | 'kanji' | 'katakana' | 'supplement';

// What follows the escape octet, as latin1.
const ESCAPES: ReadonlyMap<string, CharacterSet> = new Map([
  ['(B', 'ascii'], ['(J', 'ascii'], ['(H', 'ascii'], ['(I', 'katakana'], ['$@', 'kanji'], ['$B', 'kanji'], ['$(D', 'supplement'],
]);

// EUC-JP's single shifts: half-width katakana, JIS X 0212.
const PREFIX: Readonly<Record<CharacterSet, number | null>> = { ascii: null, kanji: null, katakana: 0x8e, supplement: 0x8f };

export class EucFromIso2022Jp {
  private set: CharacterSet = 'ascii';
  private isSecondOctet = false;
  /** The start of an escape that the last piece ended in. */
  private cut = new Uint8Array(0);

  /** The EUC-JP octets for the next octets. Octets that mean nothing come through as they are, unknown escapes are dropped. */
  write(octets: Uint8Array): Uint8Array {
    const input = this.cut.length === 0 ? octets : Buffer.concat([this.cut, octets]);
    this.cut = new Uint8Array(0);
    const output = new Uint8Array(input.length * 2);
    let used = 0;
    for (let at = 0; at < input.length;) {
      const byte = input[at]!;
      if (byte === ESCAPE) {
        const length = this.takeEscape(input, at);
        if (length === 0) {
          this.cut = input.slice(at);
          break;
        }
        at += length;
        continue;
      }
      // RFC 1468: every line starts in ASCII.
      if (byte === LF) this.switchTo('ascii');
      used = this.writeOctet(byte, output, used);
      at++;
    }
    return output.subarray(0, used);
  }

  private writeOctet(byte: number, output: Uint8Array, used: number): number {
    let next = used;
    const isOfSet = this.set !== 'ascii' && byte > 0x20 && byte < 0x7f;
    const prefix = isOfSet && !this.isSecondOctet ? PREFIX[this.set] : null;
    if (prefix !== null) output[next++] = prefix;
    output[next++] = isOfSet ? byte | 0x80 : byte;
    this.isSecondOctet = isOfSet && this.set !== 'katakana' && !this.isSecondOctet;
    return next;
  }

  private switchTo(set: CharacterSet): void {
    this.set = set;
    this.isSecondOctet = false;
  }

  /** The length of the escape at `at`, its set now in force; 0 if the input ends within it. */
  private takeEscape(input: Uint8Array, at: number): number {
    const follow = Buffer.from(input.subarray(at + 1, at + 4)).toString('latin1');
    for (const length of [2, 3]) {
      const set = ESCAPES.get(follow.slice(0, length));
      if (set === undefined) continue;
      this.switchTo(set);
      return length + 1;
    }
    return follow.length < 3 && [...ESCAPES.keys()].some((escape) => escape.startsWith(follow)) ? 0 : 1;
  }
}

// One FETCH response (RFC 3501 §7.4.2), item by item, straight into the buffer: no object for each item.
import type { Envelope } from '../../core/message/envelope';
import type { MimePart } from '../../core/message/mime-part';
import type { ByteWriter } from '../../core/wire/byte-writer';
import { writeBody } from './bodystructure';
import { dateTimeText } from './date-time';
import { writeEnvelope } from './envelope';
import { writeFlagList } from './flags';
import { writeLiteralStart, writeString } from './strings';

/** message-data = nz-number SP "FETCH" SP msg-att; msg-att = "(" item *(SP item) ")". At least one item must be written. */
export class FetchLine {
  readonly #out: ByteWriter;
  #isFirst = true;

  constructor(out: ByteWriter, number: number) {
    this.#out = out;
    out.ascii('* ').number(number).ascii(' FETCH (');
  }

  /** True while no item was written. */
  get isEmpty(): boolean {
    return this.#isFirst;
  }

  flags(flags: Iterable<string>): this {
    writeFlagList(this.#item('FLAGS '), flags);
    return this;
  }

  uid(uid: number): this {
    this.#item('UID ').number(uid);
    return this;
  }

  /** RFC 7162 §3.1.4.2 */
  modSeq(modSeq: number): this {
    this.#item('MODSEQ (').number(modSeq).ascii(')');
    return this;
  }

  internalDate(timeMs: number): this {
    this.#item('INTERNALDATE ').ascii(dateTimeText(timeMs));
    return this;
  }

  /** RFC 8514 §4.2 */
  saveDate(timeMs: number): this {
    this.#item('SAVEDATE ').ascii(dateTimeText(timeMs));
    return this;
  }

  /** RFC 8474 §5.3 */
  emailId(objectId: string): this {
    this.#item('EMAILID (').ascii(objectId).ascii(')');
    return this;
  }

  threadId(objectId: string): this {
    this.#item('THREADID (').ascii(objectId).ascii(')');
    return this;
  }

  /** RFC 8970 §3.3: in UTF-8. */
  preview(text: string): this {
    writeString(this.#item('PREVIEW '), Buffer.from(text).toString('latin1'));
    return this;
  }

  size(sizeBytes: number): this {
    this.#item('RFC822.SIZE ').number(sizeBytes);
    return this;
  }

  envelope(envelope: Envelope): this {
    writeEnvelope(this.#item('ENVELOPE '), envelope);
    return this;
  }

  body(structure: MimePart): this {
    writeBody(this.#item('BODY '), structure, false);
    return this;
  }

  bodyStructure(structure: MimePart): this {
    writeBody(this.#item('BODYSTRUCTURE '), structure, true);
    return this;
  }

  /** `label`: the item's name as a response repeats it, `BODY[TEXT]<0>`; `bytes` null: there is no such part. */
  section(label: string, bytes: Uint8Array | null): this {
    if (bytes === null) {
      this.#item(label).ascii(' NIL');
      return this;
    }
    this.sectionStart(label, bytes.length);
    this.#out.bytes(bytes);
    return this;
  }

  /** Announces a section whose `sizeBytes` bytes the caller sends next, by itself, before any further item. */
  sectionStart(label: string, sizeBytes: number): this {
    writeLiteralStart(this.#item(label).ascii(' '), sizeBytes);
    return this;
  }

  end(): void {
    this.#out.ascii(')\r\n');
  }

  #item(name: string): ByteWriter {
    if (!this.#isFirst) this.#out.ascii(' ');
    this.#isFirst = false;
    return this.#out.ascii(name);
  }
}

// The INBOX as it was at login (RFC 1939 §3): messages numbered by UID, and what this session did to them. Other sessions change the
// account meanwhile, but not this; nothing is locked.
import type { MaildropUpdate } from '../core/account/decide/update-maildrop';
import type { Chunk, Row } from '../core/account/chunk';
import { SEEN } from '../core/account/flag';
import type { Mailbox } from '../core/account/mailbox';
import { UidSet } from '../core/account/uid-set';
import { uniqueIdOf } from '../core/account/unique-id';
import { Refusal } from '../core/runtime/errors';

export class Maildrop {
  /** Marks, 1 or 0, of message n at n − 1. */
  readonly #retrieved: Uint8Array;
  readonly #deleted: Uint8Array;
  #count: number;
  #octets: number;

  /** `mailbox`: this version of it, which never changes. */
  constructor(readonly mailbox: Mailbox) {
    this.#retrieved = new Uint8Array(mailbox.exists);
    this.#deleted = new Uint8Array(mailbox.exists);
    this.#count = mailbox.exists;
    this.#octets = mailbox.totals.bytes;
  }

  /** Messages that are not marked as deleted. */
  get count(): number {
    return this.#count;
  }

  /** Of these, as RETR sends them before it doubles dots. */
  get octets(): number {
    return this.#octets;
  }

  /** Message `number`. Throws Refusal if there is none, or it is marked as deleted. */
  message(number: number): Row {
    const row = this.mailbox.at(number - 1);
    if (!row) throw new Refusal('NONEXISTENT', 'there is no such message');
    if (this.isDeleted(number)) throw new Refusal('NONEXISTENT', 'this message is deleted already');
    return row;
  }

  delete(number: number): void {
    const { sizeBytes } = this.message(number);
    this.#deleted[number - 1] = 1;
    this.#count -= 1;
    this.#octets -= sizeBytes;
  }

  /** Nothing is marked as deleted any more. */
  reset(): void {
    this.#deleted.fill(0);
    this.#count = this.mailbox.exists;
    this.#octets = this.mailbox.totals.bytes;
  }

  /** RETR sent it to its end. What was \Seen at login needs no mark. */
  noteRetrieved(number: number): void {
    if (!this.message(number).flags.includes(SEEN)) this.#retrieved[number - 1] = 1;
  }

  isDeleted(number: number): boolean {
    return this.#deleted[number - 1] === 1;
  }

  /** All messages, some hundreds at a time: message `before + 1` is the first of `chunk`. */
  *chunks(): Generator<{ readonly before: number; readonly chunk: Chunk }> {
    let before = 0;
    for (const chunk of this.mailbox.chunks) {
      yield { before, chunk };
      before += chunk.length;
    }
  }

  /** What a message is called in every session, for ever, on every frontend (RFC 1939 §7). */
  uniqueId(row: Row): string {
    return uniqueIdOf(row, this.mailbox.uidValidity);
  }

  /** What QUIT has to do; null: nothing. */
  update(): MaildropUpdate | null {
    const { id: mailbox, uidValidity } = this.mailbox;
    const [retrieved, deleted] = [this.#uids(this.#retrieved), this.#uids(this.#deleted)];
    return retrieved.isEmpty && deleted.isEmpty ? null : { mailbox, uidValidity, retrieved, deleted };
  }

  #uids(marks: Uint8Array): UidSet {
    const uids: number[] = [];
    for (let i = marks.indexOf(1); i !== -1; i = marks.indexOf(1, i + 1)) uids.push(this.mailbox.uidAt(i)!);
    return UidSet.ofAscending(uids);
  }
}

// The FETCH responses of one command (RFC 3501 §7.4.2): batches of small lines, literals streamed, a few bodies read ahead.
import type { AccountState } from '../../core/account/account-state';
import { SEEN } from '../../core/account/flag';
import type { OctetRange } from '../../core/message/section';
import { Disconnected } from '../../core/runtime/errors';
import { ByteWriter } from '../../core/wire/byte-writer';
import type { FetchArgs, FetchItem, FetchSection } from '../grammar/fetch-items';
import type { Context } from '../handler';
import { MessageBodies } from '../../core/account/message-bodies';
import { numberRanges } from '../number-ranges';
import { emailObjectId, threadObjectId } from '../object-ids';
import { FetchLine } from '../responses/fetch';
import type { Selected } from '../session';
import { flagNames } from '../sync';
import { Turns } from '../../core/runtime/turns';
import { FetchedMessage } from './fetched-message';
import { Unread } from './unread';

/** Lines are written together up to here. */
const BATCH_BYTES = 32 * 1024;
/** Messages whose bodies are read while others are sent: times AHEAD_BYTES, what a connection may hold. */
const MESSAGES_AHEAD = 8;

export class FetchAnswer {
  readonly unread: Unread;
  /** UIDs of messages without \Seen of which something was read that sets it. */
  readonly nowSeen: number[] = [];
  private readonly selected: Selected;
  private readonly state: AccountState;
  private readonly items: readonly FetchItem[];
  private readonly sections: readonly FetchSection[];
  private readonly bodies: MessageBodies;
  private readonly turns: Turns;

  constructor(
    private readonly args: FetchArgs & { readonly byUid: boolean },
    { session, node, log }: Context,
  ) {
    this.selected = session.selected;
    this.state = session.account.state;
    this.items = itemsOf(args);
    this.sections = args.items.filter((item) => item.kind === 'section');
    this.bodies = new MessageBodies(node.blobs, node.clock, session.account.id);
    this.turns = new Turns(node.clock);
    this.unread = new Unread(log, session.account.id, session.selected.mailbox);
  }

  /** The responses, in batches. Throws Disconnected if a literal was announced and cannot be had. */
  async *lines(): AsyncGenerator<Uint8Array, void> {
    const out = new ByteWriter();
    const ahead: FetchedMessage[] = [];
    for (const message of this.messages()) {
      if (this.turns.isOver()) await this.turns.giveWay();
      if (message === null) continue;
      if (this.sections.length > 0) {
        message.readAhead(this.sections);
        if (ahead.push(message) < MESSAGES_AHEAD) continue;
        yield* this.sectionLine(out, ahead.shift()!);
        if (this.unread.isHopeless) break;
      } else {
        this.plainLine(out, message);
      }
      if (out.lengthBytes >= BATCH_BYTES) yield out.take();
    }
    for (const message of ahead) {
      if (this.unread.isHopeless) break;
      yield* this.sectionLine(out, message);
    }
    if (out.lengthBytes > 0) yield out.take();
  }

  /** The messages meant, ghosts as they were last seen; null for one that has not changed since. */
  private *messages(): Generator<FetchedMessage | null> {
    const { set, byUid, changedSince } = this.args;
    const { view } = this.selected;
    for (const [first, last] of numberRanges(this.selected, set, byUid)) {
      for (let number = first; number <= last; number += 1) {
        const { row } = view.at(number)!;
        // RFC 7162 §3.1.4.1
        yield changedSince !== null && row.modSeq <= changedSince ? null : new FetchedMessage(number, row, this.bodies);
      }
    }
  }

  private plainLine(out: ByteWriter, message: FetchedMessage): void {
    const line = new FetchLine(out, message.number);
    let hasFailed = false;
    for (const item of this.items) {
      if (item.kind !== 'section' && !this.tryItem(line, item, message)) hasFailed = true;
    }
    this.endLine(line, message, hasFailed);
  }

  private async *sectionLine(out: ByteWriter, message: FetchedMessage): AsyncGenerator<Uint8Array, void> {
    const line = new FetchLine(out, message.number);
    let hasFailed = false;
    for (const item of this.items) {
      const isThere = item.kind === 'section' ? yield* this.trySection(out, line, item, message) : this.tryItem(line, item, message);
      if (!isThere) hasFailed = true;
      if (out.lengthBytes >= BATCH_BYTES) yield out.take();
    }
    this.endLine(line, message, hasFailed);
    const { row } = message;
    const setsSeen = this.sections.some(({ peek }) => !peek) && !row.flags.includes(SEEN) && this.selected.view.mailbox.has(row.uid);
    if (setsSeen && !hasFailed) this.nowSeen.push(row.uid);
  }

  private endLine(line: FetchLine, { row }: FetchedMessage, hasFailed: boolean): void {
    // A response needs an item, and a message needs a response: never answer with silence.
    if (line.isEmpty) line.uid(row.uid);
    line.end();
    if (!hasFailed) this.unread.succeeded();
  }

  /** False if it could not be had. */
  private tryItem(line: FetchLine, item: Exclude<FetchItem, FetchSection>, message: FetchedMessage): boolean {
    try {
      this.writeItem(line, item, message);
      return true;
    } catch (error) {
      this.unread.failed(error, message.row.uid);
      return false;
    }
  }

  private writeItem(line: FetchLine, { kind }: Exclude<FetchItem, FetchSection>, message: FetchedMessage): void {
    const { row } = message;
    switch (kind) {
      case 'flags':
        line.flags(flagNames(this.selected, this.state, row));
        break;
      case 'uid':
        line.uid(row.uid);
        break;
      case 'internalDate':
        line.internalDate(row.internalDateMs);
        break;
      case 'rfc822Size':
        line.size(row.sizeBytes);
        break;
      case 'modSeq':
        line.modSeq(row.modSeq);
        break;
      case 'saveDate':
        line.saveDate(row.savedAtMs);
        break;
      case 'emailId':
        line.emailId(emailObjectId(row));
        break;
      case 'threadId':
        line.threadId(threadObjectId(row));
        break;
      case 'preview':
        line.preview(message.summary.preview);
        break;
      case 'envelope':
        line.envelope(message.summary.envelope);
        break;
      case 'body':
        line.body(message.summary.structure);
        break;
      case 'bodyStructure':
        line.bodyStructure(message.summary.structure);
        break;
    }
  }

  private async *trySection(out: ByteWriter, line: FetchLine, item: FetchSection, message: FetchedMessage): AsyncGenerator<Uint8Array, boolean> {
    try {
      const content = message.locate(item);
      if (content.kind === 'streamed') yield* this.stream(out, line, item, content.range, message);
      else line.section(item.label, content.kind === 'absent' ? null : await message.read(item, content));
      return true;
    } catch (error) {
      this.unread.failed(error, message.row.uid);
      return false;
    }
  }

  /** Announces a literal when its first octets are here. What goes wrong after that leaves no way but to hang up. */
  private async *stream(out: ByteWriter, line: FetchLine, item: FetchSection, range: OctetRange, { row }: FetchedMessage): AsyncGenerator<Uint8Array, void> {
    const pieces = this.bodies.read(row.blobId, range);
    try {
      const first = await pieces.next();
      line.sectionStart(item.label, range.endByte - range.startByte);
      yield out.take();
      if (!first.done) yield first.value;
      yield* this.rest(pieces, row.uid);
    } finally {
      await pieces.return();
    }
  }

  private async *rest(pieces: AsyncGenerator<Uint8Array, void>, uid: number): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      let piece: IteratorResult<Uint8Array, void>;
      try {
        piece = await pieces.next();
      } catch (error) {
        this.unread.failed(error, uid);
        throw new Disconnected('a message broke off inside its literal', { cause: error });
      }
      if (piece.done) return;
      yield piece.value;
    }
  }
}

/** What goes into each response: RFC 3501 §6.4.8 adds UID, RFC 7162 §3.1.4.1 MODSEQ. */
function itemsOf({ items, byUid, changedSince }: FetchArgs & { readonly byUid: boolean }): readonly FetchItem[] {
  const has = (kind: FetchItem['kind']): boolean => items.some((item) => item.kind === kind);
  const added: FetchItem[] = [];
  if (byUid && !has('uid')) added.push({ kind: 'uid' });
  if (changedSince !== null && !has('modSeq')) added.push({ kind: 'modSeq' });
  return [...added, ...items];
}

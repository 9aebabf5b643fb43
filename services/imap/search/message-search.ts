// Decides one message after the other, reading of each only what is needed: nothing, its summary, its header, its text.
import type { Row } from '../../core/account/chunk';
import { parseHeader } from '../../core/message/header';
import { HEADER_BYTES_MAX } from '../../core/message/mime-limits';
import { decodeSummary } from '../../core/message/summary';
import type { MessageBodies } from '../../core/account/message-bodies';
import type { Turns } from '../turns';
import { Evidence, type Load } from './evidence';
import type { CompiledSearch } from './search-test';
import { searchedRanges } from './searched-ranges';
import { TextFindings } from './text-findings';

export class MessageSearch {
  constructor(
    private readonly search: CompiledSearch,
    private readonly bodies: MessageBodies,
    private readonly turns: Turns,
  ) {}

  /** The verdict, if it needs no more than the row: most messages, most of the time. */
  atOnce(message: Evidence): boolean | undefined {
    return this.search.test(message);
  }

  /** Throws BlobMissing, Damaged, Unavailable. Holds one body at a time. */
  async decide(message: Evidence): Promise<boolean> {
    for (;;) {
      message.takeWanted();
      const verdict = this.search.test(message);
      if (verdict !== undefined) return verdict;
      const wanted = message.takeWanted();
      if (wanted === null) throw new Error('a search key is undecided and wants nothing');
      await this.load(wanted, message);
    }
  }

  private async load(wanted: Load, message: Evidence): Promise<void> {
    const summary = (message.summary ??= decodeSummary(message.row.summary));
    const { headerStart, bodyStart } = summary.structure;
    if (wanted === 'header') {
      const endByte = Math.min(bodyStart, headerStart + HEADER_BYTES_MAX);
      message.header = parseHeader(await this.bodies.whole(message.row.blobId, { startByte: headerStart, endByte }));
    } else if (wanted === 'text') {
      const octets = await this.searchedOctets(message.row, message);
      const findings = (message.texts = new TextFindings());
      await findings.look(octets, summary.structure, this.search.texts, this.turns, () => this.search.test(message) !== undefined);
    }
  }

  /** The message with holes of zeroes where its attachments are: memory that is never touched costs nothing. */
  private async searchedOctets({ blobId, sizeBytes }: Row, { summary }: Evidence): Promise<Uint8Array> {
    const octets = Buffer.alloc(sizeBytes);
    for (const range of searchedRanges(summary!.structure)) {
      let at = range.startByte;
      for await (const piece of this.bodies.read(blobId, range)) {
        octets.set(piece, at);
        at += piece.length;
      }
    }
    return octets;
  }
}

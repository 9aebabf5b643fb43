// Decides messages, reading of each only what is needed: nothing, its summary, its header, its text. What is read may be begun before
// the message's turn comes; what is computed of it is not, so that only one computes at a time.
import { parseHeader } from '../../core/message/header';
import { HEADER_BYTES_MAX } from '../../core/message/mime-limits';
import { decodeSummary } from '../../core/message/summary';
import type { MessageBodies } from '../../core/account/message-bodies';
import type { Turns } from '../../core/runtime/turns';
import type { Evidence, Load } from './evidence';
import type { CompiledSearch } from './search-test';
import { searchedRanges } from './searched-ranges';
import { TextFindings } from './text-findings';

/** A message that cannot be decided without a read, which has begun. */
export interface Begun {
  readonly message: Evidence;
  readonly wanted: Load;
  readonly octets: Promise<Uint8Array>;
}

export class MessageSearch {
  private isStopped = false;

  constructor(
    private readonly search: CompiledSearch,
    private readonly bodies: MessageBodies,
    private readonly turns: Turns,
  ) {}

  /** The verdict, if row and summary are enough for it: most messages, most of the time. Throws Damaged. */
  atOnce(message: Evidence): boolean | undefined {
    message.takeWanted();
    const verdict = this.search.test(message);
    if (verdict !== undefined || message.summary !== null) return verdict;
    message.summary = decodeSummary(message.row.summary);
    message.takeWanted();
    return this.search.test(message);
  }

  /** Begins to read what atOnce() left wanted. */
  begin(message: Evidence): Begun {
    const wanted = message.takeWanted();
    if (wanted === null) throw new Error('a search key is undecided and wants nothing');
    const octets = wanted === 'header' ? this.headerOctets(message) : this.searchedOctets(message);
    // Awaited in its turn, or never: until then a failure is nobody's, but not unhandled.
    octets.catch(() => undefined);
    return { message, wanted, octets };
  }

  /** Throws BlobMissing, Damaged, Unavailable. */
  async finish({ message, wanted, octets }: Begun): Promise<boolean> {
    if (wanted === 'header') message.header = parseHeader(await octets);
    else await this.look(message, await octets);
    return this.atOnce(message) ?? this.finish(this.begin(message));
  }

  /** Reads that have begun end at their next piece; none may begin after it. */
  stop(): void {
    this.isStopped = true;
  }

  private async look(message: Evidence, octets: Uint8Array): Promise<void> {
    const findings = (message.texts = new TextFindings());
    await findings.look(octets, message.summary!.structure, this.search.texts, this.turns, () => this.search.test(message) !== undefined);
  }

  private async headerOctets({ row, summary }: Evidence): Promise<Uint8Array> {
    const { headerStart, bodyStart } = summary!.structure;
    return this.bodies.whole(row.blobId, { startByte: headerStart, endByte: Math.min(bodyStart, headerStart + HEADER_BYTES_MAX) });
  }

  /** The message with holes of zeroes where its attachments are: memory that is never touched costs nothing. */
  private async searchedOctets({ row, summary }: Evidence): Promise<Uint8Array> {
    const octets = Buffer.alloc(row.sizeBytes);
    for (const range of searchedRanges(summary!.structure)) {
      let at = range.startByte;
      for await (const piece of this.bodies.read(row.blobId, range)) {
        if (this.isStopped) return octets;
        octets.set(piece, at);
        at += piece.length;
      }
    }
    return octets;
  }
}

// An mbox file as a source of messages.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { headerFacts } from './header-facts';
import { fromLineDateMs } from './mail-date';
import { MboxSplitter, type MboxEvent } from './mbox-splitter';
import { sourceProblem, type Source, type SourceMessage } from './source';
import { inWireForm } from './wire-form';

const CHUNK_BYTES = 256 * 1024;

/** The messages of the file, all for one mailbox. Rejects with the file system's error. */
export async function openMbox(path: string, mailbox: string): Promise<Source> {
  const { size } = await stat(path);
  return { total: size, unit: 'bytes', mailboxes: [mailbox], messages: () => new MboxReader(path, mailbox).messages() };
}

class MboxReader {
  private readonly events: AsyncIterator<MboxEvent>;
  private bytesRead = 0;
  /** The start of the next message, once it was reached; null at the end of the file. */
  private next: Extract<MboxEvent, { kind: 'start' }> | null | undefined;

  constructor(
    private readonly path: string,
    private readonly mailbox: string,
  ) {
    this.events = this.split()[Symbol.asyncIterator]();
  }

  async *messages(): AsyncIterable<SourceMessage> {
    const file = basename(this.path);
    let ordinal = 0;
    let weighed = 0;
    try {
      for (let start = await this.nextStart(); start !== null; start = await this.nextStart()) {
        ordinal += 1;
        this.next = undefined;
        const dateMs = fromLineDateMs(start.fromLine);
        const weight = this.bytesRead - weighed;
        weighed = this.bytesRead;
        yield {
          mailbox: this.mailbox,
          place: `${file}, message ${ordinal}`,
          identity: `${file}\0${ordinal}`,
          body: inWireForm(this.octets()),
          describe: (head) => headerFacts(head, dateMs),
          weight,
        };
      }
    } finally {
      await this.events.return?.();
    }
  }

  /** Leaves out what nobody read of the message before. */
  private async nextStart(): Promise<Extract<MboxEvent, { kind: 'start' }> | null> {
    while (this.next === undefined) await this.step();
    return this.next;
  }

  /** Up to where the next message starts. */
  private async *octets(): AsyncIterable<Buffer> {
    while (this.next === undefined) {
      const octets = await this.step();
      if (octets) yield octets;
    }
  }

  private async step(): Promise<Buffer | null> {
    const event = await this.events.next();
    if (event.done) this.next = null;
    else if (event.value.kind === 'start') this.next = event.value;
    else return event.value.octets;
    return null;
  }

  private async *split(): AsyncIterable<MboxEvent> {
    const splitter = new MboxSplitter();
    try {
      for await (const chunk of createReadStream(this.path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
        this.bytesRead += chunk.length;
        yield* splitter.take(chunk);
      }
    } catch (error) {
      throw sourceProblem(error);
    }
    yield* splitter.end();
  }
}

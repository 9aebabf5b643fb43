// From a client's bytes to lines, one at a time. Holds one line and what came with it; the socket holds the rest.
import { Framer } from '../core/wire/framer';
import { pop3Limits } from './pop3-limits';

/** The client must be sent away: its line does not end. */
export class EndlessLine extends Error {
  override readonly name = 'EndlessLine';
}

export class LineReader {
  private readonly framer = new Framer({ lineBytesMax: pop3Limits.lineBytes, literals: false });

  constructor(
    /** The next bytes; null when the client has ended. Throws Disconnected. */
    private readonly read: () => Promise<Buffer | null>,
  ) {}

  /** The next line; 'overlong': it was too long, and is dropped; null when the client has ended. Throws EndlessLine, Disconnected. */
  async next(): Promise<Buffer | 'overlong' | null> {
    for (;;) {
      const fragment = this.framer.next();
      if (fragment?.kind === 'line') return fragment.bytes;
      if (fragment?.kind === 'overlong') return 'overlong';
      if (this.framer.droppedBytes > pop3Limits.droppedBytes) throw new EndlessLine('the line does not end');
      const chunk = await this.read();
      if (chunk === null) return null;
      this.framer.push(chunk);
    }
  }

  /** Forgets what was read ahead in the clear: it must not be taken for commands (STLS injection). */
  forgetRest(): void {
    this.framer.takeRest();
  }
}

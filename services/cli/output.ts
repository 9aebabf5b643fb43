// Where a command's answer goes: standard output, as fast as its reader takes it.
import { once } from 'node:events';
import type { Writable } from 'node:stream';

export class Output {
  constructor(private readonly stream: Writable) {
    // `isomail log … | head` closes the pipe early: that is no failure.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(0);
    });
  }

  async line(text: string): Promise<void> {
    if (!this.stream.write(`${text}\n`)) await once(this.stream, 'drain');
  }

  json(value: unknown): Promise<void> {
    return this.line(JSON.stringify(value, null, 2));
  }
}

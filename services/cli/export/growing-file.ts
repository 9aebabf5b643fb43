// A text file that grows line by line; written when there is enough of it, and never made if nothing is in it.
import { open, type FileHandle } from 'node:fs/promises';
import { FILE_MODE } from './export-folder';

const ENOUGH_CHARACTERS = 64 * 1024;

export class GrowingFile {
  private held: string[] = [];
  private heldCharacters = 0;
  private handle: FileHandle | null = null;

  constructor(private readonly path: string) {}

  add(line: string): void {
    this.held.push(line);
    this.heldCharacters += line.length;
  }

  /** To be awaited now and then: what was added is held until here. */
  async write(): Promise<void> {
    if (this.heldCharacters >= ENOUGH_CHARACTERS) await this.flush();
  }

  /** Writes the rest; all that was added is durable. */
  async end(): Promise<void> {
    if (this.heldCharacters > 0) await this.flush();
    await this.handle?.sync();
  }

  async close(): Promise<void> {
    await this.handle?.close();
  }

  private async flush(): Promise<void> {
    const text = this.held.join('');
    this.held = [];
    this.heldCharacters = 0;
    this.handle ??= await open(this.path, 'wx', FILE_MODE);
    await this.handle.writeFile(text);
  }
}

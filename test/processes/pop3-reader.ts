// A POP3 client that comes again and again, reads, and deletes some of what was delivered: with a unique-id that never changes.
import { CLOSED, Pop3Client } from '../pop3/pop3-client';
import type { Login } from './imap-worker';
import type { Promised } from './promised';

export class Pop3Reader {
  /** message-id → unique-id, as first heard. */
  readonly uniqueIds = new Map<string, string>();
  /** Sessions that came to their end. */
  sessions = 0;
  private isStopping = false;

  constructor(
    private readonly login: Login,
    /** What this client may delete. */
    private readonly deletable: readonly Promised[],
    private readonly choose: (below: number) => number,
    private readonly onAcknowledged: () => void,
  ) {}

  /** One session after the other until stop(). */
  async work(): Promise<void> {
    while (!this.isStopping) {
      try {
        await this.session();
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
      }
    }
  }

  stop(): void {
    this.isStopping = true;
  }

  private async session(): Promise<void> {
    const client = await Pop3Client.open(this.login.port).catch(() => {
      throw new Broken();
    });
    try {
      await answered(client.line());
      await answered(client.command(`USER ${this.login.user}`));
      await answered(client.command(`PASS ${this.login.pass}`));
      const listed = await lines(client, 'UIDL');
      const deleted: Promised[] = [];
      for (const line of listed.slice(-8)) {
        const [number, uniqueId] = line.split(' ') as [string, string];
        const promised = this.recognise(await lines(client, `RETR ${number}`), uniqueId);
        if (!promised || this.choose(4) > 0) continue;
        await answered(client.command(`DELE ${number}`));
        deleted.push(promised);
      }
      for (const promised of deleted) promised.removed = 'perhaps';
      await answered(client.command('QUIT'));
      for (const promised of deleted) promised.removed = 'yes';
      this.sessions += 1;
      this.onAcknowledged();
    } finally {
      client.destroy();
    }
  }

  /** What may be deleted; throws if the message was known by another unique-id before. */
  private recognise(message: readonly string[], uniqueId: string): Promised | null {
    const messageId = message.map((line) => /^Message-ID: (\S+)/.exec(line)?.[1]).find((id) => id !== undefined);
    if (messageId === undefined) throw new Error(`a message came back without its id:\n${message.join('\n')}`);
    const known = this.uniqueIds.get(messageId) ?? uniqueId;
    if (known !== uniqueId) throw new Error(`${messageId} was ${known} and is ${uniqueId} now`);
    this.uniqueIds.set(messageId, known);
    return this.deletable.find((promised) => promised.messageId === messageId && promised.append === 'acknowledged') ?? null;
  }
}

/** The connection broke, or the server could not do it now: come again. */
class Broken extends Error {}

async function answered(line: Promise<string>): Promise<void> {
  const said = await line;
  if (said.endsWith(CLOSED) || said.startsWith('-ERR [SYS/TEMP]')) throw new Broken();
  if (!said.startsWith('+OK')) throw new Error(`the POP3 server says ${said}`);
}

async function lines(client: Pop3Client, command: string): Promise<string[]> {
  await answered(client.command(command));
  const block = await client.block();
  if (block === null) throw new Broken();
  return block.length === 0 ? [] : block.toString('latin1').split('\r\n');
}

// Plays a golden dialogue of senders and servers. Written as those of IMAP are (test/transcripts/transcript-script.ts), without variables and
// literals; a reply of several lines is one step, its lines joined by ` | `. The directives are:
//
//   @user bob@example.org 1000       an account, with a quota; `ann@example.org` is always there
//   @folder ann@example.org Lists/a  a mailbox of it
//   @alias sales@example.org bob@example.org
//   @disable bob@example.org, @remove bob@example.org
//   @open 1 A                        connection 1, to node A; its greeting is to be expected
//   @ready 1 A                       the same, greeted, and LHLO said
//   @close 1                         the sender goes without a word
//   @cut A, @heal A, @drain A        node A loses its stores, has them back, is told to stop
//   @holds ann@example.org INBOX 2   so many messages are there
import { basename } from 'node:path';
import { createMailbox } from '../../../services/core/account/decide/folders';
import { readScript, type Step } from '../../transcripts/transcript-script';
import type { LmtpClient } from '../lmtp-client';
import { LmtpWorld } from '../lmtp-world';

/** Plays the file at `path`. Rejects with both sides when the server says something else than is written there. */
export async function playTranscript(path: string): Promise<void> {
  const world = new LmtpWorld();
  const player = new Player(basename(path), world);
  try {
    await world.addUser('ann@example.org');
    for (const step of readScript(path)) await player.play(step);
  } finally {
    await world.close();
  }
}

class Player {
  private readonly clients = new Map<string, LmtpClient>();
  private readonly history: string[] = [];

  constructor(
    private readonly name: string,
    private readonly world: LmtpWorld,
  ) {}

  async play(step: Step): Promise<void> {
    const { kind, connection, text } = step;
    if (kind === 'directive') return this.direct(step);
    const client = this.clientOf(connection);
    if (kind === 'C') {
      this.history.push(`${connection} C: ${text}`);
      return client.send(`${text.replaceAll(' // ', '\r\n')}\r\n`);
    }
    const heard = await client.reply().catch((error: Error) => error.message);
    this.history.push(`${connection} S: ${heard}`);
    const pattern = text.split('...').map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('.*');
    if (!new RegExp(`^${pattern}$`).test(heard)) this.fail(step, text, heard);
  }

  private async direct(step: Step): Promise<void> {
    const { world } = this;
    const [verb = '', subject = '', object = '', ...rest] = step.text.split(/ +/);
    switch (verb) {
      case 'user':
        return world.addUser(subject, object === '' ? null : Number(object));
      case 'folder':
        return void (await world.withAccount(subject, (account) => account.commit(createMailbox(object))));
      case 'alias':
        return void (await world.aliases.add(subject, object));
      case 'disable':
        return world.admin.users.disable(subject);
      case 'remove':
        return world.admin.users.remove(subject);
      case 'open':
        return void this.clients.set(subject, await world.connect(object));
      case 'ready':
        return void this.clients.set(subject, await world.sender(object));
      case 'close':
        return this.clientOf(subject).destroy();
      case 'cut':
        return (await world.node(subject)).link.cut();
      case 'heal':
        return (await world.node(subject)).link.heal();
      case 'drain':
        // It resolves when the last sender has gone, which the dialogue is to show.
        void (await world.node(subject)).server.drain();
        return;
      case 'holds': {
        const { length } = await world.messages(subject, object);
        if (length !== Number(rest[0])) this.fail(step, step.text, `${length} messages`);
        return;
      }
      default:
        throw new Error(`${this.name}:${step.line}: no such directive: @${step.text}`);
    }
  }

  private clientOf(connection: string): LmtpClient {
    const client = this.clients.get(connection);
    if (!client) throw new Error(`${this.name}: connection ${connection} is not open`);
    return client;
  }

  private fail({ line }: Step, expected: string, heard: string): never {
    throw new Error([`${this.name}, line ${line}`, `- expected: ${expected}`, `+ heard:    ${heard}`, ...this.history.map((said) => `  ${said}`)].join('\n'));
  }
}

// Plays a golden dialogue of POP3 against real servers. Steps are written as in test/transcripts/transcript-script.ts, without literals
// and unordered lines; every S is one line. Directives: @options tls requireTls, @user LOGIN, @open CONNECTION NODE [LOGIN],
// @message LOGIN TEXT (` // ` is a line end; it ends in one), @imported LOGIN UIDL TEXT, @tls CONNECTION, @close CONNECTION,
// @cut NODE, @heal NODE, @drain NODE, @messages LOGIN UIDS (what the INBOX must have now; S: it is \Seen).
import { basename } from 'node:path';
import { readScript, type Step } from '../../transcripts/transcript-script';
import type { Pop3Client } from '../pop3-client';
import { Pop3World } from '../pop3-world';

const SHOWN_LINES = 25;

/** Rejects with both sides when the server says something else than is written there. */
export async function playPop3Transcript(path: string): Promise<void> {
  const steps = readScript(path);
  const options = steps.find(({ text }) => text.startsWith('options '))?.text.split(' ') ?? [];
  const world = await Pop3World.open({ tls: options.includes('tls'), requireTls: options.includes('requireTls') });
  try {
    await world.addUser('alice');
    const player = new Player(basename(path), world);
    for (const step of steps) await player.play(step);
    await player.expectSilence();
    await world.close();
  } catch (error) {
    await world.close().catch(() => undefined); // The first error tells more.
    throw error;
  }
}

class Player {
  private readonly clients = new Map<string, Pop3Client>();
  private readonly variables = new Map<string, string>();
  private readonly history: string[] = [];

  constructor(
    private readonly name: string,
    private readonly world: Pop3World,
  ) {}

  async play(step: Step): Promise<void> {
    if (step.kind === 'directive') return this.direct(step);
    const client = this.clientOf(step.connection);
    if (step.kind === 'C') {
      this.history.push(`${step.connection} C: ${step.text}`);
      return client.send(`${withLineEnds(step.text)}\r\n`);
    }
    const heard = await client.line().catch((error: unknown) => (error as Error).message);
    this.history.push(`${step.connection} S: ${heard}`);
    if (!this.matches(step.text, heard.trimEnd())) this.fail(step, heard);
  }

  /** Nobody has heard more than is written. */
  async expectSilence(): Promise<void> {
    for (const [connection, client] of this.clients) {
      client.send('NONSENSE\r\n');
      const heard = await client.line();
      if (heard !== '<closed>' && !heard.startsWith('-ERR')) this.fail({ kind: 'S', connection, text: 'nothing more', line: 0 }, heard);
    }
  }

  private async direct({ text, line }: Step): Promise<void> {
    const { world } = this;
    this.history.push(`   @${text}`);
    const [, verb = '', subject = '', what = ''] = /^(\S+) ?(\S*) ?(.*)$/.exec(text)!;
    const rest = what.split(' ');
    switch (verb) {
      case 'options':
        return;
      case 'user':
        return world.addUser(subject);
      case 'message':
        return world.deliver(subject, [`${withLineEnds(what)}\r\n`]);
      case 'imported':
        return world.deliver(subject, [{ text: `${withLineEnds(what.slice(rest[0]!.length + 1))}\r\n`, pop3Uidl: rest[0]! }]);
      case 'messages':
        expect(await world.messages(subject)).toEqual(rest);
        return;
      case 'open':
        return void this.clients.set(subject, await (rest[1] === undefined ? world.connect(rest[0]) : world.signIn(rest[1], rest[0])));
      case 'tls':
        return this.clientOf(subject).startTls();
      case 'close':
        this.clientOf(subject).destroy();
        return void this.clients.delete(subject);
      case 'cut':
        return (await world.node(subject)).link.cut();
      case 'heal':
        return (await world.node(subject)).link.heal();
      case 'drain':
        // It resolves when the last client has gone, which the dialogue is to show.
        return void (await world.node(subject)).server.drain();
      default:
        throw new Error(`${this.name}:${line}: no such directive: @${text}`);
    }
  }

  /** `...` stands for anything, `$n` for a word, the same wherever it stands. Binds the variables that are new, if it matches. */
  private matches(expected: string, heard: string): boolean {
    const names = new Set<string>();
    const pattern = expected.replace(/\$[a-z]\w*|\.\.\.|[\\^$.*+?()[\]{}|/-]/gi, (token) => {
      if (token === '...') return '.*';
      if (!/^\$[a-z]/i.test(token)) return token.replaceAll(/./g, '\\$&');
      const name = token.slice(1);
      const known = this.variables.get(name);
      if (known !== undefined) return known.replaceAll(/\W/g, '\\$&');
      if (names.has(name)) return `\\k<${name}>`;
      names.add(name);
      return `(?<${name}>[^ .]+)`;
    });
    const match = new RegExp(`^${pattern}$`, 's').exec(heard);
    for (const name of match ? names : []) this.variables.set(name, match!.groups![name]!);
    return match !== null;
  }

  private clientOf(connection: string): Pop3Client {
    const client = this.clients.get(connection);
    if (!client) throw new Error(`${this.name}: connection ${connection} is not open`);
    return client;
  }

  private fail({ line, connection, text }: Step, heard: string): never {
    const shown = this.history.slice(-SHOWN_LINES).map((said) => `  ${said}`);
    throw new Error([`${this.name}:${line}, connection ${connection}: the server said something else`, `- expected: ${text}`, `+ heard:    ${heard}`, ...shown].join('\n'));
  }
}

function withLineEnds(text: string): string {
  return text.replaceAll(' // ', '\r\n');
}

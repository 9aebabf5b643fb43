// Plays a golden dialogue (transcript-script.ts says how they are written) against real servers.
import { basename } from 'node:path';
import { setQuota } from '../../services/core/account/decide/folders';
import { CLOSED, type ImapClient } from '../support/imap-client';
import { ImapWorld, type WorldOptions } from '../support/imap-world';
import { piecesOf, readScript, type Step } from './transcript-script';

/** How much of what went before is shown when something goes wrong. */
const SHOWN_LINES = 25;

/** Plays the file at `path`. Rejects with both sides when the server says something else than is written there. */
export async function playTranscript(path: string): Promise<void> {
  const steps = readScript(path);
  const world = await ImapWorld.open(optionsOf(steps));
  const player = new Player(basename(path), world);
  try {
    await world.addUser('alice');
    for (let at = 0; at < steps.length; ) at += await player.play(steps, at);
    await player.endAll();
    await world.close();
  } catch (error) {
    await world.close().catch(() => undefined); // The first error tells more.
    throw error;
  }
}

function optionsOf(steps: readonly Step[]): WorldOptions {
  const words = steps.find(({ text }) => text.startsWith('options '))?.text.split(' ') ?? [];
  return { tls: words.includes('tls'), requireTls: words.includes('requireTls') };
}

class Player {
  private readonly clients = new Map<string, ImapClient>();
  private readonly variables = new Map<string, string>();
  private readonly history: string[] = [];

  constructor(
    private readonly name: string,
    private readonly world: ImapWorld,
  ) {}

  /** Plays the step at `at`, and its unordered neighbours with it; answers how many it played. */
  async play(steps: readonly Step[], at: number): Promise<number> {
    const step = steps[at]!;
    if (step.kind === 'U') {
      let end = at;
      while (steps[end]?.kind === 'U' && steps[end]?.connection === step.connection) end += 1;
      await this.hearUnordered(steps.slice(at, end));
      return end - at;
    }
    if (step.kind === 'S') await this.hear(step);
    else if (step.kind === 'C') await this.say(step);
    else await this.direct(step);
    return 1;
  }

  /** Every client logs out; whatever else the server had to say was not expected. */
  async endAll(): Promise<void> {
    for (const [connection, client] of this.clients) {
      if (client.socket.destroyed) continue;
      const step: Step = { kind: 'S', connection, text: 'at the end', line: 0 };
      client.send('end LOGOUT\r\n');
      for (const expected of ['* BYE ...', 'end OK ...', CLOSED]) await this.hear({ ...step, text: expected });
    }
  }

  private async direct(step: Step): Promise<void> {
    const { text, line } = step;
    this.history.push(`   @${text}`);
    const [verb = '', subject = '', ...rest] = text.split(/ +/);
    switch (verb) {
      case 'options':
        return;
      case 'user': {
        const limit = (name: string): number | null => Number(rest.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1)) || null;
        await this.world.addUser(subject, limit('quota'));
        return this.world.withAccount(subject, (account) => account.commit(setQuota({ quotaMessages: limit('messages') })));
      }
      case 'open':
        return this.open(subject, rest[0] ?? 'A', rest[1] ?? null);
      case 'quietly': {
        const answer = await this.clientOf(subject).command('quiet', withLineEnds(this.filledIn(rest.join(' '), step)));
        this.history.push(...answer.map((heard) => `${subject} S: ${heard}`));
        if (!answer.at(-1)!.startsWith('quiet OK')) throw new Error(`${this.name}:${line}: ${answer.join('\n')}`);
        return;
      }
      case 'tls':
        return this.clientOf(subject).startTls();
      case 'close':
        this.clientOf(subject).destroy();
        this.clients.delete(subject);
        return;
      case 'cut':
        return (await this.world.node(subject)).link.cut();
      case 'heal':
        return (await this.world.node(subject)).link.heal();
      case 'drain':
        // It resolves when the last client has gone, which the dialogue is to show.
        void (await this.world.node(subject)).server.drain();
        return;
      default:
        throw new Error(`${this.name}:${line}: no such directive: @${text}`);
    }
  }

  private async open(connection: string, node: string, login: string | null): Promise<void> {
    this.clients.set(connection, await (login === null ? this.world.connect(node) : this.world.signIn(login, node)));
  }

  private async say(step: Step): Promise<void> {
    const client = this.clientOf(step.connection);
    const source = this.filledIn(step.text, step);
    this.history.push(`${step.connection} C: ${source}`);
    for (const piece of piecesOf(source)) {
      if (piece.kind === 'text') {
        client.send(withLineEnds(piece.text));
        continue;
      }
      client.send(`{${piece.bytes.length}${piece.asks ? '' : '+'}}\r\n`);
      if (piece.asks) await this.hear({ ...step, kind: 'S', text: '+ ...' });
      client.send(piece.bytes);
    }
    client.send('\r\n');
  }

  private async hear(step: Step): Promise<void> {
    const heard = await this.listen(step);
    if (!this.matches(step.text, heard)) this.fail(step, [step.text], [heard]);
  }

  /** As many responses as there are steps, each matching another one of them. */
  private async hearUnordered(steps: readonly Step[]): Promise<void> {
    const missing = [...steps];
    const unexpected: string[] = [];
    for (let heard = 0; heard < steps.length; heard += 1) {
      const response = await this.listen(steps[0]!);
      const found = missing.findIndex(({ text }) => this.matches(text, response));
      if (found === -1) unexpected.push(response);
      else missing.splice(found, 1);
    }
    if (missing.length > 0) this.fail(steps[0]!, missing.map(({ text }) => text), unexpected);
  }

  private async listen(step: Step): Promise<string> {
    try {
      const heard = await this.clientOf(step.connection).response();
      this.history.push(`${step.connection} S: ${heard}`);
      return heard;
    } catch (error) {
      return this.fail(step, [step.text], [(error as Error).message]);
    }
  }

  /** Binds the variables that are new, if it matches. */
  private matches(expected: string, heard: string): boolean {
    const names: string[] = [];
    const pattern = piecesOf(expected).map((piece) => {
      if (piece.kind === 'literal') return escaped(`{${piece.bytes.length}}\r\n${piece.bytes}`);
      return piece.text.replace(/\$\$|\$[a-z]\w*|\.\.\.|[\\^$.*+?()[\]{}|/-]/gi, (token) => {
        if (token === '$$') return '\\$';
        if (token === '...') return '[^\\r\\n]*';
        if (!/^\$[a-z]/i.test(token)) return `\\${token}`;
        const name = token.slice(1);
        const known = this.variables.get(name);
        if (known !== undefined) return escaped(known);
        if (names.includes(name)) return `\\k<${name}>`;
        names.push(name);
        return `(?<${name}>[^\\s()[\\]"]+)`;
      });
    });
    const match = new RegExp(`^${pattern.join('')}$`).exec(heard);
    for (const name of match ? names : []) this.variables.set(name, match!.groups![name]!);
    return match !== null;
  }

  /** The text with the values of its variables. */
  private filledIn(text: string, { line }: Step): string {
    return text.replace(/\$(\$|[a-z]\w*)/gi, (_all, name: string) => {
      const value = name === '$' ? '$' : this.variables.get(name);
      if (value === undefined) throw new Error(`${this.name}:${line}: $${name} is not known yet`);
      return value;
    });
  }

  private clientOf(connection: string): ImapClient {
    const client = this.clients.get(connection);
    if (!client) throw new Error(`${this.name}: connection ${connection} is not open`);
    return client;
  }

  private fail({ line, connection }: Step, expected: readonly string[], heard: readonly string[]): never {
    const shown = this.history.slice(-SHOWN_LINES).map((said) => `  ${said}`);
    const known = [...this.variables].map(([name, value]) => `$${name} = ${value}`);
    const where = line === 0 ? 'at the end' : `line ${line}`;
    throw new Error(
      [
        `${this.name}, ${where}, connection ${connection}: the server said something else`,
        ...expected.map((text) => `- expected: ${text}`),
        ...heard.map((text) => `+ heard:    ${text}`),
        known.length > 0 ? `  where ${known.join(', ')}` : '',
        'What was said before:',
        ...shown,
      ].join('\n'),
    );
  }
}

function withLineEnds(text: string): string {
  return text.replaceAll(' // ', '\r\n');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

// A mail client under load: appends, flags and moves its own messages, and remembers what it was promised.
import { ImapFlow } from 'imapflow';
import { promisedInbox, type Promised } from './promised';

export interface Login {
  readonly port: number;
  readonly user: string;
  readonly pass: string;
}

/** A client as a phone has it: quiet, with QRESYNC. */
export function newClient({ port, user, pass }: Login): ImapFlow {
  const client = new ImapFlow({ host: '127.0.0.1', port, secure: false, doSTARTTLS: false, auth: { user, pass }, logger: false, qresync: true });
  client.on('error', () => {}); // A connection that breaks is what these tests are about: the commands reject.
  return client;
}

export class ImapWorker {
  readonly promises: Promised[] = [];
  /** How often the connection broke. */
  breaks = 0;
  private isStopping = false;

  constructor(
    private readonly name: string,
    private readonly login: Login,
    private readonly choose: (below: number) => number,
    private readonly onAcknowledged: () => void,
  ) {}

  /** Works until stop(); connects again whenever the connection breaks. */
  async work(): Promise<void> {
    while (!this.isStopping) {
      const client = newClient(this.login);
      try {
        await client.connect();
        await client.mailboxOpen('INBOX');
        while (!this.isStopping) await this.step(client);
        await client.logout();
      } catch (error) {
        if (client.usable) throw error;
        this.breaks += 1;
        client.close();
      }
    }
  }

  stop(): void {
    this.isStopping = true;
  }

  private async step(client: ImapFlow): Promise<void> {
    const known = this.promises.filter(({ append, folders }) => append === 'acknowledged' && folders.length === 1 && folders[0] === 'INBOX');
    const dice = this.choose(10);
    if (known.length < 3 || dice < 4) return this.append(client);
    const promised = known[this.choose(known.length)]!;
    return dice < 8 ? this.flag(client, promised) : this.move(client, promised);
  }

  private async append(client: ImapFlow): Promise<void> {
    const messageId = `<${this.name}.${this.promises.length}@test.example>`;
    const promised = promisedInbox(messageId);
    this.promises.push(promised);
    const body = `Message-ID: ${messageId}\r\nSubject: ${this.name}\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n\r\n${'line\r\n'.repeat(20)}`;
    const answer = await client.append('INBOX', body);
    if (!answer) return;
    promised.append = 'acknowledged';
    this.onAcknowledged();
  }

  private async flag(client: ImapFlow, promised: Promised): Promise<void> {
    const uid = await this.find(client, promised);
    const wanted = promised.flagged !== true;
    promised.flagged = null;
    const isDone = await (wanted ? client.messageFlagsAdd(uid, ['\\Flagged'], { uid: true }) : client.messageFlagsRemove(uid, ['\\Flagged'], { uid: true }));
    if (isDone) promised.flagged = wanted;
  }

  private async move(client: ImapFlow, promised: Promised): Promise<void> {
    const uid = await this.find(client, promised);
    promised.folders = ['INBOX', 'Archive'];
    const answer = await client.messageMove(uid, 'Archive', { uid: true });
    if (answer) promised.folders = ['Archive'];
  }

  private async find(client: ImapFlow, { messageId }: Promised): Promise<string> {
    const uids = await client.search({ header: { 'message-id': messageId } }, { uid: true });
    if (!uids || uids.length !== 1) throw new Error(`${messageId} was acknowledged, but a search finds ${JSON.stringify(uids)}`);
    return String(uids[0]);
  }
}

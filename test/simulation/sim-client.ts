// One mail client at work: draws commands, keeps a naive view, reconnects to another node when it must.
import { Connection, PATIENCE_MS } from './connection';
import { Draws } from './draws';
import { ModelView } from './model-view';
import type { SimRandom } from './sim-random';
import type { Command, Reply } from './sim-session';
import type { World } from './world';

export class SimClient {
  private isFinishing = false;
  private connection: Connection | null = null;
  private view: ModelView | null = null;
  private selected = 'INBOX';
  private readonly draws: Draws;

  constructor(
    private readonly world: World,
    private readonly random: SimRandom,
    readonly accountId: string,
    readonly name: string,
  ) {
    this.draws = new Draws(random.fork('draws'), world.weather.isRush);
  }

  async run(): Promise<void> {
    const thinkMs = this.world.weather.isRush ? 0 : this.random.pick([0, 5, 50, 500, 8_000]);
    await this.ask(this.draws.firstMail());
    for (let left = this.world.weather.commandsPerClient; left > 0 && !this.world.isFaulty; left -= 1) {
      await this.world.timeline.sleep(this.random.happens(0.004) ? this.random.between(1, 15) * 60_000 : this.random.fraction() * 2 * thinkMs);
      if (this.random.happens(0.03)) this.disconnect();
      if (!this.view) await this.select(this.random.happens(0.7) ? 'INBOX' : this.draws.name());
      else await this.work();
    }
  }

  /** When all is calm again: what this client knows must be what the log says. */
  async finish(): Promise<void> {
    this.isFinishing = true;
    if (this.view && this.connection?.isBroken === false) await this.ask({ verb: 'noop' });
    for (const name of ['INBOX', this.selected]) {
      if (!this.view) await this.select(name);
    }
    if (this.view) await this.ask({ verb: 'fetch' });
    this.disconnect();
  }

  private async work(): Promise<void> {
    const kind = this.draws.kind();
    if (kind === 'select') return this.select(this.draws.name());
    if (kind === 'deliver') return this.deliver();
    if (kind === 'pop3') return this.visitMaildrop();
    await this.ask(this.draws.command(kind, this.view!));
  }

  private async select(name: string): Promise<void> {
    this.view = null;
    this.selected = name;
    const reply = await this.request({ verb: 'select', name });
    if (reply?.shown) this.world.judging(() => (this.view = new ModelView(this.name, reply.shown!)));
  }

  private async ask(command: Command): Promise<void> {
    const reply = await this.request(command);
    if (reply?.changes && reply.shown) this.world.judging(() => this.view?.take(reply.changes!, reply.shown!));
  }

  /** As an MTA does: the same message again and again, at any node, until it is taken or refused. */
  private async deliver(): Promise<void> {
    const { name, body, deliveryId } = this.draws.delivery();
    const delivery = { accountId: this.accountId, deliveryId, isTaken: false };
    this.world.history.deliveries.push(delivery);
    const tries = 1 + this.random.below(6);
    for (let left = tries; left > 0 && !delivery.isTaken && !this.world.isFaulty; left -= 1) {
      if (left < tries || this.random.happens(0.5)) this.disconnect();
      const reply = await this.request({ verb: 'append', name, bodies: [body], deliveryId });
      if (reply?.outcome === 'ok') delivery.isTaken = true;
      if (reply?.changes && reply.shown) this.world.judging(() => this.view?.take(reply.changes!, reply.shown!));
      if (!delivery.isTaken) await this.world.timeline.sleep(this.random.fraction() * this.random.pick([100, 3_000, 30_000]));
    }
  }

  /** As POP3 does: what is there at login, on a connection of its own, and nothing changed before QUIT. */
  private async visitMaildrop(): Promise<void> {
    this.disconnect();
    const reply = await this.request({ verb: 'select', name: 'INBOX' });
    if (reply?.shown) {
      await this.world.timeline.sleep(this.random.fraction() * this.random.pick([100, 10_000]));
      const update = this.draws.quit(reply.shown.rows.map(({ uid }) => uid));
      const quit = this.connection?.isBroken === false ? await this.request(update) : null;
      if (quit?.outcome === 'ok' && quit.text !== 'gone ') this.world.count('maildrop update');
    }
    this.disconnect();
  }

  private async request(command: Command): Promise<Reply | null> {
    const connection = await this.connect();
    if (!connection) return null;
    const isHasty = this.random.happens(command.verb === 'append' ? 0.15 : 0.02);
    const reply = await connection.request(command, isHasty && !this.isFinishing ? this.random.between(5, 150) : PATIENCE_MS);
    this.world.trace(this.name, reply ? `${command.verb}: ${reply.outcome} ${reply.text}` : `${command.verb}: no answer`);
    if (!reply) this.world.count('no answer');
    if (reply === null || reply.outcome === 'bye') this.disconnect();
    return reply;
  }

  private async connect(): Promise<Connection | null> {
    if (this.connection && !this.connection.isBroken) return this.connection;
    this.disconnect();
    const living = this.world.nodes.filter((node) => node !== null);
    if (living.length === 0) {
      await this.world.timeline.sleep(500);
      return null;
    }
    const node = this.random.pick(living);
    this.world.trace(this.name, `connects to ${node.name}`);
    const connection = new Connection(this.world, this.random, node, this.accountId, this.name, (changes, shown) => {
      if (this.connection === connection) this.world.judging(() => this.view?.take(changes, shown));
    });
    return (this.connection = connection);
  }

  private disconnect(): void {
    this.connection?.break();
    this.connection = null;
    this.view = null;
  }
}

// One frontend from its first listening port to its last BYE.
import { startHttp, type RunningHttp } from './http/server';
import type { ServerConfig } from './config';
import { withDeadline } from './core/runtime/clock';
import { Unavailable } from './core/runtime/errors';
import type { RunningServer } from './core/wire/serve-clients';
import { addressOf, type Endpoint } from './endpoints';
import type { Node } from './wiring';
import { codeOf, messageOf } from './core/runtime/error-facts';

/** A little more than what a role takes for itself. */
const DRAIN_MS = 10_000;

/** Something that the operator has to change before the process can start: one line, exit code 2. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

export class Frontend {
  private readonly servers: RunningServer[] = [];
  private http: RunningHttp | null = null;
  private state: 'starting' | 'serving' | 'draining' = 'starting';

  constructor(
    private readonly config: ServerConfig,
    private readonly node: Node,
  ) {}

  /** Listens on every endpoint, health first. Rejects with CannotStart; what was started is then stopped. */
  async start(endpoints: readonly Endpoint[]): Promise<void> {
    const { host, ports } = this.config;
    const { metrics, logger } = this.node;
    try {
      if (ports.http !== 0) {
        const ready = (): Promise<void> => this.ready();
        this.http = await listening('http', host, ports.http, startHttp({ host, port: ports.http, metrics, ready, log: logger.child({ role: 'http' }) }));
      }
      for (const { option, host: own, role } of endpoints) {
        this.servers.push(await listening(option, own, ports[option], role.start({ host: own, port: ports[option] })));
      }
      if (!this.http && this.servers.length === 0) throw new CannotStart('nothing would be served: check the ports and --roles');
    } catch (error) {
      await this.drain();
      throw error;
    }
    this.state = 'serving';
  }

  /** Resolves if work may be sent here. Rejects with the reason why not. */
  private async ready(): Promise<void> {
    if (this.state !== 'serving') throw new Unavailable(this.state);
    await this.node.probe();
  }

  /** /ready fails from now on; no new connections; what runs finishes. Resolves true if all could say goodbye in time. */
  async drain(): Promise<boolean> {
    this.state = 'draining';
    const gone = Promise.all(this.servers.map((server) => server.drain()));
    const inTime = await withDeadline(this.node.clock, DRAIN_MS, gone, () => new DrainTimeout()).then(
      () => true,
      (error: unknown) => {
        this.node.logger.warn({ error }, 'draining failed');
        return false;
      },
    );
    await this.http?.close();
    return inTime;
  }
}

class DrainTimeout extends Error {
  override readonly name = 'DrainTimeout';
  override readonly message = 'clients were still there';
}

async function listening<T>(option: string, host: string, port: number, started: Promise<T>): Promise<T> {
  try {
    return await started;
  } catch (cause) {
    const code = codeOf(cause) ?? messageOf(cause);
    const address = addressOf(host, port);
    if (code === 'EADDRINUSE') throw new CannotStart(`${address} is taken: give another port with --${option}, or 0 for none`, { cause });
    if (code === 'EACCES') throw new CannotStart(`${address} is not allowed for this user: give a port above 1023 with --${option}`, { cause });
    throw new CannotStart(`cannot listen on ${address} (${code}): check --host and --${option}`, { cause });
  }
}

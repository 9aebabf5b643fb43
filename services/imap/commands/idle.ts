// IDLE: RFC 2177. Tells what happens until the client says DONE; the next command may come in the same packet.
import { BadCommand } from '../../core/runtime/errors';
import { Farewell } from '../farewell';
import { AUTHENTICATED, type Handler } from '../handler';
import { continuation } from '../responses/status';
import { requireOpenAccount, syncSelected } from '../sync';

/** What woke the session; what the client said is its line. */
type Event = 'moved' | 'draining' | { readonly line: Buffer } | { readonly error: unknown };

export const idle: Handler = {
  states: AUTHENTICATED,
  reads: 'freshIfReachable',
  syncs: 'all',
  tellsAtEnd: true,
  async *run(_command, { session, exchange }) {
    const events = new Events();
    const unlisten = session.account.onMove(() => events.moved());
    try {
      yield continuation('idling');
      exchange.line().then(
        (line) => events.end({ line }),
        (error: unknown) => events.end({ error }),
      );
      void exchange.draining.then(() => events.end('draining'));
      for (;;) {
        if (session.state.name === 'selected') yield* syncSelected(session, 'all');
        else requireOpenAccount(session.account.state);
        const event = await events.next();
        if (event === 'moved') continue;
        if (event === 'draining') throw new Farewell('this server is going down; another one has your mail', 'UNAVAILABLE');
        if ('error' in event) throw event.error;
        if (event.line.toString('latin1').toUpperCase() !== 'DONE') throw new BadCommand('expected DONE');
        return { text: 'IDLE terminated' };
      }
    } finally {
      unlisten();
    }
  },
};

/** Moves that nobody waited for are one; the first end is the last event. */
class Events {
  private hasMoved = false;
  private ended: Event | null = null;
  private wake = (): void => {};

  moved(): void {
    this.hasMoved = true;
    this.wake();
  }

  end(event: Event): void {
    this.ended ??= event;
    this.wake();
  }

  async next(): Promise<Event> {
    if (!this.ended && !this.hasMoved) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    this.hasMoved = false;
    return this.ended ?? 'moved';
  }
}

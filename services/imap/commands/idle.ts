// IDLE: RFC 2177. Tells what happens until the client says DONE; the next command may come in the same packet.
import { BadCommand } from '../../core/runtime/errors';
import { AUTHENTICATED, type Handler } from '../handler';
import { continuation } from '../responses/status';
import { syncSelected } from '../sync';

export const idle: Handler = {
  states: AUTHENTICATED,
  reads: 'freshIfReachable',
  syncs: 'all',
  async *run(_command, { session, exchange }) {
    yield continuation('idling');
    let wake = (): void => {};
    let hasMoved = true;
    const unlisten = session.account.onMove(() => {
      hasMoved = true;
      wake();
    });
    const ended = Promise.race([exchange.line(), exchange.draining.then(() => null)]);
    try {
      for (;;) {
        if (hasMoved) {
          hasMoved = false;
          if (session.state.name === 'selected') yield syncSelected(session, 'all');
        }
        const moved = new Promise<'moved'>((resolve) => {
          wake = () => resolve('moved');
          if (hasMoved) wake();
        });
        const event = await Promise.race([ended, moved]);
        if (event === 'moved') continue;
        if (event !== null && event.toString('latin1').toUpperCase() !== 'DONE') throw new BadCommand('expected DONE');
        return { text: 'IDLE terminated' };
      }
    } finally {
      unlisten();
    }
  },
};

// What a session costs that is logged in, has INBOX selected and waits in IDLE.
import { memoryOfTree } from '../process-memory';
import type { Row } from './row';

export function memory(sessions: number): Row {
  return {
    name: 'memory',
    figures: [
      { title: `server memory for each of ${sessions} idle sessions, RSS`, unit: 'KB', better: 'less' },
      { title: `server memory for each of ${sessions} idle sessions, PSS`, unit: 'KB', better: 'less' },
    ],
    needs: ['pid'],
    mailboxes: [],
    async measure(stage) {
      const { server } = stage;
      // Memory that earlier rows left free would be used again, and not be seen.
      await server.cold?.();
      const pid = await server.pid!();
      const before = await memoryOfTree(pid);
      await stage.each(sessions, async (account) => {
        const session = await stage.selected(account, 'INBOX');
        await session.idle(() => undefined);
      });
      const after = await memoryOfTree(pid);
      return [(after.rssKb - before.rssKb) / sessions, (after.pssKb - before.pssKb) / sessions];
    },
  };
}

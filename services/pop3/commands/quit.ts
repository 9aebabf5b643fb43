// QUIT: RFC 1939 §4, §6. The UPDATE state is one entry in the log; nothing else removes a message.
import { updateMaildrop } from '../../core/account/decide/update-maildrop';
import { UidSet } from '../../core/account/uid-set';
import { FateUnknown, Refusal, Unavailable } from '../../core/runtime/errors';
import type { Logger } from '../../core/runtime/logging';
import { wordsOf } from '../command-line';
import { ANY, type Handler } from '../handler';
import { ok } from '../replies';
import type { Session } from '../session';

export const quit: Handler = {
  states: ANY,
  async *run(argument, { session, log }) {
    wordsOf(argument, 0, 0);
    let removed = UidSet.empty;
    try {
      if (session.state.name === 'TRANSACTION') removed = await update(session.opened, log);
    } finally {
      // RFC 1939 §6: it ends the session, whether or not it could do what it should.
      session.end();
    }
    yield ok(removed.isEmpty ? 'until next time' : `${removed.size} message${removed.size === 1 ? '' : 's'} deleted`);
  },
};

/** Does what the session asked for; answers what was removed. Throws Unavailable (nothing was), FateUnknown (nobody knows). */
async function update({ user, maildrop }: Session['opened'], log: Logger): Promise<UidSet> {
  const wanted = maildrop.update();
  if (wanted === null) return UidSet.empty;
  const { account } = user.lease;
  try {
    return await account.commit(updateMaildrop(wanted));
  } catch (error) {
    if (!(error instanceof Unavailable) && !(error instanceof Refusal)) throw error;
    if (wanted.deleted.isEmpty) {
      log.warn({ error, account: account.id, mailbox: wanted.mailbox }, 'messages were read but could not be marked so');
      return UidSet.empty;
    }
    if (error instanceof FateUnknown) throw new FateUnknown('nobody knows whether the deleted messages were removed: log in again and look', { cause: error });
    throw new Unavailable('some deleted messages not removed: try again later', { cause: error });
  }
}

// APPEND: RFC 3501 §6.3.11, with any number of messages (RFC 3502), APPENDUID of RFC 4315 §3. Messages go straight to the blob store;
// only a whole command appends, and all of them at once.
import { takeBody } from '../../core/account/body-intake';
import { addMessages } from '../../core/account/decide/add-messages';
import { UidSet } from '../../core/account/uid-set';
import { BadCommand } from '../../core/runtime/errors';
import { AppendIntake } from '../append-intake';
import type { Command } from '../grammar/command';
import { AUTHENTICATED, type Handler } from '../handler';
import { appendUidCode } from '../responses/response-codes';

export const append: Handler<Extract<Command, { kind: 'append' }>> = {
  states: AUTHENTICATED,
  reads: 'fresh',
  syncs: 'all',
  tellsAtEnd: true,
  // eslint-disable-next-line require-yield
  async *run({ mailbox, flags, internalDateMs }, { session, node, exchange }) {
    const { account } = session;
    if (!exchange.announced) throw new BadCommand('expected the message as a literal');
    const intake = new AppendIntake(account, mailbox, exchange.messages);
    intake.admit({ flags, internalDateMs, literal: exchange.announced });
    for (let message = intake.next; message !== null; message = intake.next) {
      intake.add(message, await takeBody(node, account.id, intake.octets(message)));
    }
    const added = await account.commit(addMessages(mailbox, intake.messages));
    // Null is for deliveries that came twice; an APPEND has no delivery id.
    return { text: 'APPEND completed', ...(added && { code: appendUidCode(added.uidValidity, UidSet.of(added.uids)) }) };
  },
};

// APPEND: RFC 3501 §6.3.11, APPENDUID of RFC 4315 §3. What can be refused is refused before the message is sent; the message goes
// straight to the blob store; only a whole command appends.
import { takeBody } from '../../core/account/body-intake';
import { addMessages, requireQuota, requireRoom } from '../../core/account/decide/add-messages';
import { requireTarget } from '../../core/account/decide/decision';
import { knowFlags } from '../../core/account/decide/keywords';
import { UidSet } from '../../core/account/uid-set';
import type { AccountState } from '../../core/account/account-state';
import { BadCommand, Refusal } from '../../core/runtime/errors';
import { parseAppendRest } from '../grammar/append-args';
import type { Command } from '../grammar/command';
import { AUTHENTICATED, type Exchange, type Handler } from '../handler';
import { imapLimits } from '../imap-limits';
import { appendUidCode } from '../responses/response-codes';
import type { Literal } from '../../core/wire/literal';

type AppendCommand = Extract<Command, { kind: 'append' }>;

export const append: Handler<AppendCommand> = {
  states: AUTHENTICATED,
  reads: 'fresh',
  syncs: 'all',
  tellsAtEnd: true,
  // eslint-disable-next-line require-yield
  async *run(command, { session, node, exchange }) {
    const { account } = session;
    const { announced } = exchange;
    if (!announced) throw new BadCommand('expected the message as a literal');
    requireLiteral(announced);
    requireAcceptance(account.state, command, announced.sizeBytes);
    const body = await takeBody(node, account.id, wholeMessage(exchange));
    const { flags, internalDateMs, mailbox } = command;
    const added = await account.commit(addMessages(mailbox, [{ ...body, flags, internalDateMs }]));
    // Null is for deliveries that came twice; an APPEND has no delivery id.
    return { text: 'APPEND completed', ...(added && { code: appendUidCode(added.uidValidity, UidSet.of(added.uids)) }) };
  },
};

function requireLiteral({ sizeBytes, binary }: Literal): void {
  if (binary) throw new BadCommand('literal8 is not allowed here'); // RFC 3516 is not offered.
  if (sizeBytes > imapLimits.messageBytes) throw new Refusal('TOOBIG', `a message may have ${imapLimits.messageBytes} octets`);
  // RFC 5322 §3.6: a message has at least a date and an author. RFC 3502 §6.3.11 makes the empty literal a way to give up.
  if (sizeBytes === 0) throw new Refusal(null, 'an empty message cannot be appended');
}

/** What the commit would refuse now, asked of a state that was read after the command came. */
function requireAcceptance(state: AccountState, { mailbox: name, flags }: AppendCommand, sizeBytes: number): void {
  const { mailbox } = requireTarget(state, name);
  requireQuota(state, [{ sizeBytes }]);
  requireRoom(mailbox, 1);
  knowFlags(state, flags);
}

/** The message, and an error at its end if the command does not end there: so that nothing is stored for it. */
async function* wholeMessage(exchange: Exchange): AsyncGenerator<Uint8Array> {
  for await (const chunk of exchange.body()) {
    // literal = "{" number "}" CRLF *CHAR8; CHAR8 = %x01-ff
    if (chunk.includes(0)) throw new BadCommand('a literal must not contain NUL');
    yield chunk;
  }
  const { line, announcesLiteral } = await exchange.afterBody();
  if (parseAppendRest(line, announcesLiteral)) throw new BadCommand('one message at a time, please: MULTIAPPEND is not offered');
}

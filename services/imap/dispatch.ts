// One command from its segments to its tagged reply. The only place where errors become replies.
import type { UidSet } from '../core/account/uid-set';
import { BadCommand, Disconnected, FateUnknown, Refusal, Unavailable } from '../core/runtime/errors';
import type { Metrics } from '../core/runtime/metrics';
import { Farewell } from './farewell';
import type { TaggedCommand } from './grammar/command';
import type { Completion, Context, Handler, Syncs } from './handler';
import { handlerOf } from './registry';
import { tagged } from './responses/status';
import type { Session } from './session';
import { requireOpenAccount, syncSelected } from './sync';
import { Turns } from '../core/runtime/turns';

export interface Dispatching extends Context {
  readonly metrics: Metrics;
  /** Writes with back-pressure. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
}

/** How a command ended, for the metrics. 'unavailable' and 'error' are NO to the client; after 'closed' there is none. */
export type Result = 'ok' | 'no' | 'bad' | 'unavailable' | 'closed' | 'error';

/**
 * Runs a command and answers it. Throws Farewell when the session must end, Disconnected when it has.
 */
export async function dispatch(command: TaggedCommand, dispatching: Dispatching): Promise<Result> {
  const { metrics, write } = dispatching;
  const handler = handlerOf(command);
  let result: Result = 'ok';
  try {
    const completion = await execute(handler, command, dispatching);
    if (completion.condition === 'NO') result = 'no';
    await write(tagged(command.tag, completion.condition ?? 'OK', completion.text, codeOf(completion)));
    await completion.after?.();
  } catch (error) {
    result = resultOf(error);
    await answerError(error, command, handler, dispatching);
  } finally {
    metrics.commands.inc({ verb: command.kind, result });
  }
  return result;
}

async function execute(handler: Handler, command: TaggedCommand, dispatching: Dispatching): Promise<Completion> {
  const { session, write } = dispatching;
  if (!handler.states.includes(session.state.name)) throw new BadCommand(wrongState(handler, session));
  await freshen(handler, dispatching);
  const syncs = syncsOf(handler, command);
  // New messages are told first, so that the command can speak of them.
  const before = await sync(dispatching, syncs === 'none' || handler.tellsAtEnd ? 'none' : 'hold');
  const completion = await complete(handler.run(command, dispatching), write);
  if (completion.next) session.state = completion.next;
  await sync(dispatching, syncs, completion, before);
  return completion;
}

/** Writes what the handler yields. A handler whose client has gone is ended where it is, so that it closes what it holds open. */
async function complete(running: AsyncGenerator<Uint8Array, Completion | undefined>, write: Dispatching['write']): Promise<Completion> {
  try {
    for (;;) {
      const step = await running.next();
      if (step.done) return step.value!;
      await write(step.value);
    }
  } finally {
    await running.return(undefined);
  }
}

async function freshen({ reads }: Handler, { session }: Dispatching): Promise<void> {
  if (reads === 'none' || session.state.name === 'notAuthenticated' || session.state.name === 'logout') return;
  try {
    await (reads === 'heard' ? session.account.refreshIfUnheard() : session.account.refresh());
  } catch (error) {
    // Sessions read on in what they know while the store is away (R7).
    if (!(error instanceof Unavailable) || reads === 'fresh') throw error;
  }
  requireOpenAccount(session.account.state);
}

async function sync({ session, node, write }: Dispatching, syncs: Syncs, completion?: Completion, before?: UidSet): Promise<UidSet | undefined> {
  if (syncs === 'none' || session.state.name !== 'selected') return undefined;
  const turns = new Turns(node.clock);
  const telling = syncSelected(session, syncs, completion?.own, before);
  for (;;) {
    const step = telling.next();
    if (step.done) return step.value;
    if (step.value.length > 0) await write(step.value);
    if (turns.isOver()) await turns.giveWay();
  }
}

async function answerError(error: unknown, command: TaggedCommand, handler: Handler, dispatching: Dispatching): Promise<void> {
  const { write, log } = dispatching;
  if (error instanceof BadCommand) return write(tagged(command.tag, 'BAD', error.message));
  if (error instanceof Refusal) {
    await sync(dispatching, syncsOf(handler, command));
    return write(tagged(command.tag, 'NO', error.message, error.code ?? undefined));
  }
  if (error instanceof FateUnknown) {
    log.warn({ error, verb: command.kind }, 'the fate of a change is unknown');
    throw new Farewell('the outcome of the last command is not known; look before you repeat it', 'UNAVAILABLE');
  }
  if (error instanceof Unavailable) {
    log.warn({ error, verb: command.kind }, 'a store did not do its work');
    return write(tagged(command.tag, 'NO', error.message, 'UNAVAILABLE'));
  }
  if (error instanceof Disconnected || error instanceof Farewell) throw error;
  log.error({ error, verb: command.kind }, 'a command failed: this is a bug, or damage');
  await write(tagged(command.tag, 'NO', 'an internal error; the server has written down what it knows of it', 'SERVERBUG'));
  throw new Farewell('internal error', 'SERVERBUG');
}

function syncsOf({ syncs }: Handler, command: TaggedCommand): Syncs {
  return typeof syncs === 'function' ? syncs(command) : syncs;
}

function codeOf({ code }: Completion): string | undefined {
  return typeof code === 'function' ? code() : code;
}

function resultOf(error: unknown): Result {
  if (error instanceof BadCommand) return 'bad';
  if (error instanceof Refusal) return 'no';
  if (error instanceof Unavailable) return 'unavailable';
  if (error instanceof Disconnected || error instanceof Farewell) return 'closed';
  return 'error';
}

function wrongState({ states }: Handler, { state }: Session): string {
  if (state.name === 'notAuthenticated') return 'log in first';
  return states.includes('selected') ? 'select a mailbox first' : 'this command is for before login';
}

// One command from its segments to its tagged reply. The only place where errors become replies.
import { BadCommand, Disconnected, FateUnknown, Refusal, Unavailable } from '../core/runtime/errors';
import type { Metrics } from '../core/runtime/metrics';
import { Farewell } from './farewell';
import type { TaggedCommand } from './grammar/command';
import type { Completion, Context, Handler, Syncs } from './handler';
import { handlerOf } from './registry';
import { tagged } from './responses/status';
import { syncSelected } from './sync';

export interface Dispatching extends Context {
  readonly metrics: Metrics;
  /** Writes with back-pressure. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
}

/**
 * Runs a command and answers it. Throws Farewell when the session must end, Disconnected when it has.
 */
export async function dispatch(command: TaggedCommand, dispatching: Dispatching): Promise<void> {
  const { metrics, write } = dispatching;
  const handler = handlerOf(command);
  let result = 'ok';
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
}

async function execute(handler: Handler, command: TaggedCommand, dispatching: Dispatching): Promise<Completion> {
  const { session, write } = dispatching;
  if (!handler.states.includes(session.state.name)) throw new BadCommand(wrongState(session.state.name));
  await freshen(handler, dispatching);
  const syncs = typeof handler.syncs === 'function' ? handler.syncs(command) : handler.syncs;
  // New messages are told first, so that the command can speak of them.
  await sync(dispatching, syncs === 'none' ? 'none' : 'hold');
  const running = handler.run(command, dispatching);
  let completion: Completion;
  for (;;) {
    const step = await running.next();
    if (step.done) {
      completion = step.value;
      break;
    }
    await write(step.value);
  }
  if (completion.next) session.state = completion.next;
  await sync(dispatching, syncs, completion);
  return completion;
}

async function freshen({ reads }: Handler, { session }: Dispatching): Promise<void> {
  if (reads === 'none' || session.state.name === 'notAuthenticated' || session.state.name === 'logout') return;
  try {
    await (reads === 'heard' ? session.account.refreshIfUnheard() : session.account.refresh());
  } catch (error) {
    // A session that has a mailbox selected reads on while the store is away (R7).
    const mayReadOn = error instanceof Unavailable && reads !== 'fresh' && session.state.name === 'selected';
    if (!mayReadOn) throw error;
  }
}

async function sync({ session, write }: Dispatching, syncs: Syncs, completion?: Completion): Promise<void> {
  if (syncs === 'none' || session.state.name !== 'selected') return;
  const told = syncSelected(session, syncs, completion?.own);
  if (told.length > 0) await write(told);
}

async function answerError(error: unknown, command: TaggedCommand, handler: Handler, dispatching: Dispatching): Promise<void> {
  const { write, log } = dispatching;
  if (error instanceof BadCommand) return write(tagged(command.tag, 'BAD', error.message));
  if (error instanceof Refusal) {
    const syncs = typeof handler.syncs === 'function' ? handler.syncs(command) : handler.syncs;
    await sync(dispatching, syncs);
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

function codeOf({ code }: Completion): string | undefined {
  return typeof code === 'function' ? code() : code;
}

function resultOf(error: unknown): string {
  if (error instanceof BadCommand) return 'bad';
  if (error instanceof Refusal) return 'no';
  if (error instanceof Unavailable) return 'unavailable';
  if (error instanceof Disconnected || error instanceof Farewell) return 'closed';
  return 'error';
}

function wrongState(state: string): string {
  if (state === 'notAuthenticated') return 'log in first';
  if (state === 'authenticated') return 'select a mailbox first';
  return 'this command is for before login';
}

// One command from its line to its response. The only place where errors become responses.
import { BadCommand, Disconnected, FateUnknown, Refusal, Unavailable } from '../core/runtime/errors';
import type { Metrics } from '../core/runtime/metrics';
import { parseCommandLine } from './command-line';
import type { Context, Handler } from './handler';
import { handlers } from './registry';
import { err, type ResponseCode } from './replies';
import { Unreadable } from './message-response';

export interface Dispatching extends Context {
  readonly metrics: Metrics;
  /** Writes with back-pressure. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
}

/** How a command ended, for the metrics. All but 'ok' and 'closed' are -ERR to the client; after 'closed' there is no response. */
export type Result = 'ok' | 'no' | 'bad' | 'unavailable' | 'closed' | 'error';

/** Runs a command and answers it. Throws Disconnected when the connection is of no more use. */
export async function dispatch(line: Buffer, dispatching: Dispatching): Promise<Result> {
  const { keyword, argument } = parseCommandLine(line);
  const handler = handlers.get(keyword);
  if (!handler) {
    await dispatching.write(err('this command is not known here'));
    return 'bad';
  }
  let result: Result = 'ok';
  const spoken = { hasBegun: false };
  try {
    if (!handler.states.includes(dispatching.session.state.name)) throw new BadCommand(wrongState(dispatching));
    await requireOpenAccount(dispatching);
    await answer(handler, argument, dispatching, spoken);
  } catch (error) {
    result = resultOf(error);
    await answerError(error, keyword, dispatching, spoken.hasBegun);
  } finally {
    dispatching.metrics.commands.inc({ verb: `pop3.${keyword.toLowerCase()}`, result });
  }
  return result;
}

/** Writes what the handler yields. A handler whose client has gone is ended where it is, so that it closes what it holds open. */
async function answer(handler: Handler, argument: Buffer | null, dispatching: Dispatching, spoken: { hasBegun: boolean }): Promise<void> {
  for await (const bytes of handler.run(argument, dispatching)) {
    spoken.hasBegun = true;
    await dispatching.write(bytes);
  }
}

/** The account was closed: the session ends, and nothing is removed. */
class AccountClosed extends Error {
  override readonly name = 'AccountClosed';
}

/** A session works on what it opened; it needs the store only to hear that its account was closed. */
async function requireOpenAccount({ session }: Dispatching): Promise<void> {
  if (session.state.name !== 'TRANSACTION') return;
  const { account } = session.state.user.lease;
  try {
    await account.refreshIfUnheard();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error; // Sessions read on in what they know while the store is away (R7).
  }
  if (account.state.deleted || account.state.disabled) throw new AccountClosed('this account was closed');
}

async function answerError(error: unknown, keyword: string, dispatching: Dispatching, hasBegun: boolean): Promise<void> {
  const { write, log, session } = dispatching;
  if (error instanceof Disconnected) throw error;
  if (error instanceof BadCommand) return write(err(error.message));
  if (error instanceof Refusal) return write(err(error.message, codeOf(error)));
  if (error instanceof Unreadable) return write(err(error.message, 'SYS/PERM'));
  if (error instanceof Unavailable) {
    log.warn({ error, verb: keyword }, error instanceof FateUnknown ? 'the fate of a change is unknown' : 'a store did not do its work');
    return write(err(error.message, 'SYS/TEMP'));
  }
  session.end();
  if (error instanceof AccountClosed) return write(err(error.message, 'SYS/PERM'));
  log.error({ error, verb: keyword }, 'a command failed: this is a bug, or damage');
  if (hasBegun) throw new Disconnected('a response broke off', { cause: error });
  return write(err('an internal error; the server has written down what it knows of it', 'SYS/PERM'));
}

/** RFC 3206 §4, §5: whether it makes sense to ask for another password. */
function codeOf({ code }: Refusal): ResponseCode | null {
  if (code === 'AUTHENTICATIONFAILED' || code === 'AUTHORIZATIONFAILED') return 'AUTH';
  return code === 'LIMIT' ? 'SYS/TEMP' : null;
}

function resultOf(error: unknown): Result {
  if (error instanceof BadCommand) return 'bad';
  if (error instanceof Refusal) return 'no';
  if (error instanceof Unavailable) return 'unavailable';
  if (error instanceof Disconnected || error instanceof AccountClosed) return 'closed';
  return 'error';
}

function wrongState({ session }: Dispatching): string {
  return session.state.name === 'AUTHORIZATION' ? 'log in first' : 'this command is for before login';
}

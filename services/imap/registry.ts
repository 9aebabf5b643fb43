// Every command and its handler: one row each. What a command may read, and what may be told meanwhile, is in the handlers' own
// tables (handler.ts), so that no dispatcher knows a command by name.
import type { Command } from './grammar/command';
import type { Handler } from './handler';
import { append } from './commands/append';
import { capability } from './commands/capability';
import { close, unselect } from './commands/close';
import { copy, move } from './commands/copy';
import { create } from './commands/create';
import { deleteCommand } from './commands/delete';
import { enable } from './commands/enable';
import { expunge } from './commands/expunge';
import { fetch } from './commands/fetch';
import { id } from './commands/id';
import { idle } from './commands/idle';
import { list, lsub } from './commands/list';
import { authenticate, login } from './commands/login';
import { logout } from './commands/logout';
import { namespace } from './commands/namespace';
import { check, noop } from './commands/noop';
import { getquota, getquotaroot, setquota } from './commands/quota';
import { rename } from './commands/rename';
import { search } from './commands/search';
import { examine, select } from './commands/select';
import { starttls } from './commands/starttls';
import { status } from './commands/status';
import { store } from './commands/store';
import { subscribe, unsubscribe } from './commands/subscribe';

type Kind = Command['kind'];

const handlers: { readonly [K in Kind]: Handler<Extract<Command, { kind: K }>> } = {
  append,
  authenticate,
  capability,
  check,
  close,
  copy,
  create,
  delete: deleteCommand,
  enable,
  examine,
  expunge,
  fetch,
  getquota,
  getquotaroot,
  id,
  idle,
  list,
  login,
  logout,
  lsub,
  move,
  namespace,
  noop,
  rename,
  search,
  select,
  setquota,
  starttls,
  status,
  store,
  subscribe,
  unselect,
  unsubscribe,
};

/** The handler of a command that was parsed. */
export function handlerOf(command: Command): Handler {
  return handlers[command.kind] as Handler<never> as Handler;
}

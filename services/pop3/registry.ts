// Every command and its handler: one row each, by its keyword. Whatever is not here is unknown, APOP too: it needs passwords in the clear
// on the server.
import { auth } from './commands/auth';
import { capa } from './commands/capa';
import { dele, rset } from './commands/dele';
import { list, uidl } from './commands/list';
import { noop } from './commands/noop';
import { quit } from './commands/quit';
import { retr, top } from './commands/retr';
import { stat } from './commands/stat';
import { stls } from './commands/stls';
import { pass, user } from './commands/user';
import type { Handler } from './handler';

export const handlers: ReadonlyMap<string, Handler> = new Map([
  ['AUTH', auth],
  ['CAPA', capa],
  ['DELE', dele],
  ['LIST', list],
  ['NOOP', noop],
  ['PASS', pass],
  ['QUIT', quit],
  ['RETR', retr],
  ['RSET', rset],
  ['STAT', stat],
  ['STLS', stls],
  ['TOP', top],
  ['UIDL', uidl],
  ['USER', user],
]);

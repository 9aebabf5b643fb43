// USER and PASS: RFC 1939 §7.
import { BadCommand } from '../../core/runtime/errors';
import { textOf } from '../command-line';
import { AUTHORIZATION, type Handler } from '../handler';
import { logIn } from '../login';
import { requirePrivacy } from '../privacy';
import { ok } from '../replies';

/** Any name is welcome: who exists is nobody's business. */
export const user: Handler = {
  states: AUTHORIZATION,
  async *run(argument, context) {
    requirePrivacy(context);
    const { session } = context;
    // One that fails takes the place of the last one too.
    session.state = { name: 'AUTHORIZATION', user: null };
    session.state = { name: 'AUTHORIZATION', user: textOf(argument) };
    yield ok('and the password?');
  },
};

/** After a USER that succeeded. Whatever comes of it, the name counts once. */
export const pass: Handler = {
  states: AUTHORIZATION,
  async *run(argument, context) {
    requirePrivacy(context);
    const { session } = context;
    const login = session.state.name === 'AUTHORIZATION' ? session.state.user : null;
    if (login === null) throw new BadCommand('USER comes first');
    session.state = { name: 'AUTHORIZATION', user: null };
    yield await logIn(login, textOf(argument), context);
  },
};

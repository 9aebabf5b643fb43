// AUTH: RFC 5034 §4, with PLAIN of RFC 4616. Without an argument it lists the mechanisms, as servers did before there was CAPA.
import { decodePlain } from '../../core/auth/plain';
import { strictBase64 } from '../../core/runtime/base64';
import { BadCommand, Refusal } from '../../core/runtime/errors';
import { wordsOf } from '../command-line';
import { AUTHORIZATION, type Handler } from '../handler';
import { logIn } from '../login';
import { requirePrivacy } from '../privacy';
import { continuation, multiline } from '../replies';

export const auth: Handler = {
  states: AUTHORIZATION,
  async *run(argument, context) {
    requirePrivacy(context);
    const [mechanism, initialResponse] = wordsOf(argument, 0, 2);
    if (mechanism === undefined) return yield multiline('mechanisms follow', ['PLAIN']);
    if (mechanism.toUpperCase() !== 'PLAIN') throw new Refusal('CANNOT', 'this mechanism is not offered');
    if (initialResponse === undefined) yield continuation;
    const response = initialResponse ?? (await context.exchange.line()).toString('latin1');
    if (response === '*') throw new BadCommand('AUTH given up');
    // "=": an initial response that is there, and empty.
    const { login, password } = decodePlain(strictBase64(response === '=' && initialResponse !== undefined ? '' : response));
    yield await logIn(login, password, context);
  },
};

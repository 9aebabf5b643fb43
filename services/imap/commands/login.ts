// LOGIN and AUTHENTICATE: RFC 3501 §6.2.2, §6.2.3; PLAIN of RFC 4616, with an initial response (RFC 4959).
import { enterAccount } from '../../core/auth/enter-account';
import { decodePlain } from '../../core/auth/plain';
import { BadCommand, Refusal } from '../../core/runtime/errors';
import { capabilities } from '../capabilities';
import { parseSaslResponse } from '../grammar/authenticate-args';
import type { Command } from '../grammar/command';
import { NOT_AUTHENTICATED, type Completion, type Context, type Handler } from '../handler';
import { continuation } from '../responses/status';

type LoginCommand = Extract<Command, { kind: 'login' }>;
type AuthenticateCommand = Extract<Command, { kind: 'authenticate' }>;

export const login: Handler<LoginCommand> = {
  states: NOT_AUTHENTICATED,
  reads: 'none',
  syncs: 'none',
  // eslint-disable-next-line require-yield
  async *run(command, context) {
    requirePrivacy(context);
    return signIn(command.login, command.password, context);
  },
};

export const authenticate: Handler<AuthenticateCommand> = {
  states: NOT_AUTHENTICATED,
  reads: 'none',
  syncs: 'none',
  async *run({ mechanism, initialResponse }, context) {
    requirePrivacy(context);
    const { exchange } = context;
    if (mechanism === 'PLAIN') {
      if (initialResponse === null) yield continuation('');
      const response = initialResponse ?? (await answer(exchange.line()));
      const { login: name, password } = decodePlain(response);
      return signIn(name, password, context);
    }
    if (mechanism === 'LOGIN') {
      if (initialResponse === null) yield continuation(base64('User Name'));
      const name = initialResponse ?? (await answer(exchange.line()));
      yield continuation(base64('Password'));
      const password = await answer(exchange.line());
      return signIn(name.toString('utf8'), password.toString('utf8'), context);
    }
    throw new Refusal('CANNOT', 'this mechanism is not offered');
  },
};

async function answer(line: Promise<Buffer>): Promise<Buffer> {
  const response = parseSaslResponse(await line);
  if (response === null) throw new BadCommand('AUTHENTICATE given up');
  return response;
}

function requirePrivacy({ node, exchange }: Context): void {
  if (node.requireTls && !exchange.isSecure) throw new Refusal('PRIVACYREQUIRED', 'use TLS first');
}

async function signIn(name: string, password: string, { session, node, exchange }: Context): Promise<Completion> {
  const user = await enterAccount(node, name, password, exchange.remoteAddress);
  const next = { name: 'authenticated', user } as const;
  session.state = next;
  const words = capabilities(session, { isSecure: exchange.isSecure, hasTls: node.tls !== null, requireTls: node.requireTls });
  return { text: 'logged in', code: `CAPABILITY ${words}`, next };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

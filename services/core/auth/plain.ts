// The message of SASL PLAIN: RFC 4616.
import { BadCommand, Refusal } from '../runtime/errors';
import { canonicalLogin } from './login-names';

export interface PlainMessage {
  readonly login: string;
  readonly password: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * `message = [authzid] UTF8NUL authcid UTF8NUL passwd` (RFC 4616 §2), already out of its base64. Nobody may act as another: an
 * authzid that is not the authcid is refused with AUTHORIZATIONFAILED. Throws BadCommand on what is no such message.
 */
export function decodePlain(message: Uint8Array): PlainMessage {
  let text: string;
  try {
    text = utf8.decode(message);
  } catch (cause) {
    throw new BadCommand('the PLAIN message is not UTF-8', { cause });
  }
  const parts = text.split('\0');
  const [authorizationId, login, password] = parts;
  if (parts.length !== 3 || authorizationId === undefined || !login || !password) throw new BadCommand('the PLAIN message does not have its three parts');
  const actsAsItself = authorizationId === '' || authorizationId === login || canonicalLogin(authorizationId) === (canonicalLogin(login) ?? undefined);
  if (!actsAsItself) throw new Refusal('AUTHORIZATIONFAILED', 'nobody may sign in to act as somebody else');
  return { login, password };
}

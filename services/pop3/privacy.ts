// Whether a password may be said on this connection (RFC 2595 §2.3).
import { Refusal } from '../core/runtime/errors';
import type { Context } from './handler';

export function mayHearPasswords({ node, exchange }: Context): boolean {
  return exchange.isSecure || !node.requireTls;
}

/** Throws Refusal, before any name or password is looked at. */
export function requirePrivacy(context: Context): void {
  if (!mayHearPasswords(context)) throw new Refusal('PRIVACYREQUIRED', 'passwords are not heard in the clear here: use STLS first, or the port for TLS');
}

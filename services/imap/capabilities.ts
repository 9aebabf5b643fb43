// What is advertised, in which state, each by the RFC that it comes from. Only what is whole is in here.
import { imapLimits } from './imap-limits';
import type { Session } from './session';

/** Before login: how to sign in, and what concerns that. */
const BASE = [
  'IMAP4rev1', // RFC 3501
  'SASL-IR', // RFC 4959
  'LITERAL+', // RFC 7888; never beside LITERAL-
  'ENABLE', // RFC 5161
  'ID', // RFC 2971
  'IDLE', // RFC 2177
] as const;

/** After login. */
const AUTHENTICATED = [
  'NAMESPACE', // RFC 2342
  'CHILDREN', // RFC 3348
  'UNSELECT', // RFC 3691
  'UIDPLUS', // RFC 4315
  'MOVE', // RFC 6851
  'SPECIAL-USE', // RFC 6154
  'CONDSTORE', // RFC 7162
  'QRESYNC', // RFC 7162
  'ESEARCH', // RFC 4731
  'STATUS=SIZE', // RFC 8438
  'QUOTA', // RFC 9208
  'QUOTA=RES-STORAGE',
  'QUOTA=RES-MESSAGE',
  `APPENDLIMIT=${imapLimits.messageBytes}`, // RFC 7889
  'MULTIAPPEND', // RFC 3502
  'WITHIN', // RFC 5032
  'OBJECTID', // RFC 8474
  'SAVEDATE', // RFC 8514
  'PREVIEW', // RFC 8970
] as const;

/** Of the connection, as far as it changes what may be offered. */
export interface Offer {
  readonly isSecure: boolean;
  readonly hasTls: boolean;
  readonly requireTls: boolean;
}

/** The words of the CAPABILITY response in the session's present state. */
export function capabilities(session: Session, { isSecure, hasTls, requireTls }: Offer): string {
  if (session.state.name !== 'notAuthenticated') return [...BASE, ...AUTHENTICATED].join(' ');
  const words: string[] = [...BASE];
  if (hasTls && !isSecure) words.push('STARTTLS'); // RFC 3501 §6.2.1
  if (requireTls && !isSecure) words.push('LOGINDISABLED'); // RFC 3501 §6.2.3
  else words.push('AUTH=PLAIN', 'AUTH=LOGIN'); // RFC 4616
  return words.join(' ');
}

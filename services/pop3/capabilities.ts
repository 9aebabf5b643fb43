// What CAPA lists, each by the RFC that it comes from: all that is "both / no" in its template is the same before login and after.
import type { Context } from './handler';
import { mayHearPasswords } from './privacy';

export function capabilities(context: Context): string[] {
  const { session, node, exchange } = context;
  const words = ['TOP']; // RFC 2449 §6.1
  if (mayHearPasswords(context)) words.push('USER', 'SASL PLAIN'); // RFC 2449 §6.2, RFC 5034 §3; RFC 2595 §2.3
  words.push('UIDL'); // RFC 2449 §6.8
  if (node.tls && !exchange.isSecure && session.state.name === 'AUTHORIZATION') words.push('STLS'); // RFC 2595 §4
  words.push('PIPELINING', 'RESP-CODES'); // RFC 2449 §6.6, §6.4
  words.push('AUTH-RESP-CODE'); // RFC 3206 §6
  words.push('EXPIRE NEVER', 'IMPLEMENTATION Isomail'); // RFC 2449 §6.7, §6.9
  return words;
}

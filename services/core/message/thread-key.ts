// THREADID (RFC 8474 §5.2): messages whose thread starts with the same message id share a key.
import { createHash } from 'node:crypto';
import { firstValue, trimWhite, type Header } from './header';

/** The first `<...>` of a value, without its brackets and white space; null if there is none. */
function firstId(value: string | null): string | null {
  if (value === null) return null;
  const open = value.indexOf('<');
  const close = value.indexOf('>', open);
  const id = open === -1 || close === -1 ? '' : value.slice(open + 1, close).replaceAll(/[ \t]/g, '');
  return id === '' ? null : id;
}

/**
 * The first 10 octets of the SHA-256 of the first id in References, else in In-Reply-To, else of Message-ID; null if
 * the message names none.
 */
export function threadKey(header: Header): Uint8Array | null {
  const messageId = firstValue(header, 'message-id');
  const id = firstId(firstValue(header, 'references')) ?? firstId(firstValue(header, 'in-reply-to'))
    ?? firstId(messageId) ?? trimWhite(messageId ?? '');
  return id === '' ? null : new Uint8Array(createHash('sha256').update(id, 'latin1').digest().subarray(0, 10));
}

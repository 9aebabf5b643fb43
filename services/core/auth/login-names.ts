// What a login and a password are compared as: both prepared with SASLprep (RFC 4013, as RFC 4616 §2 asks), logins folded to lower case.
import { saslprep } from '@mongodb-js/saslprep';

const LOGIN_BYTES_MAX = 255;
/** Longer ones are no better, and each octet is hashed. */
const PASSWORD_BYTES_MAX = 1024;

// Logins are parts of mailbox names ("Other Users/<login>") and of LIST patterns.
const NOT_IN_LOGINS = /[/*%\\\p{Cc}\p{Cs}]/u;

/** The one form under which a login is stored and looked up; null if nobody can have this login. */
export function canonicalLogin(login: string): string | null {
  const prepared = prepare(login, LOGIN_BYTES_MAX);
  // Lower case may leave the normal form: prepare again, so that canonical means canonical.
  const folded = prepared === null ? null : prepare(prepared.toLowerCase(), LOGIN_BYTES_MAX);
  return folded === null || NOT_IN_LOGINS.test(folded) || folded !== folded.trim() ? null : folded;
}

/** The form in which a password is hashed; null if no account can have this password. */
export function canonicalPassword(password: string): string | null {
  return prepare(password, PASSWORD_BYTES_MAX);
}

function prepare(text: string, bytesMax: number): string | null {
  if (text.length > bytesMax) return null; // Before any work: one code unit has at least one octet.
  try {
    const prepared = saslprep(text);
    return prepared === '' || Buffer.byteLength(prepared) > bytesMax ? null : prepared;
  } catch {
    return null; // RFC 4013 §2.3–2.5: it has a code point that must not be there.
  }
}

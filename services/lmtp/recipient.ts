// From an address to an account: RCPT TO. `user+folder@domain` is the user's, wished into a folder.
import { domainToASCII, domainToUnicode } from 'node:url';
import { canonicalLogin } from '../core/auth/login-names';
import type { InTime } from '../core/runtime/in-time';
import type { Directory } from '../core/store/directory';
import { splitAddress } from './path';
import { disabledUser, unknownUser } from './reply';

export interface Recipient {
  /** As the sender gave it: what Delivered-To says. */
  readonly address: string;
  /** Whom it reaches, and where: addresses of one person, aliases too, are one recipient, who gets a message once. */
  readonly key: string;
  readonly login: string;
  readonly accountId: string;
  /** What the address wishes for behind its `+`, NFC; null: nothing. */
  readonly folder: string | null;
}

interface Candidate {
  readonly name: string;
  readonly folder: string | null;
}

/** Throws Reply if nobody has this address, or nobody who may get mail; Unavailable, Damaged. */
export async function findRecipient(directory: Directory, inTime: InTime, address: string): Promise<Recipient> {
  for (const { name, folder } of candidatesOf(address)) {
    const login = canonicalLogin(name);
    const entry = login === null ? null : await inTime(directory.get(login));
    if (!entry || (entry.removed && entry.aliasOf === null)) continue;
    const user = entry.aliasOf === null ? entry : await inTime(directory.get(entry.aliasOf));
    if (!user || user.removed) throw unknownUser();
    if (user.disabled) throw disabledUser();
    return { address, key: JSON.stringify([user.login, folder]), login: user.login, accountId: user.accountId, folder };
  }
  throw unknownUser();
}

/**
 * Whom an address may mean, first come first served: the whole address before the local part alone (which domains are ours is for the
 * mail server before us to know), and each with its `+` before the `+` means a folder.
 */
function candidatesOf(address: string): Candidate[] {
  const parts = splitAddress(address);
  if (parts === null) return [];
  const { local, domain } = parts;
  const plus = local.indexOf('+');
  const locals: Candidate[] = [{ name: local, folder: null }];
  if (plus > 0) locals.push({ name: local.slice(0, plus), folder: local.slice(plus + 1).normalize('NFC') || null });
  const whole = formsOf(domain ?? '').flatMap((each) => locals.map(({ name, folder }) => ({ name: `${name}@${each}`, folder })));
  return [...whole, ...locals];
}

/** A domain as it is written, in ASCII (RFC 5890 §2.3.2.1) and in Unicode: logins may have either. */
function formsOf(domain: string): string[] {
  const written = domain.toLowerCase();
  return [...new Set([written, domainToASCII(written), domainToUnicode(written)])].filter((form) => form !== '');
}

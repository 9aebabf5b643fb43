// From an address to an account: RCPT TO. `user+folder@domain` is the user's, wished into a folder.
import { domainToASCII } from 'node:url';
import { canonicalLogin } from '../core/auth/login-names';
import type { InTime } from '../core/runtime/in-time';
import type { Directory } from '../core/store/directory';
import { disabledUser, unknownUser } from './reply';

export interface Recipient {
  /** As the sender gave it, its domain in ASCII: what Delivered-To says. */
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
    return { address: inAscii(address), key: JSON.stringify([user.login, folder]), login: user.login, accountId: user.accountId, folder };
  }
  throw unknownUser();
}

/**
 * Whom an address may mean, first come first served: the whole address before the local part alone (which domains are ours is for the
 * mail server before us to know), and each with its `+` before the `+` means a folder.
 */
function candidatesOf(address: string): Candidate[] {
  const at = address.lastIndexOf('@');
  const local = unquoted(at === -1 ? address : address.slice(0, at));
  const domain = at === -1 ? null : address.slice(at + 1);
  const plus = local.indexOf('+');
  const locals: Candidate[] = [{ name: local, folder: null }];
  if (plus > 0) locals.push({ name: local.slice(0, plus), folder: local.slice(plus + 1).normalize('NFC') || null });
  const domains = domain === null ? [] : new Set([domain, asciiDomain(domain)]);
  const whole = [...domains].flatMap((each) => locals.map(({ name, folder }) => ({ name: `${name}@${each}`, folder })));
  return [...whole, ...locals];
}

/** RFC 5321 §4.1.2: "joe" and joe are one local part. */
function unquoted(local: string): string {
  const quoted = /^"((?:[^"\\]|\\.)+)"$/.exec(local)?.[1];
  return quoted === undefined ? local : quoted.replaceAll(/\\(.)/g, '$1');
}

/** An address whose domain is ASCII: smtp-server has made Unicode of what came as `xn--`. */
export function inAscii(address: string): string {
  const at = address.lastIndexOf('@');
  return at === -1 ? address : `${address.slice(0, at)}@${asciiDomain(address.slice(at + 1))}`;
}

function asciiDomain(domain: string): string {
  // What is ASCII stays as it is; '' stands for what is no domain name.
  return /^\p{ASCII}*$/u.test(domain) ? domain : domainToASCII(domain) || domain;
}

// Flags as small numbers: 0–4 are the system flags, 5 + k is the account's keyword k. A number is never reused.

/** A flag's number in its account. */
export type FlagNumber = number;

export const systemFlags = ['\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft'] as const;
export const SEEN: FlagNumber = 0;
export const DELETED: FlagNumber = 3;
export const FIRST_KEYWORD: FlagNumber = systemFlags.length;

/** The flag's name on the wire; `keywords` is the account's dictionary. */
export function flagName(flag: FlagNumber, keywords: readonly string[]): string {
  return flag < FIRST_KEYWORD ? systemFlags[flag]! : keywords[flag - FIRST_KEYWORD]!;
}

/** The number of a flag, or null if the account does not know such a keyword. Flags fold case (RFC 3501 §2.3.2). */
export function flagNumber(name: string, keywords: readonly string[]): FlagNumber | null {
  const folded = name.toLowerCase();
  const system = systemFlags.findIndex((flag) => flag.toLowerCase() === folded);
  if (system !== -1) return system;
  const keyword = keywords.findIndex((known) => known.toLowerCase() === folded);
  return keyword === -1 ? null : FIRST_KEYWORD + keyword;
}

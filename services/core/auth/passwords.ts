// Passwords at rest: argon2id in PHC strings.
import { hash, verify } from '@node-rs/argon2';
import { Damaged } from '../runtime/errors';

export interface PasswordHasher {
  /** A PHC string with a fresh salt. */
  hash(password: string): Promise<string>;
  /** Throws Damaged if `phc` is no PHC string. */
  verify(phc: string, password: string): Promise<boolean>;
}

/** OWASP's least for argon2id: 19 MiB, two passes, one lane. About 15 ms. */
const COST = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

export const argon2id: PasswordHasher = {
  hash: (password) => hash(password, COST),
  verify: async (phc, password) => {
    try {
      return await verify(phc, password);
    } catch (cause) {
      throw new Damaged('a stored password hash cannot be read', { cause });
    }
  },
};

/**
 * Of random bytes that were thrown away: what is checked for logins that nobody has, so that they take as long as others.
 * Its costs must be those of COST.
 */
export const DECOY_HASH = '$argon2id$v=19$m=19456,t=2,p=1$D78sNP56hyXTdTIV1nHG9w$YUBCwqERngXTX7zdhrNzhdeYS/SNSyaH5/cFD8YNizA';

// From a login and a password to an account that may be used: the way in for every protocol in which people sign in.
import type { AccountLease, Accounts } from '../account/accounts';
import { Refusal } from '../runtime/errors';
import type { SignIn } from './sign-in';

/** Who is signed in. The lease must be released. */
export interface User {
  /** In its canonical form. */
  readonly login: string;
  readonly lease: AccountLease;
}

export interface EntrancePorts {
  readonly signIn: SignIn;
  readonly accounts: Accounts;
}

/**
 * Signs in and opens the account, read consistently after the password was found right. `address`: the peer's, without port.
 * Throws what SignIn.signIn and Accounts.open throw; an account that is gone or disabled is a wrong password to whoever asks.
 */
export async function enterAccount({ signIn, accounts }: EntrancePorts, login: string, password: string, address: string): Promise<User> {
  const signedIn = await signIn.signIn(login, password, address);
  const lease = await accounts.open(signedIn.accountId);
  try {
    await lease.account.refresh();
    const { state } = lease.account;
    if (state.deleted || state.disabled) throw new Refusal('AUTHENTICATIONFAILED', 'the login or the password is wrong');
  } catch (error) {
    lease.release();
    throw error;
  }
  return { login: signedIn.login, lease };
}

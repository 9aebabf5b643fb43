// Who may come in. Unknown logins, wrong passwords and disabled accounts are one and the same to whoever asks: same text, same work.
import type { Clock } from '../runtime/clock';
import { Refusal } from '../runtime/errors';
import { inTimeBy, type InTime } from '../runtime/in-time';
import type { Random } from '../runtime/random';
import type { Directory, DirectoryEntry } from '../store/directory';
import { canonicalLogin, canonicalPassword } from './login-names';
import { networkPrefix } from './network-prefix';
import { DECOY_HASH, argon2id, type PasswordHasher } from './passwords';
import { RememberedPasswords } from './remembered-passwords';
import { SlowDown, type Judgement } from './slow-down';
import { Turnstile } from '../runtime/turnstile';

/** Each holds 19 MiB and one of libuv's four threads, which files need too. */
const HASHES_AT_ONCE = 2;
/** A wait of some two seconds. */
const HASHES_WAITING_MAX = 200;

export interface SignedIn {
  /** In its canonical form. */
  readonly login: string;
  readonly accountId: string;
}

/** How an attempt ended, for counting. */
export type SignInResult = 'ok' | 'failed' | 'slowed' | 'unavailable';

export class SignIn {
  private readonly slowDown: SlowDown;
  private readonly remembered: RememberedPasswords;
  private readonly turnstile = new Turnstile(HASHES_AT_ONCE, HASHES_WAITING_MAX, 'too many are signing in at this moment; try again');
  private readonly inTime: InTime;

  constructor(
    private readonly directory: Directory,
    clock: Clock,
    random: Random,
    private readonly hasher: PasswordHasher = argon2id,
    private readonly onAttempt: (result: SignInResult) => void = () => {},
  ) {
    this.inTime = inTimeBy(clock);
    this.slowDown = new SlowDown(clock);
    this.remembered = new RememberedPasswords(clock, random);
  }

  /**
   * `address`: the peer's, without port. Throws Refusal AUTHENTICATIONFAILED or, after many failures, LIMIT; Unavailable if the
   * directory does not answer or too many sign in at once.
   */
  async signIn(login: string, password: string, address: string): Promise<SignedIn> {
    const name = canonicalLogin(login);
    const secret = canonicalPassword(password);
    const key = `${name ?? ''} ${networkPrefix(address)}`;
    await this.slowDown.enter(key).catch(this.counted('slowed'));
    let judgement: Judgement = 'undecided';
    let entry: DirectoryEntry | null;
    try {
      entry = await this.judge(name, secret).catch(this.counted('unavailable'));
      judgement = entry ? 'right' : 'wrong';
    } finally {
      this.slowDown.leave(key, judgement);
    }
    if (!entry) return this.counted('failed')(new Refusal('AUTHENTICATIONFAILED', 'the login or the password is wrong'));
    this.onAttempt('ok');
    return { login: entry.login, accountId: entry.accountId };
  }

  private counted(result: SignInResult): (error: unknown) => never {
    return (error) => {
      this.onAttempt(result);
      throw error;
    };
  }

  /** The entry, if this is its password and it may be used. The directory is always asked, so that a change acts at once. */
  private async judge(name: string | null, secret: string | null): Promise<DirectoryEntry | null> {
    const entry = name === null ? null : await this.inTime(this.directory.get(name));
    const candidate = entry && secret !== null && isUsable(entry) ? { entry, secret } : null;
    if (candidate && this.remembered.has(candidate.entry, candidate.secret)) return candidate.entry;
    const hash = candidate?.entry.passwordHash ?? DECOY_HASH;
    const isRight = await this.turnstile.pass(() => this.hasher.verify(hash, secret ?? ''));
    if (!candidate || !isRight) return null;
    this.remembered.remember(candidate.entry, candidate.secret);
    return candidate.entry;
  }
}

function isUsable({ disabled, removed, passwordHash }: DirectoryEntry): boolean {
  return !disabled && !removed && passwordHash !== null;
}

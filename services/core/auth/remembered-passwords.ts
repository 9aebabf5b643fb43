// Passwords that were found right a moment ago, as keyed digests: a client that opens five connections costs one argon2.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../runtime/clock';
import type { Random } from '../runtime/random';
import type { DirectoryEntry } from '../store/directory';

const REMEMBER_MS = 5 * 60_000;
const LOGINS_MAX = 20_000;

interface Remembered {
  readonly digest: Uint8Array;
  readonly untilMs: number;
}

export class RememberedPasswords {
  private readonly known = new LRUCache<string, Remembered>({ max: LOGINS_MAX });
  private readonly key: Uint8Array;

  constructor(
    private readonly clock: Clock,
    random: Random,
  ) {
    this.key = random.bytes(32);
  }

  /** True if this password was right for this very credential: another version of it makes another digest. */
  has(entry: DirectoryEntry, password: string): boolean {
    const remembered = this.known.get(entry.login);
    if (!remembered || remembered.untilMs <= this.clock.monotonicMs()) return false;
    return timingSafeEqual(remembered.digest, this.digest(entry, password));
  }

  remember(entry: DirectoryEntry, password: string): void {
    this.known.set(entry.login, { digest: this.digest(entry, password), untilMs: this.clock.monotonicMs() + REMEMBER_MS });
  }

  private digest({ accountId, credentialVersion, passwordHash }: DirectoryEntry, password: string): Buffer {
    return createHmac('sha256', this.key).update(JSON.stringify([accountId, credentialVersion, passwordHash, password])).digest();
  }
}

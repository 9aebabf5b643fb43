// The people of an installation: their directory entries and their accounts' logs, kept in step. Each step leaves a state from which
// the same command, given again, goes on.
import type { Account } from '../core/account/account';
import type { Accounts } from '../core/account/accounts';
import { createAccount, deleteAccount, disableAccount } from '../core/account/decide/folders';
import { encodePointer, firstPointer } from '../core/log/pointer';
import { inTimeBy, type InTime } from '../core/runtime/in-time';
import { sleep, type Clock } from '../core/runtime/clock';
import { FateUnknown, Refusal, Unavailable } from '../core/runtime/errors';
import { limits } from '../core/runtime/limits';
import { randomHex, type Random } from '../core/runtime/random';
import type { Directory, DirectoryEntry, VersionedDirectoryEntry } from '../core/store/directory';
import type { LogStore } from '../core/store/log-store';
import { canonicalLogin, canonicalPassword } from '../core/auth/login-names';
import { argon2id, type PasswordHasher } from '../core/auth/passwords';

export interface UserPorts {
  readonly directory: Directory;
  readonly log: LogStore;
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly random: Random;
}

/** Puts of one entry before its fate counts as unknown; each may take limits.storeRequestMs. */
const PUT_ATTEMPTS = 5;
/** Lost races of one edit before it is given up: each means that another's edit went through. */
const EDIT_ATTEMPTS = 20;

export class Users {
  private readonly inTime: InTime;

  constructor(
    private readonly ports: UserPorts,
    private readonly hasher: PasswordHasher = argon2id,
  ) {
    this.inTime = inTimeBy(ports.clock);
  }

  /** The entry of a login that has an account. Refuses with NONEXISTENT. */
  async find(login: string): Promise<VersionedDirectoryEntry> {
    const entry = await this.lookUp(requireLogin(login));
    if (!entry || entry.removed) throw new Refusal('NONEXISTENT', `there is no user ${login}`);
    return entry;
  }

  /** Everyone who has an account, by login. */
  async list(): Promise<VersionedDirectoryEntry[]> {
    const entries: VersionedDirectoryEntry[] = [];
    for await (const entry of this.ports.directory.list()) if (!entry.removed) entries.push(entry);
    return entries.sort((a, b) => (a.login < b.login ? -1 : 1));
  }

  /**
   * Makes an account with its first mailboxes. First the log, then the entry that leads to it: a crash between leaves a log that nobody
   * can reach. Refuses with ALREADYEXISTS, CANNOT (the login or the password cannot be).
   */
  async add(login: string, password: string, quotaBytes: number | null = null): Promise<DirectoryEntry> {
    const name = requireLogin(login);
    const passwordHash = await this.hasher.hash(requirePassword(password));
    const former = await this.lookUp(name);
    if (former && !former.removed) throw new Refusal('ALREADYEXISTS', `the user ${name} exists`);
    const highestUidValidity = former?.highestUidValidity ?? 0;
    const accountId = randomHex(this.ports.random, 16);
    await this.makeLog(accountId, name, quotaBytes, highestUidValidity);
    const credentialVersion = (former?.credentialVersion ?? 0) + 1;
    const entry: DirectoryEntry = { login: name, accountId, passwordHash, credentialVersion, disabled: false, removed: false, highestUidValidity };
    if (!(await this.put(entry, former?.version ?? 0))) throw new Refusal('ALREADYEXISTS', `the user ${name} was made by somebody else just now`);
    return entry;
  }

  async setPassword(login: string, password: string): Promise<void> {
    const passwordHash = await this.hasher.hash(requirePassword(password));
    await this.edit(login, (entry) => ({ ...entry, passwordHash, credentialVersion: entry.credentialVersion + 1 }));
  }

  /** The directory keeps new sessions out; the record in the log ends those that are there. */
  async disable(login: string): Promise<void> {
    const { accountId } = await this.edit(login, (entry) => ({ ...entry, disabled: true }));
    await this.withAccount(accountId, (account) => account.commit(disableAccount(true)));
  }

  async enable(login: string): Promise<void> {
    const { accountId } = await this.find(login);
    await this.withAccount(accountId, (account) => account.commit(disableAccount(false)));
    await this.edit(login, (entry) => ({ ...entry, disabled: false }));
  }

  /**
   * Ends the account in its log first: every writer loses its race against that, so its highest UIDVALIDITY is final when it is kept for
   * whoever has the login next.
   */
  async remove(login: string): Promise<void> {
    const { accountId } = await this.find(login);
    const highest = await this.withAccount(accountId, (account) => account.commit(deleteAccount()));
    await this.edit(login, (entry) => {
      if (entry.accountId !== accountId) throw new Refusal('INUSE', `the user ${entry.login} was made anew just now`);
      const highestUidValidity = Math.max(entry.highestUidValidity, highest);
      return { ...entry, passwordHash: null, credentialVersion: entry.credentialVersion + 1, removed: true, highestUidValidity };
    });
  }

  /** The account of a user, for as long as `work` takes. */
  async withAccount<T>(accountId: string, work: (account: Account) => Promise<T>): Promise<T> {
    const lease = await this.ports.accounts.open(accountId);
    try {
      return await work(lease.account);
    } finally {
      lease.release();
    }
  }

  private async makeLog(accountId: string, login: string, quotaBytes: number | null, highestUidValidity: number): Promise<void> {
    const { log } = this.ports;
    await this.inTime(log.movePointer(accountId, 0, encodePointer(firstPointer)));
    await this.withAccount(accountId, (account) => account.commit(createAccount(login, quotaBytes, highestUidValidity)));
  }

  /** Changes the entry as it is when the change is stored. Refuses with NONEXISTENT, INUSE. */
  private async edit(login: string, change: (entry: DirectoryEntry) => DirectoryEntry): Promise<DirectoryEntry> {
    for (let attempt = 0; attempt < EDIT_ATTEMPTS; attempt += 1) {
      const { version, ...entry } = await this.find(login);
      const changed = change(entry);
      if (sameEntry(changed, entry) || (await this.put(changed, version))) return changed;
    }
    throw new Refusal('INUSE', `others keep changing the user ${login}; try again`);
  }

  /**
   * True if `entry` is stored as version `from + 1`. A put of which nobody heard is read back, and sent again if it is not there: it
   * carries the version that it replaces, so it cannot be stored twice. Throws FateUnknown.
   */
  private async put(entry: DirectoryEntry, from: number): Promise<boolean> {
    const { directory, clock, random } = this.ports;
    for (let attempt = 0; attempt < PUT_ATTEMPTS; attempt += 1) {
      try {
        if ((await this.inTime(directory.put(entry, from))) === 'stored') return true;
        const stored = await this.lookUp(entry.login);
        return stored !== null && stored.version === from + 1 && sameEntry(stored, entry);
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        await sleep(clock, limits.retryPauseMaxMs * random.fraction());
      }
    }
    throw new FateUnknown(`the directory does not tell whether the change of ${entry.login} was stored; look, and if need be try again`);
  }

  private lookUp(login: string): Promise<VersionedDirectoryEntry | null> {
    return this.inTime(this.ports.directory.get(login));
  }
}

function sameEntry(a: DirectoryEntry, b: DirectoryEntry): boolean {
  return fieldsOf(a) === fieldsOf(b);
}

function fieldsOf(entry: DirectoryEntry): string {
  const { login, accountId, passwordHash, credentialVersion, disabled, removed, highestUidValidity } = entry;
  return JSON.stringify([login, accountId, passwordHash, credentialVersion, disabled, removed, highestUidValidity]);
}

function requireLogin(login: string): string {
  const name = canonicalLogin(login);
  if (name === null) throw new Refusal('CANNOT', 'a login has 1 to 255 octets, no / * % \\, no control characters and no space at its ends');
  return name;
}

function requirePassword(password: string): string {
  const prepared = canonicalPassword(password);
  if (prepared === null) throw new Refusal('CANNOT', 'a password has 1 to 1024 octets and no control characters (RFC 4013)');
  return prepared;
}

// The people of an installation: their directory entries and their accounts' logs, kept in step. Each step leaves a state from which
// the same command, given again, goes on.
import type { Account } from '../core/account/account';
import type { Accounts } from '../core/account/accounts';
import { createAccount, deleteAccount, disableAccount, type Quota } from '../core/account/decide/folders';
import { encodePointer, firstPointer } from '../core/log/pointer';
import { inTimeBy } from '../core/runtime/in-time';
import { Refusal } from '../core/runtime/errors';
import { randomHex } from '../core/runtime/random';
import type { DirectoryEntry, VersionedDirectoryEntry } from '../core/store/directory';
import type { LogStore } from '../core/store/log-store';
import { canonicalPassword } from '../core/auth/login-names';
import { argon2id, type PasswordHasher } from '../core/auth/passwords';
import { DirectoryEdits, requireLogin, type DirectoryPorts } from './directory-edits';

export interface UserPorts extends DirectoryPorts {
  readonly log: LogStore;
  readonly accounts: Accounts;
}

export class Users {
  private readonly edits: DirectoryEdits;

  constructor(
    private readonly ports: UserPorts,
    private readonly hasher: PasswordHasher = argon2id,
  ) {
    this.edits = new DirectoryEdits(ports);
  }

  /** The entry of a login that has an account. Refuses with NONEXISTENT. */
  async find(login: string): Promise<VersionedDirectoryEntry> {
    return present(await this.edits.lookUp(requireLogin(login)), login);
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
  async add(login: string, password: string, quota: Partial<Quota> = {}): Promise<DirectoryEntry> {
    const name = requireLogin(login);
    const passwordHash = await this.hasher.hash(requirePassword(password));
    const former = await this.edits.lookUp(name);
    if (former && !former.removed) throw new Refusal('ALREADYEXISTS', `the user ${name} exists`);
    if (former && former.aliasOf !== null) throw new Refusal('ALREADYEXISTS', `${name} is an alias of ${former.aliasOf}: remove it first`);
    const highestUidValidity = former?.highestUidValidity ?? 0;
    const accountId = randomHex(this.ports.random, 16);
    await this.makeLog(accountId, name, quota, highestUidValidity);
    const credentialVersion = (former?.credentialVersion ?? 0) + 1;
    const entry: DirectoryEntry = { login: name, accountId, passwordHash, credentialVersion, disabled: false, removed: false, highestUidValidity, aliasOf: null };
    if (!(await this.edits.put(entry, former?.version ?? 0))) throw new Refusal('ALREADYEXISTS', `the user ${name} was made by somebody else just now`);
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

  private async makeLog(accountId: string, login: string, { quotaBytes = null, quotaMessages = null }: Partial<Quota>, highestUidValidity: number): Promise<void> {
    const { log, clock } = this.ports;
    await inTimeBy(clock)(log.movePointer(accountId, 0, encodePointer(firstPointer)));
    await this.withAccount(accountId, (account) => account.commit(createAccount(login, quotaBytes, highestUidValidity, quotaMessages)));
  }

  /** Changes the entry of a user as it is when the change is stored. Refuses with NONEXISTENT, INUSE. */
  private edit(login: string, change: (entry: DirectoryEntry) => DirectoryEntry): Promise<DirectoryEntry> {
    return this.edits.edit(requireLogin(login), (entry) => change(present(entry, login)));
  }
}

/** Refuses with NONEXISTENT where there is no account behind the entry. */
function present<Entry extends DirectoryEntry>(entry: Entry | null, login: string): Entry {
  if (entry && entry.aliasOf !== null) throw new Refusal('NONEXISTENT', `there is no user ${login}: it is an alias of ${entry.aliasOf}`);
  if (!entry || entry.removed) throw new Refusal('NONEXISTENT', `there is no user ${login}`);
  return entry;
}

function requirePassword(password: string): string {
  const prepared = canonicalPassword(password);
  if (prepared === null) throw new Refusal('CANNOT', 'a password has 1 to 1024 octets and no control characters (RFC 4013)');
  return prepared;
}

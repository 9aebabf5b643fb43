// Addresses that lead to somebody else's account: an alias is an entry of the directory under its own name, which names one login. The
// names of users and of aliases are one space, so that nothing can be both.
import { Refusal } from '../core/runtime/errors';
import type { DirectoryEntry } from '../core/store/directory';
import { DirectoryEdits, requireLogin, type DirectoryPorts } from './directory-edits';

export interface Alias {
  readonly address: string;
  readonly login: string;
  /** False: nobody has this login any more, and mail to the alias is refused. */
  readonly leadsSomewhere: boolean;
}

export class Aliases {
  private readonly edits: DirectoryEdits;

  constructor(private readonly ports: DirectoryPorts) {
    this.edits = new DirectoryEdits(ports);
  }

  /**
   * Mail to `address` goes to the user `login` from now on; nothing changes if it does already. Refuses with NONEXISTENT (there is no
   * such user), CANNOT (`login` is an alias itself, or the name cannot be), ALREADYEXISTS (`address` is a user, or leads to another).
   */
  async add(address: string, login: string): Promise<Alias> {
    const name = requireLogin(address);
    const target = requireLogin(login);
    await this.edits.edit(name, async (entry) => {
      if (entry && !entry.removed) throw new Refusal('ALREADYEXISTS', `${name} is a user`);
      const leadsTo = entry?.aliasOf ?? target;
      if (leadsTo !== target) throw new Refusal('ALREADYEXISTS', `${name} is an alias of ${leadsTo}: remove it first`);
      await this.requireUser(target);
      return { ...(entry ?? neverAUser(name)), aliasOf: target };
    });
    return { address: name, login: target, leadsSomewhere: true };
  }

  /** By address. */
  async list(): Promise<Alias[]> {
    const users = new Set<string>();
    const found: { readonly address: string; readonly login: string }[] = [];
    for await (const { login, removed, aliasOf } of this.ports.directory.list()) {
      if (!removed) users.add(login);
      if (aliasOf !== null) found.push({ address: login, login: aliasOf });
    }
    return found.map((alias) => ({ ...alias, leadsSomewhere: users.has(alias.login) })).sort((a, b) => (a.address < b.address ? -1 : 1));
  }

  /** Refuses with NONEXISTENT. */
  async remove(address: string): Promise<void> {
    const name = requireLogin(address);
    await this.edits.edit(name, (entry) => {
      if (!entry || entry.aliasOf === null) throw new Refusal('NONEXISTENT', `there is no alias ${name}`);
      return { ...entry, aliasOf: null };
    });
  }

  private async requireUser(login: string): Promise<void> {
    const entry = await this.edits.lookUp(login);
    if (entry && entry.aliasOf !== null) throw new Refusal('CANNOT', `${login} is itself an alias of ${entry.aliasOf}: name that`);
    if (!entry || entry.removed) throw new Refusal('NONEXISTENT', `there is no user ${login}`);
  }
}

/** `removed`, so that whatever knows nothing of aliases lets nobody in by it. */
function neverAUser(login: string): DirectoryEntry {
  return { login, accountId: '', passwordHash: null, credentialVersion: 0, disabled: false, removed: true, highestUidValidity: 0, aliasOf: null };
}

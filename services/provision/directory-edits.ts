// Changing entries of the directory, whoever else does so at the same time, and whatever becomes of an answer.
import { canonicalLogin } from '../core/auth/login-names';
import { sleep, type Clock } from '../core/runtime/clock';
import { FateUnknown, Refusal, Unavailable } from '../core/runtime/errors';
import { inTimeBy, type InTime } from '../core/runtime/in-time';
import { limits } from '../core/runtime/limits';
import type { Random } from '../core/runtime/random';
import type { Directory, DirectoryEntry, VersionedDirectoryEntry } from '../core/store/directory';

export interface DirectoryPorts {
  readonly directory: Directory;
  readonly clock: Clock;
  readonly random: Random;
}

/** Puts of one entry before its fate counts as unknown; each may take limits.storeRequestMs. */
const PUT_ATTEMPTS = 5;
/** Lost races of one edit before it is given up: each means that another's edit went through. */
const EDIT_ATTEMPTS = 20;

export class DirectoryEdits {
  private readonly inTime: InTime;

  constructor(private readonly ports: DirectoryPorts) {
    this.inTime = inTimeBy(ports.clock);
  }

  /** `name` in its canonical form. Throws Unavailable. */
  lookUp(name: string): Promise<VersionedDirectoryEntry | null> {
    return this.inTime(this.ports.directory.get(name));
  }

  /**
   * Stores what `change` makes of the entry as it is when that is stored; `change` may refuse, and is called again after a lost race.
   * Refuses with INUSE. Throws FateUnknown, Unavailable.
   */
  async edit(name: string, change: (entry: DirectoryEntry | null) => DirectoryEntry | Promise<DirectoryEntry>): Promise<DirectoryEntry> {
    for (let attempt = 0; attempt < EDIT_ATTEMPTS; attempt += 1) {
      const known = await this.lookUp(name);
      const entry = known === null ? null : withoutVersion(known);
      const changed = await change(entry);
      if ((entry && sameEntry(changed, entry)) || (await this.put(changed, known?.version ?? 0))) return changed;
    }
    throw new Refusal('INUSE', `others keep changing the entry of ${name}; try again`);
  }

  /**
   * True if `entry` is stored as version `from + 1`. A put of which nobody heard is read back, and sent again if it is not there: it
   * carries the version that it replaces, so it cannot be stored twice. Throws FateUnknown.
   */
  async put(entry: DirectoryEntry, from: number): Promise<boolean> {
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
}

/** The canonical form of what may be a login, or an alias. Refuses with CANNOT. */
export function requireLogin(login: string): string {
  const name = canonicalLogin(login);
  if (name === null) throw new Refusal('CANNOT', 'a login has 1 to 255 octets, no / * % \\, no control characters and no space at its ends');
  return name;
}

function withoutVersion({ version: _version, ...entry }: VersionedDirectoryEntry): DirectoryEntry {
  return entry;
}

function sameEntry(a: DirectoryEntry, b: DirectoryEntry): boolean {
  return fieldsOf(a) === fieldsOf(b);
}

function fieldsOf(entry: DirectoryEntry): string {
  const { login, accountId, passwordHash, credentialVersion, disabled, removed, highestUidValidity, aliasOf } = entry;
  return JSON.stringify([login, accountId, passwordHash, credentialVersion, disabled, removed, highestUidValidity, aliasOf]);
}

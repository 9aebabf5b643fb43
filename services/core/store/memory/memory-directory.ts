// A directory in memory.
import type { Directory, DirectoryEntry, VersionedDirectoryEntry } from '../directory';
import type { MemoryTier } from './memory-tier';

export class MemoryDirectory implements Directory {
  constructor(private readonly tier: MemoryTier) {}

  async get(login: string): Promise<VersionedDirectoryEntry | null> {
    const entry = this.tier.directory.get(login);
    return entry === undefined ? null : { ...entry };
  }

  async put(entry: DirectoryEntry, from: number): Promise<'stored' | 'conflict'> {
    if ((this.tier.directory.get(entry.login)?.version ?? 0) !== from) return 'conflict';
    this.tier.directory.set(entry.login, { ...entry, version: from + 1 });
    return 'stored';
  }

  async *list(): AsyncIterable<VersionedDirectoryEntry> {
    for (const entry of this.tier.directory.values()) yield { ...entry };
  }

  async close(): Promise<void> {}
}

// The names of an account's mailboxes: a tree of ids, so that renaming any subtree is one small fact. Immutable.
import type { MailboxId } from '../runtime/numbers';
import { Damaged } from '../runtime/errors';
import type { SpecialUse } from './record';

/** The hierarchy separator on the wire and in names here. */
export const SEPARATOR = '/';

export interface Folder {
  readonly id: MailboxId;
  /** 0: top level. */
  readonly parent: MailboxId | 0;
  /** The last part of the name. */
  readonly name: string;
  readonly specialUse: SpecialUse | null;
  /** False: only a name for its children (\Noselect). */
  readonly selectable: boolean;
}

/** Ids are small and dense: a change copies one page of so many, and the list of pages. */
const PAGE = 64;
type Page = readonly (Folder | undefined)[];

export class FolderTree {
  static readonly empty = new FolderTree([], 0);

  private childrenMemo: Map<MailboxId | 0, Map<string, Folder>> | null = null;

  private constructor(
    private readonly pages: readonly Page[],
    readonly size: number,
  ) {}

  get(id: MailboxId): Folder | undefined {
    return this.pages[Math.floor(id / PAGE)]?.[id % PAGE];
  }

  /** The folder with this full name, selectable or not. */
  find(fullName: string): Folder | undefined {
    let folder: Folder | undefined;
    for (const part of fullName.split(SEPARATOR)) {
      folder = this.children().get(folder?.id ?? 0)?.get(part);
      if (!folder) return undefined;
    }
    return folder;
  }

  fullName(id: MailboxId): string {
    const parts: string[] = [];
    for (let at: MailboxId | 0 = id; at !== 0; ) {
      const folder: Folder | undefined = this.get(at);
      if (!folder || parts.length > this.size) throw new Damaged(`mailbox ${id} hangs on nothing`);
      parts.unshift(folder.name);
      at = folder.parent;
    }
    return parts.join(SEPARATOR);
  }

  childrenOf(id: MailboxId | 0): Folder[] {
    return [...(this.children().get(id)?.values() ?? [])];
  }

  hasChildren(id: MailboxId): boolean {
    return (this.children().get(id)?.size ?? 0) > 0;
  }

  /** Every folder with its full name, parents before children, siblings by name with INBOX first. */
  *walk(parent: MailboxId | 0 = 0, prefix = ''): Generator<readonly [fullName: string, Folder]> {
    const rank = (name: string): string => (parent === 0 && name === 'INBOX' ? '' : name);
    const siblings = this.childrenOf(parent).sort((a, b) => (rank(a.name) < rank(b.name) ? -1 : 1));
    for (const folder of siblings) {
      const fullName = prefix + folder.name;
      yield [fullName, folder];
      yield* this.walk(folder.id, fullName + SEPARATOR);
    }
  }

  /** A new folder, or another state of one. */
  with(folder: Folder): FolderTree {
    return this.put(folder.id, folder);
  }

  without(id: MailboxId): FolderTree {
    return this.put(id, undefined);
  }

  private put(id: MailboxId, folder: Folder | undefined): FolderTree {
    const [p, i] = [Math.floor(id / PAGE), id % PAGE];
    const page = this.pages[p]?.slice() ?? [];
    const size = this.size + (folder ? 1 : 0) - (page[i] ? 1 : 0);
    page[i] = folder;
    const pages = this.pages.slice();
    pages[p] = page;
    return new FolderTree(pages, size);
  }

  private children(): Map<MailboxId | 0, Map<string, Folder>> {
    if (this.childrenMemo) return this.childrenMemo;
    const children = new Map<MailboxId | 0, Map<string, Folder>>();
    for (const folder of this.pages.flat()) {
      if (!folder) continue;
      const siblings = children.get(folder.parent) ?? new Map<string, Folder>();
      children.set(folder.parent, siblings.set(folder.name, folder));
    }
    return (this.childrenMemo = children);
  }
}

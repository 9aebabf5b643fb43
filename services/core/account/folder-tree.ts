// The names of an account's mailboxes: a tree of ids, so that renaming any subtree is one small fact. Immutable.
import type { MailboxId } from '../runtime/numbers';
import { Damaged } from '../runtime/errors';
import { PagedList } from './paged-list';
import type { SpecialUse } from './record';
import { lowerBound } from '../runtime/lower-bound';

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

export class FolderTree {
  static readonly empty = new FolderTree(PagedList.empty(), PagedList.empty(), 0);

  private constructor(
    private readonly folders: PagedList<Folder>,
    /** By parent id, siblings by name. */
    private readonly children: PagedList<readonly Folder[]>,
    readonly size: number,
  ) {}

  get(id: MailboxId): Folder | undefined {
    return this.folders.get(id);
  }

  /** The folder with this full name, selectable or not. */
  find(fullName: string): Folder | undefined {
    let folder: Folder | undefined;
    for (const part of fullName.split(SEPARATOR)) {
      const siblings: readonly Folder[] = this.childrenOf(folder?.id ?? 0);
      const found = siblings[placeOf(part, siblings)];
      if (found?.name !== part) return undefined;
      folder = found;
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

  /** By name. */
  childrenOf(id: MailboxId | 0): readonly Folder[] {
    return this.children.get(id) ?? [];
  }

  hasChildren(id: MailboxId): boolean {
    return this.childrenOf(id).length > 0;
  }

  /** Every folder with its full name, parents before children, siblings by name with INBOX first. */
  *walk(parent: MailboxId | 0 = 0, prefix = ''): Generator<readonly [fullName: string, Folder]> {
    const siblings = this.childrenOf(parent);
    const isFirst = ({ name }: Folder): boolean => parent === 0 && name === 'INBOX';
    for (const folder of [...siblings.filter(isFirst), ...siblings.filter((sibling) => !isFirst(sibling))]) {
      const fullName = prefix + folder.name;
      yield [fullName, folder];
      yield* this.walk(folder.id, fullName + SEPARATOR);
    }
  }

  /** A new folder, or another state of one. */
  with(folder: Folder): FolderTree {
    const { folders, children, size } = this.without(folder.id);
    const siblings = children.get(folder.parent) ?? [];
    const grown = siblings.toSpliced(placeOf(folder.name, siblings), 0, folder);
    return new FolderTree(folders.with(folder.id, folder), children.with(folder.parent, grown), size + 1);
  }

  without(id: MailboxId): FolderTree {
    const folder = this.get(id);
    if (!folder) return this;
    const siblings = this.childrenOf(folder.parent);
    // A change may pass through a state in which two siblings have one name.
    const at = siblings.indexOf(folder, placeOf(folder.name, siblings));
    return new FolderTree(this.folders.with(id, undefined), this.children.with(folder.parent, siblings.toSpliced(at, 1)), this.size - 1);
  }
}

/** Where `name` is among its siblings, or would be. */
function placeOf(name: string, siblings: readonly Folder[]): number {
  return lowerBound(siblings.length, (i) => siblings[i]!.name < name);
}

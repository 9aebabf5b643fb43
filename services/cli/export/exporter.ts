// A whole account, as it is in one state, as a Maildir++: INBOX at the top, its other mailboxes in directories `.A.B` beside. A name
// without messages needs none.
import { join } from 'node:path';
import { mailboxById, type AccountState } from '../../core/account/account-state';
import type { Row } from '../../core/account/chunk';
import type { Folder } from '../../core/account/folder-tree';
import type { MessageBodies } from '../../core/account/message-bodies';
import { directoryName, mailboxName, subscriptionsFile } from '../maildir/folder-names';
import { madeFolder, markComplete, writeDurably } from './export-folder';
import { syncFolder } from '../../core/runtime/sync-folder';
import { exportFolder } from './folder-export';
import type { LeftOut } from './message-file';

export interface ExportResult {
  folders: number;
  messages: number;
  bytes: number;
  /** Messages that are not in the export, and why. */
  readonly leftOut: { readonly where: string; readonly what: string }[];
}

export interface ExportProgress {
  onMessage(): void;
  /** Something that whoever reads the Maildir should know. */
  say(line: string): void;
}

const INBOX = 'INBOX';
/** Of file systems everywhere. */
const NAME_BYTES_MAX = 255;

export class Exporter {
  private readonly result: ExportResult = { folders: 0, messages: 0, bytes: 0, leftOut: [] };
  /** Of mailboxes, by the directories that do not tell them. */
  private readonly names = new Map<string, string>();

  constructor(
    private readonly bodies: MessageBodies,
    private readonly accountId: string,
    private readonly state: AccountState,
    private readonly progress: ExportProgress,
  ) {}

  /** `top`: a claimed folder. Throws Unavailable, and what the file system throws. */
  async run(top: string): Promise<ExportResult> {
    for (const [name, folder] of this.state.tree.walk()) await this.exportMailbox(top, name, folder);
    await writeDurably(join(top, 'subscriptions'), subscriptionsFile(this.state.subscriptions));
    await markComplete(top, this.names);
    return this.result;
  }

  private async exportMailbox(top: string, name: string, folder: Folder): Promise<void> {
    const mailbox = mailboxById(this.state, folder.id);
    if (!mailbox) return;
    const isInbox = name === INBOX;
    const path = isInbox ? top : await this.makeDirectory(top, name, folder);
    for (const part of ['cur', 'new', 'tmp']) await madeFolder(join(path, part));
    if (!isInbox) await writeDurably(join(path, 'maildirfolder'), ''); // Maildir++: this is a folder, no account.
    await exportFolder({ mailbox, path, isInbox, accountId: this.accountId, dictionary: this.state.keywords }, this.bodies, {
      onMessage: (row, leftOut) => this.count(name, row, leftOut),
      onKeywordsWithoutLetter: (count) => this.progress.say(`${name}: ${count} keywords have no letter in a Maildir, which has 26: only isomail import will bring them back`),
    });
    await syncFolder(top);
    this.result.folders += 1;
  }

  private async makeDirectory(top: string, name: string, { id }: Folder): Promise<string> {
    const directory = directoryName(name);
    const tellsName = Buffer.byteLength(directory) <= NAME_BYTES_MAX && mailboxName(directory) === name;
    if (tellsName && (await madeFolder(join(top, directory)))) return join(top, directory);
    let other = `.isomail-${id}`;
    while (!(await madeFolder(join(top, other)))) other += '-';
    this.names.set(other, name);
    this.progress.say(`${name}: no directory can have this name; it is in ${other}, and only isomail import will know what it is called`);
    return join(top, other);
  }

  private count(name: string, { uid, sizeBytes }: Row, leftOut: LeftOut | null): void {
    this.progress.onMessage();
    if (leftOut) {
      const where = `${name} UID ${uid}`;
      this.result.leftOut.push({ where, what: leftOut.why });
      this.progress.say(`left out ${where}: ${leftOut.why}`);
      return;
    }
    this.result.messages += 1;
    this.result.bytes += sizeBytes;
  }
}

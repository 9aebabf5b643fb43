// Accounts that are exported and imported again, and all that can be seen of one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from '../../../services/core/account/account';
import { findMailbox, mailboxById } from '../../../services/core/account/account-state';
import { takeBody } from '../../../services/core/account/body-intake';
import type { Row } from '../../../services/core/account/chunk';
import { addMessages } from '../../../services/core/account/decide/add-messages';
import { flagName } from '../../../services/core/account/flag';
import { MessageBodies } from '../../../services/core/account/message-bodies';
import { claimFolder } from '../../../services/cli/export/export-folder';
import { Exporter, type ExportResult } from '../../../services/cli/export/exporter';
import { Importer, type ImportResult } from '../../../services/cli/import/importer';
import { openSource } from '../../../services/cli/import/open-source';
import { keptUids, newUids } from '../../../services/cli/import/placement';
import type { MemoryNode } from '../../support/memory-node';

export interface NewMail {
  /** Latin-1. */
  readonly text: string;
  readonly flags?: readonly string[];
  readonly internalDateMs?: number | null;
  readonly pop3Uidl?: string | null;
}

/** What an export or an import reported. */
export const said: string[] = [];

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'isomail-test-'));
}

export function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}

export async function withUser<T>(node: MemoryNode, login: string, work: (account: Account) => Promise<T>): Promise<T> {
  const { accountId } = await node.users.find(login);
  return node.users.withAccount(accountId, async (account) => {
    await account.refresh();
    return work(account);
  });
}

export function addMail(node: MemoryNode, login: string, mailbox: string, mail: NewMail): Promise<unknown> {
  return withUser(node, login, async (account) => {
    const body = await takeBody(node, account.id, Buffer.from(mail.text, 'latin1'));
    return account.commit(addMessages(mailbox, [{ ...body, flags: mail.flags ?? [], internalDateMs: mail.internalDateMs ?? null, pop3Uidl: mail.pop3Uidl ?? null }]));
  });
}

export async function exportTo(path: string, node: MemoryNode, login: string): Promise<ExportResult> {
  await claimFolder(path);
  return withUser(node, login, (account) => {
    const bodies = new MessageBodies(node.blobs, node.clock, account.id);
    return new Exporter(bodies, account.id, account.state, { onMessage: () => undefined, say: (line) => void said.push(line) }).run(path);
  });
}

function report(place: string, reason: string): void {
  said.push(`${place}: ${reason}`);
}

export async function importFrom(path: string, node: MemoryNode, login: string, keepsUids: boolean, mailbox: string | null = null): Promise<ImportResult> {
  const source = await openSource(path, mailbox, report);
  const placement = keepsUids ? keptUids(source, node.clock) : newUids;
  return withUser(node, login, (account) => new Importer(node, account, report, () => undefined, placement).run(source));
}

export interface SeenMessage {
  readonly uid: number;
  readonly text: string;
  readonly flags: readonly string[];
  readonly internalDateMs: number;
  /** As POP3 shows it. */
  readonly pop3Uidl: string;
}

export interface SeenMailbox {
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly messages: readonly SeenMessage[];
}

export interface SeenAccount {
  /** Null: only a name. */
  readonly mailboxes: Readonly<Record<string, SeenMailbox | null>>;
  readonly subscriptions: readonly string[];
}

export function see(node: MemoryNode, login: string): Promise<SeenAccount> {
  return withUser(node, login, async (account) => {
    const { state } = account;
    const bodies = new MessageBodies(node.blobs, node.clock, account.id);
    const seeMessage = async ({ uid, blobId, sizeBytes, flags, internalDateMs, pop3Uidl }: Row, uidValidity: number): Promise<SeenMessage> => ({
      uid,
      text: (await bodies.whole(blobId, { startByte: 0, endByte: sizeBytes })).toString('latin1'),
      flags: flags.map((flag) => flagName(flag, state.keywords)).sort(),
      internalDateMs,
      pop3Uidl: pop3Uidl ?? `${uidValidity}.${uid}`,
    });
    const mailboxes: [string, SeenMailbox | null][] = [];
    for (const [name, { id }] of state.tree.walk()) {
      const mailbox = mailboxById(state, id);
      const rows = Array.from({ length: mailbox?.exists ?? 0 }, (_, i) => mailbox!.at(i)!);
      const messages = await Promise.all(rows.map((row) => seeMessage(row, mailbox!.uidValidity)));
      mailboxes.push([name, mailbox ? { uidValidity: mailbox.uidValidity, uidNext: mailbox.uidNext, messages } : null]);
    }
    return { mailboxes: Object.fromEntries(mailboxes), subscriptions: [...state.subscriptions] };
  });
}

export function mailboxIn(account: Account, name: string) {
  return findMailbox(account.state, name)!.mailbox;
}

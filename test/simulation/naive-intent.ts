// The oracle's own idea of what each command does to an account, written apart from the production decisions.
import { hexOf } from './hex';
import type { AccountChange } from '../../services/core/account/record';
import type { Body, Intent } from './intent';
import type { NaiveAccount, NaiveMailbox, NaiveMessage } from './naive-account';
import { Refused, requireName, treeAfterCreate, treeAfterDelete, treeAfterRename, type Tree } from './naive-tree';

/** Either a refusal, or the facts that must come of it, sorted, and what the client is told. */
export type Expectation =
  | { readonly refused: string | null }
  | {
      readonly facts: readonly string[];
      /** The tree after it; null: as before. */
      readonly tree: Tree | null;
      readonly told: (after: NaiveAccount) => string;
    };

export function expectationOf(intent: Intent, account: NaiveAccount, timeMs: number): Expectation {
  try {
    return expected(intent, account, timeMs);
  } catch (error) {
    if (error instanceof Refused) return { refused: error.code };
    throw error;
  }
}

function expected(intent: Intent, account: NaiveAccount, timeMs: number): Expectation {
  if (account.deleted && intent.kind !== 'remove' && intent.kind !== 'update') throw new Refused('AUTHORIZATIONFAILED');
  switch (intent.kind) {
    case 'createAccount': {
      const names = ['INBOX', 'Archive', 'Drafts', 'Junk', 'Sent', 'Trash'];
      if (account.mailboxesMade > 0) return outcome([], 'done');
      const facts = [`login ${intent.login}`, ...names.map((name) => `subscribe ${name}`)];
      if (intent.quotaBytes !== null) facts.push(`quota ${intent.quotaBytes} null`);
      return outcome(facts, 'done', new Map(names.map((name) => [name, 'new'])));
    }
    case 'add':
      return add(account, intent.name, intent.messages, intent.deliveryId, timeMs);
    case 'store':
      return store(account, intent);
    case 'expunge': {
      const { id, messages } = mailboxOf(account, intent.mailbox);
      const gone = [...messages.values()].filter(({ uid, flags }) => flags.has('\\Deleted') && (intent.uids === null || intent.uids.includes(uid)));
      return outcome(gone.map(({ uid }) => `gone ${id} ${uid}`), `gone ${uidsOf(gone)}`);
    }
    case 'update': {
      const mailbox = account.deleted ? undefined : account.mailboxes.get(intent.mailbox);
      if (mailbox?.uidValidity !== intent.uidValidity) return outcome([], 'gone ');
      const all = [...mailbox.messages.values()];
      const gone = all.filter(({ uid }) => intent.deleted.includes(uid));
      const seen = all.filter(({ uid, flags }) => intent.retrieved.includes(uid) && !intent.deleted.includes(uid) && !flags.has('\\Seen'));
      const facts = [...seen.map(({ uid }) => `flag ${mailbox.id} ${uid} + \\Seen`), ...gone.map(({ uid }) => `gone ${mailbox.id} ${uid}`)];
      return outcome(facts, `gone ${uidsOf(gone)}`);
    }
    case 'copy':
    case 'move':
      return copy(account, intent);
    case 'create':
      return { facts: [], tree: treeAfterCreate(account.tree(), intent.name), told: (after) => `mailbox ${after.tree().get(intent.name)}` };
    case 'delete':
      return outcome([], 'done', treeAfterDelete(account.tree(), intent.name));
    case 'rename':
      return outcome([], 'done', treeAfterRename(account.tree(), intent.from, intent.to));
    case 'subscribe':
      requireName(intent.name);
      return outcome(account.subscriptions.has(intent.name) ? [] : [`subscribe ${intent.name}`], 'done');
    case 'unsubscribe':
      return outcome(account.subscriptions.has(intent.name) ? [`unsubscribe ${intent.name}`] : [], 'done');
    case 'quota': {
      const isSame = account.quotaBytes === intent.quotaBytes && account.quotaMessages === intent.quotaMessages;
      return outcome(isSame ? [] : [`quota ${intent.quotaBytes} ${intent.quotaMessages}`], 'done');
    }
    case 'disable':
      return outcome(account.disabled === intent.disabled ? [] : [`disabled ${intent.disabled}`], 'done');
    case 'remove':
      return outcome(account.deleted ? [] : ['removed'], `highest ${Math.max(...account.uidValidities)}`);
  }
}

function add(account: NaiveAccount, name: string, messages: readonly Body[], deliveryId: string | null, timeMs: number): Expectation {
  if (deliveryId !== null && account.deliveryIds.has(deliveryId)) return outcome([], 'duplicate');
  const target = targetOf(account, name);
  requireQuota(account, messages);
  const { facts, canonical } = learn(account, messages.flatMap(({ flags }) => flags));
  for (const [k, { blob, digest, sizeBytes, dateMs, flags }] of messages.entries()) {
    facts.push(addFact(target.id, { uid: target.uidNext + k, blob, digest, sizeBytes, dateMs: dateMs ?? timeMs, flags: new Set(flags.map(canonical)) }));
  }
  if (deliveryId !== null) facts.push(`delivered ${deliveryId}`);
  return outcome(facts, `${target.uidValidity}: ${messages.map((_, k) => target.uidNext + k).join(' ')}`);
}

function store(account: NaiveAccount, intent: Extract<Intent, { kind: 'store' }>): Expectation {
  const { id, messages } = mailboxOf(account, intent.mailbox);
  // What is removed need not be learnt.
  const isUnknown = (name: string): boolean => intent.edit.mode === 'remove' && !spellingsOf(account).has(name.toLowerCase());
  const flags = intent.edit.flags.filter((name) => !isUnknown(name));
  const { facts: learnt, canonical } = learn(account, flags);
  const named = new Set(flags.map(canonical));
  const [stored, modified]: [NaiveMessage[], NaiveMessage[]] = [[], []];
  const facts: string[] = [];
  for (const message of messages.values()) {
    if (!intent.uids.includes(message.uid)) continue;
    const plus = [...named].filter((flag) => intent.edit.mode !== 'remove' && !message.flags.has(flag));
    const minus = [...message.flags].filter((flag) => (intent.edit.mode === 'remove' ? named.has(flag) : intent.edit.mode === 'replace' && !named.has(flag)));
    const isNewer = intent.unchangedSince !== null && message.modSeq > intent.unchangedSince;
    if (isNewer && (intent.unchangedSince === 0 || plus.length + minus.length > 0)) {
      modified.push(message);
      continue;
    }
    stored.push(message);
    for (const flag of plus) facts.push(`flag ${id} ${message.uid} + ${flag}`);
    for (const flag of minus) facts.push(`flag ${id} ${message.uid} - ${flag}`);
  }
  return outcome(facts.length > 0 ? [...learnt, ...facts] : [], `stored ${uidsOf(stored)}, modified ${uidsOf(modified)}`);
}

function copy(account: NaiveAccount, intent: Extract<Intent, { kind: 'copy' | 'move' }>): Expectation {
  const source = mailboxOf(account, intent.mailbox);
  const target = targetOf(account, intent.name);
  const rows = [...source.messages.values()].filter(({ uid }) => intent.uids.includes(uid));
  if (rows.length > 0 && intent.kind === 'copy') requireQuota(account, rows, account.folders.get(target.id)!.specialUse === '\\Trash' ? 1.1 : 1);
  const facts = rows.map((row, k) => addFact(target.id, { ...row, uid: target.uidNext + k }));
  if (intent.kind === 'move') facts.push(...rows.map(({ uid }) => `gone ${source.id} ${uid}`));
  return outcome(facts, `${target.uidValidity}: ${uidsOf(rows)} to ${rows.map((_, k) => target.uidNext + k).join(' ')}`);
}

function requireQuota(account: NaiveAccount, messages: readonly { readonly sizeBytes: number }[], allowance = 1): void {
  const bytes = messages.reduce((sum, { sizeBytes }) => sum + sizeBytes, account.usedBytes);
  const isFull = account.quotaBytes !== null && bytes > account.quotaBytes * allowance;
  if (isFull || (account.quotaMessages !== null && account.usedMessages + messages.length > account.quotaMessages * allowance)) throw new Refused('OVERQUOTA');
}

function mailboxOf(account: NaiveAccount, id: number): NaiveMailbox {
  const mailbox = account.mailboxes.get(id);
  if (!mailbox) throw new Refused('NONEXISTENT');
  return mailbox;
}

function targetOf(account: NaiveAccount, name: string): NaiveMailbox {
  const id = account.tree().get(name) ?? null;
  if (id === null) throw new Refused('TRYCREATE');
  return account.mailboxOf(id);
}

const systemFlags = ['\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft'];

/** Flags fold case. */
const spellingsOf = (account: NaiveAccount): Map<string, string> => new Map([...systemFlags, ...account.keywords].map((name) => [name.toLowerCase(), name]));

/** The keywords that the account must learn, and each flag's name as the account spells it. */
function learn(account: NaiveAccount, names: readonly string[]): { facts: string[]; canonical: (name: string) => string } {
  const spellings = spellingsOf(account);
  const facts: string[] = [];
  for (const name of names) {
    if (spellings.has(name.toLowerCase())) continue;
    if (name.startsWith('\\')) throw new Refused('CANNOT');
    if (name.length > 64) throw new Refused('LIMIT');
    spellings.set(name.toLowerCase(), name);
    facts.push(`keyword ${name}`);
  }
  return { facts, canonical: (name) => spellings.get(name.toLowerCase())! };
}

function addFact(mailbox: number, message: Omit<NaiveMessage, 'modSeq'>): string {
  const { uid, blob, digest, sizeBytes, dateMs, flags } = message;
  return `add ${mailbox} ${uid} ${blob} ${digest} ${sizeBytes} ${dateMs} ${[...flags].sort().join(' ')}`;
}

function outcome(facts: readonly string[], told: string, tree: Tree | null = null): Expectation {
  return { facts: [...facts].sort(), tree, told: () => told };
}

const uidsOf = (messages: readonly NaiveMessage[]): string => messages.map(({ uid }) => uid).join(' ');

/** What a change of the log says, in the words of `Expectation.facts`; what it says of the tree is left out. To be called before it is applied. */
export function factsOf(change: AccountChange, account: NaiveAccount): string[] {
  const keywords = [...account.keywords];
  const nameOf = (flag: number): string => systemFlags[flag] ?? keywords[flag - systemFlags.length] ?? `flag ${flag}`;
  const facts = change.flatMap((record): string[] => {
    switch (record.kind) {
      case 'accountCreated':
        return [`login ${record.login}`];
      case 'accountDisabled':
        return [`disabled ${record.disabled}`];
      case 'accountDeleted':
        return ['removed'];
      case 'quotaSet':
        return [`quota ${record.quotaBytes} ${record.quotaMessages}`];
      case 'modSeqRaised':
        return [`mod-sequences from ${record.modSeq}`];
      case 'uidsSkipped':
        return [`UIDs of ${record.mailbox} from ${record.uidNext}`];
      case 'subscribed':
        return [`subscribe ${record.name}`];
      case 'unsubscribed':
        return [`unsubscribe ${record.name}`];
      case 'keywordsAdded':
        keywords.push(...record.names);
        return record.names.map((name) => `keyword ${name}`);
      case 'added':
        return record.messages.map(({ uid, blobId, digest, sizeBytes, internalDateMs: dateMs, flags }) =>
          addFact(record.mailbox, { uid, blob: hexOf(blobId), digest: hexOf(digest), sizeBytes, dateMs, flags: new Set(flags.map(nameOf)) }),
        );
      case 'flagged':
        return [...record.uids].map((uid) => `flag ${record.mailbox} ${uid} ${record.set ? '+' : '-'} ${nameOf(record.flag)}`);
      case 'expunged':
        return [...record.uids].map((uid) => `gone ${record.mailbox} ${uid}`);
      case 'delivered':
        return [`delivered ${hexOf(record.deliveryId)}`];
      case 'mailboxCreated':
      case 'mailboxRenamed':
      case 'mailboxEmptied':
      case 'mailboxDeleted':
        return [];
    }
  });
  return facts.sort();
}

// Compares the production fold of a whole log with the naive one.
import type { AccountState } from '../../services/core/account/account-state';
import { flagName } from '../../services/core/account/flag';
import { hexOf } from './hex';
import { Violation } from './history';
import type { NaiveAccount } from './naive-account';

/** Throws Violation where the two differ. */
export function compareFolds(state: AccountState, naive: NaiveAccount): void {
  compare('the folds differ', describe(state), describeNaive(naive));
}

function compare(what: string, production: readonly string[], naive: readonly string[]): void {
  for (let i = 0; i < Math.max(production.length, naive.length); i += 1) {
    if (production[i] !== naive[i]) throw new Violation(`${what}: production says "${production[i]}", naive "${naive[i]}"`);
  }
}

function describe(state: AccountState): string[] {
  const { login, disabled, deleted, quotaBytes, quotaMessages, usedBytes, usedMessages, subscriptions, keywords, tree, mailboxes, highestUidValidity } = state;
  const lines = [JSON.stringify({ login, disabled, deleted, quotaBytes, quotaMessages, usedBytes, usedMessages, keywords, made: mailboxes.length - 1, highestUidValidity })];
  lines.push([...subscriptions].sort().join(' '));
  lines.push(...[...tree.walk()].map(([name, { id, selectable }]) => `${name}=${selectable ? id : null}`).sort());
  for (const mailbox of mailboxes) {
    if (!mailbox) continue;
    lines.push(`${mailbox.id} ${mailbox.uidValidity} ${mailbox.highestModSeq}: ${mailbox.totalsRow.join(' ')}`);
    for (let i = 0; i < mailbox.exists; i += 1) {
      const { uid, blobId, digest, sizeBytes, internalDateMs, flags, modSeq } = mailbox.at(i)!;
      const names = flags.map((flag) => flagName(flag, keywords)).sort();
      lines.push(`${uid} ${hexOf(blobId)} ${hexOf(digest)} ${sizeBytes} ${internalDateMs} ${modSeq} ${names.join(' ')}`);
    }
  }
  return lines;
}

function describeNaive(naive: NaiveAccount): string[] {
  const { login, disabled, deleted, quotaBytes, quotaMessages, usedBytes, usedMessages, subscriptions, keywords, mailboxes, mailboxesMade: made, uidValidities } = naive;
  const highestUidValidity = Math.max(0, ...uidValidities);
  const lines = [JSON.stringify({ login, disabled, deleted, quotaBytes, quotaMessages, usedBytes, usedMessages, keywords, made, highestUidValidity })];
  lines.push([...subscriptions].sort().join(' '));
  lines.push(...[...naive.tree()].map(([name, id]) => `${name}=${id}`).sort());
  for (const [id, { uidValidity, highestModSeq, messages }] of [...mailboxes].sort(([a], [b]) => a - b)) {
    lines.push(`${id} ${uidValidity} ${highestModSeq}: ${naive.totals(id).join(' ')}`);
    for (const { uid, blob, digest, sizeBytes, dateMs, modSeq, flags } of messages.values()) {
      lines.push(`${uid} ${blob} ${digest} ${sizeBytes} ${dateMs} ${modSeq} ${[...flags].sort().join(' ')}`);
    }
  }
  return lines;
}

// What each fact means, and that facts which contradict the state are damage.
import * as fc from 'fast-check';
import type { AccountState } from '../../../services/core/account/account-state';
import { accountMachine } from '../../../services/core/account/apply';
import { addMessages } from '../../../services/core/account/decide/add-messages';
import { copyMessages } from '../../../services/core/account/decide/copy-messages';
import type { Decide } from '../../../services/core/account/decide/decision';
import { expunge } from '../../../services/core/account/decide/expunge';
import { createMailbox, deleteAccount, deleteMailbox, renameMailbox, subscribe } from '../../../services/core/account/decide/folders';
import { storeFlags } from '../../../services/core/account/decide/store-flags';
import type { AccountChange, AccountRecord } from '../../../services/core/account/record';
import { UidSet } from '../../../services/core/account/uid-set';
import { Damaged, Refusal } from '../../../services/core/runtime/errors';
import { limits } from '../../../services/core/runtime/limits';
import { asMailboxId, asUidValidity } from '../../../services/core/runtime/numbers';
import { incoming, Ledger, NOON_MS } from './ledger';
import { newMessage } from './mailbox-model';

const INBOX = asMailboxId(1);
const record = (fact: object): AccountRecord => fact as AccountRecord;

test.each<[string, AccountRecord]>([
  ['a mailbox id that skips', record({ kind: 'mailboxCreated', mailbox: 9, parent: 0, name: 'x', uidValidity: asUidValidity(9), specialUse: null })],
  ['a mailbox id that was used', record({ kind: 'mailboxCreated', mailbox: 2, parent: 0, name: 'x', uidValidity: asUidValidity(9), specialUse: null })],
  ['a mailbox below one that is not there', record({ kind: 'mailboxCreated', mailbox: 7, parent: 99, name: 'x', uidValidity: asUidValidity(9), specialUse: null })],
  ['a rename of nothing', record({ kind: 'mailboxRenamed', mailbox: 99, parent: 0, name: 'x' })],
  ['a rename to below nothing', record({ kind: 'mailboxRenamed', mailbox: 2, parent: 99, name: 'x' })],
  ['an emptying of nothing', record({ kind: 'mailboxEmptied', mailbox: 99 })],
  ['a deletion of nothing', record({ kind: 'mailboxDeleted', mailbox: 0 })],
  ['messages for nothing', record({ kind: 'added', mailbox: 99, messages: [] })],
  ['a flag in nothing', record({ kind: 'flagged', mailbox: 0, flag: 0, set: true, uids: UidSet.empty })],
  ['an expunge in nothing', record({ kind: 'expunged', mailbox: 99, uids: UidSet.empty })],
  ['a keyword that the account does not have', record({ kind: 'flagged', mailbox: INBOX, flag: 6, set: true, uids: UidSet.of([1]) })],
  ['a flag far beyond all keywords', record({ kind: 'flagged', mailbox: INBOX, flag: 133, set: true, uids: UidSet.of([1]) })],
  ['a message with a keyword that the account does not have', record({ kind: 'added', mailbox: INBOX, messages: [newMessage(2, [6])] })],
  ['a message with a flag beyond all keywords', record({ kind: 'added', mailbox: INBOX, messages: [newMessage(2, [5 + 128])] })],
  ['more keywords than there are bits', record({ kind: 'keywordsAdded', names: Array.from({ length: limits.keywords }, (_, k) => `k${k}`) })],
  ['UIDs skipped in nothing', record({ kind: 'uidsSkipped', mailbox: 99, uidNext: 9 })],
  ['UIDs skipped backwards', record({ kind: 'uidsSkipped', mailbox: INBOX, uidNext: 2 })],
  ['mod-sequences raised beyond what numbers hold', record({ kind: 'modSeqRaised', modSeq: 2 ** 52 + 1 })],
  ['a UID that was given', record({ kind: 'added', mailbox: INBOX, messages: [newMessage(1)] })],
])('%s is damage', (_what, fact) => {
  const ledger = Ledger.open();
  ledger.add('INBOX', { flags: ['known'] });
  expect(() => accountMachine.apply(ledger.state, [fact], { modSeq: 3, timeMs: NOON_MS })).toThrow(Damaged);
});

test('nothing may follow the end of an account', () => {
  const ledger = Ledger.open();
  ledger.run(deleteAccount());
  expect(() => accountMachine.apply(ledger.state, [{ kind: 'subscribed', name: 'x' }], { modSeq: 3, timeMs: NOON_MS })).toThrow(Damaged);
});

test('totals are told of the mailboxes that are named and still there', () => {
  const ledger = Ledger.open();
  ledger.add('INBOX', { sizeBytes: 10, flags: ['\\Seen'] }, { sizeBytes: 20, flags: ['\\Deleted'] });
  ledger.run(copyMessages(INBOX, UidSet.of([2]), 'Trash', 'move'));
  const trash = ledger.mailbox('Trash').id;
  expect(accountMachine.totals(ledger.state, [ledger.changes.at(-1)!])).toEqual([
    [trash, 1, 1, 1, 20, 20, 2],
    [INBOX, 1, 0, 0, 10, 0, 3],
  ]);
  ledger.run(deleteMailbox('Trash'));
  expect(accountMachine.totals(ledger.state, [ledger.changes.at(-1)!])).toEqual([]);
  expect(accountMachine.totals(ledger.state, [])).toEqual([]);
});

test('the time of the log never goes back', () => {
  const ledger = Ledger.open();
  ledger.timeMs -= 1_000;
  ledger.run(subscribe('x'));
  expect(ledger.state.timeMs).toBe(NOON_MS);
});

/** Commands that a client may send, some of which are refused. */
const name = fc.constantFrom('INBOX', 'a', 'a/b', 'INBOX/x', 'Trash', 'z/y');
const uids = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }).map((list) => UidSet.of(list));
const mailbox = fc.integer({ min: 1, max: 9 }).map(asMailboxId);
const flags = fc.array(fc.constantFrom('\\Seen', '\\Deleted', '\\Flagged', 'k1', 'k2', 'k3'), { maxLength: 3 });
const command: fc.Arbitrary<Decide<unknown>> = fc.oneof(
  fc.tuple(name, flags, fc.nat(3)).map(([to, set, more]) => addMessages(to, Array.from({ length: more + 1 }, () => incoming({ flags: set })))),
  fc.tuple(name, fc.nat(3)).map(([to, n]) => addMessages(to, [incoming()], new Uint8Array(16).fill(n))),
  fc.tuple(mailbox, uids, fc.constantFrom('add', 'remove', 'replace' as const), flags).map(([id, set, mode, names]) => storeFlags(id, set, { mode, flags: names })),
  fc.tuple(mailbox, uids, name, fc.constantFrom('copy', 'move' as const)).map(([id, set, to, verb]) => copyMessages(id, set, to, verb)),
  mailbox.map((id) => expunge(id)),
  name.map((made) => createMailbox(made)),
  name.map((gone) => deleteMailbox(gone)),
  fc.tuple(name, name).map(([from, to]) => renameMailbox(from, to)),
);

/** A state as plain values: equal states look equal, however they were made. */
function plain(state: AccountState): unknown {
  const { tree, mailboxes, subscriptions, deliveryIds, ...rest } = state;
  return {
    ...rest,
    tree: [...tree.walk()],
    subscriptions: [...subscriptions],
    deliveryIds: [0, 1, 2, 3].map((n) => deliveryIds.has(new Uint8Array(16).fill(n))),
    mailboxes: mailboxes.map((each) => each && { row: each.totalsRow, highest: each.highestModSeq, rows: [...each.among(each.uids())], vanished: [...each.vanishedSince(0)] }),
  };
}

function fold(changes: readonly AccountChange[], from: AccountState = accountMachine.initial, before = 0): AccountState {
  return changes.reduce((state, change, k) => accountMachine.apply(state, change, { modSeq: before + k + 1, timeMs: NOON_MS }), from);
}

test('whatever clients ask for: every fact can be replayed, totals are recounted, and where the log is cut makes no difference (F1, F2)', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40 }), fc.nat(), (commands, place) => {
      const ledger = Ledger.open(3_000);
      for (const decide of commands) {
        try {
          ledger.run(decide);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
        }
      }
      const read = accountMachine.decode(accountMachine.encode(ledger.changes));
      const cut = place % (read.length + 1);
      const prefix = fold(read.slice(0, cut));
      const prefixBefore = JSON.stringify(plain(prefix));
      expect(plain(fold(read.slice(cut), prefix, cut))).toEqual(plain(ledger.state));
      expect(JSON.stringify(plain(prefix))).toBe(prefixBefore);

      const rows = ledger.state.mailboxes.flatMap((each) => (each ? [...each.among(each.uids())] : []));
      expect(ledger.state.usedBytes).toBe(rows.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0));
      expect(ledger.state.tree.find('INBOX')?.selectable).toBe(true);
      // A name without messages stands only above others; no two have the same UIDVALIDITY.
      for (const [, { id, selectable }] of ledger.state.tree.walk()) {
        expect(selectable || ledger.state.tree.hasChildren(id)).toBe(true);
        expect(selectable).toBe(ledger.state.mailboxes[id] !== null);
      }
      expect([...ledger.state.tree.walk()]).toHaveLength(ledger.state.tree.size);
      const validities = ledger.state.mailboxes.flatMap((each) => (each ? [each.uidValidity] : []));
      expect(new Set(validities).size).toBe(validities.length);
      expect(ledger.state.highestUidValidity).toBeGreaterThanOrEqual(Math.max(...validities));
    }),
    { numRuns: 150 },
  );
});

test('a decision changes nothing by being made: made twice it says the same (W10)', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 12 }), command, (commands, decide) => {
      const ledger = Ledger.open();
      for (const each of commands) if (ledger.refusal(each) === 'done') ledger.run(each);
      const before = JSON.stringify(plain(ledger.state));
      const outcome = (): unknown => (ledger.refusal(decide) === 'done' ? ledger.change(decide) : ledger.refusal(decide));
      expect(outcome()).toEqual(outcome());
      expect(JSON.stringify(plain(ledger.state))).toBe(before);
    }),
    { numRuns: 60 },
  );
});

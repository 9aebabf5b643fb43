// POP3's UPDATE state: RFC 1939 §6.
import { deleteAccount, renameMailbox } from '../../../../services/core/account/decide/folders';
import { storeFlags } from '../../../../services/core/account/decide/store-flags';
import { updateMaildrop, type MaildropUpdate } from '../../../../services/core/account/decide/update-maildrop';
import { UidSet } from '../../../../services/core/account/uid-set';
import { asMailboxId, asUidValidity } from '../../../../services/core/runtime/numbers';
import { Ledger } from '../ledger';

let ledger: Ledger;
let opened: Pick<MaildropUpdate, 'mailbox' | 'uidValidity'>;
beforeEach(() => {
  ledger = Ledger.open();
  // UIDs 1 to 5.
  ledger.add('INBOX', {}, { flags: ['\\Seen'] }, {}, { flags: ['\\Deleted'] }, {});
  const { id, uidValidity } = ledger.mailbox('INBOX');
  opened = { mailbox: id, uidValidity };
});

const update = (retrieved: readonly number[], deleted: readonly number[], drop = opened) =>
  updateMaildrop({ ...drop, retrieved: UidSet.of(retrieved), deleted: UidSet.of(deleted) });
const left = (): number[] => [...ledger.mailbox('INBOX').uids()];

test('what was retrieved is \\Seen, what was deleted is gone, \\Deleted or not, in one change', () => {
  const before = ledger.changes.length;
  expect([...ledger.run(update([1, 2, 3], [3, 4, 5]))]).toEqual([3, 4, 5]);
  expect(ledger.changes).toHaveLength(before + 1);
  expect(left()).toEqual([1, 2]);
  expect(ledger.flags('INBOX', 1)).toEqual(['\\Seen']);
});

test('facts name exactly what changes: not what was \\Seen, what is gone, or what goes now', () => {
  expect(ledger.change(update([1, 2, 3, 9], [3, 4, 10]))).toEqual([
    { kind: 'flagged', mailbox: opened.mailbox, flag: 0, set: true, uids: UidSet.of([1]) },
    { kind: 'expunged', mailbox: opened.mailbox, uids: UidSet.of([3, 4]) },
  ]);
});

test('what others marked \\Deleted stays, if this session did not delete it', () => {
  ledger.run(update([], [1]));
  expect(left()).toEqual([2, 3, 4, 5]);
});

test('what is done already needs no entry: a repeated QUIT does no harm', () => {
  ledger.run(update([1], [5]));
  expect(ledger.change(update([1], [5]))).toBeNull();
  ledger.run(storeFlags(opened.mailbox, UidSet.of([1]), { mode: 'remove', flags: ['\\Seen'] }));
  expect(ledger.change(update([1], [5]))).toHaveLength(1);
});

test('a renamed INBOX has its messages under its new name: they are deleted there, and the new INBOX is left alone', () => {
  ledger.run(renameMailbox('INBOX', 'Old'));
  ledger.add('INBOX', {});
  ledger.run(update([], [1, 2]));
  expect([...ledger.mailbox('Old').uids()]).toEqual([3, 4, 5]);
  expect(left()).toEqual([1]);
});

test.each<[string, () => typeof opened]>([
  ['a mailbox that is gone', () => ({ ...opened, mailbox: asMailboxId(999) })],
  ['another UIDVALIDITY', () => ({ ...opened, uidValidity: asUidValidity(opened.uidValidity + 1) })],
  ['an account that is gone', () => (ledger.run(deleteAccount()), opened)],
])('%s: nothing is changed, and nothing refused', (_what, drop) => {
  const { change, result } = update([1], [2], drop())(ledger.state, 0);
  expect([change, [...result]]).toEqual([null, []]);
});

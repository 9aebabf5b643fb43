// How an account begins, is closed for a while, and ends.
import { addMessages } from '../../../../services/core/account/decide/add-messages';
import { copyMessages } from '../../../../services/core/account/decide/copy-messages';
import type { Decide } from '../../../../services/core/account/decide/decision';
import { expunge } from '../../../../services/core/account/decide/expunge';
import {
  createAccount,
  createMailbox,
  deleteAccount,
  deleteMailbox,
  disableAccount,
  renameMailbox,
  setQuota,
  subscribe,
  unsubscribe,
} from '../../../../services/core/account/decide/folders';
import { storeFlags } from '../../../../services/core/account/decide/store-flags';
import { UidSet } from '../../../../services/core/account/uid-set';
import { asMailboxId } from '../../../../services/core/runtime/numbers';
import { incoming, Ledger, NOON_MS } from '../ledger';

test('a new account has INBOX and a mailbox for each use', () => {
  const { state } = Ledger.open(500);
  expect([...state.tree.walk()].map(([name, { specialUse }]) => [name, specialUse])).toEqual([
    ['INBOX', null],
    ['Archive', '\\Archive'],
    ['Drafts', '\\Drafts'],
    ['Junk', '\\Junk'],
    ['Sent', '\\Sent'],
    ['Trash', '\\Trash'],
  ]);
  expect(state).toMatchObject({ login: 'ann', quotaBytes: 500, usedBytes: 0, disabled: false, deleted: false });
});

test('making it again changes nothing', () => {
  expect(Ledger.open().change(createAccount('ann', null, 0))).toBeNull();
});

test('its UIDVALIDITYs are above all that the login ever had', () => {
  const ledger = new Ledger();
  const former = NOON_MS / 1_000 + 500;
  ledger.run(createAccount('ann', null, former));
  expect(ledger.state.mailboxes.slice(1).map((mailbox) => mailbox!.uidValidity)).toEqual([1, 2, 3, 4, 5, 6].map((k) => former + k));
  expect(ledger.run(deleteAccount())).toBe(former + 6);
});

test('an account is disabled and enabled; what it is already writes nothing', () => {
  const ledger = Ledger.open();
  ledger.run(disableAccount(true));
  expect(ledger.state.disabled).toBe(true);
  expect(ledger.change(disableAccount(true))).toBeNull();
  ledger.run(disableAccount(false));
  expect(ledger.state.disabled).toBe(false);
});

test('deleting an account twice writes once, and tells the same UIDVALIDITY', () => {
  const ledger = Ledger.open();
  const first = ledger.run(deleteAccount());
  expect(ledger.change(deleteAccount())).toBeNull();
  expect(ledger.run(deleteAccount())).toBe(first);
});

test.each<[string, Decide<unknown>]>([
  ['APPEND', addMessages('INBOX', [incoming()])],
  ['a delivery seen before', addMessages('INBOX', [incoming()], new Uint8Array(16))],
  ['STORE', storeFlags(asMailboxId(1), UidSet.of([1]), { mode: 'add', flags: ['\\Seen'] })],
  ['COPY', copyMessages(asMailboxId(1), UidSet.of([1]), 'Trash', 'copy')],
  ['MOVE', copyMessages(asMailboxId(1), UidSet.of([1]), 'Trash', 'move')],
  ['EXPUNGE', expunge(asMailboxId(1))],
  ['CREATE', createMailbox('x')],
  ['DELETE', deleteMailbox('Trash')],
  ['RENAME', renameMailbox('Trash', 'x')],
  ['SUBSCRIBE', subscribe('x')],
  ['UNSUBSCRIBE', unsubscribe('INBOX')],
  ['disabling', disableAccount(true)],
  ['a quota', setQuota({ quotaBytes: 1 })],
  ['making it again', createAccount('ann', null, 0)],
])('a deleted account refuses %s', (_what, decide) => {
  const ledger = Ledger.open();
  ledger.run(addMessages('INBOX', [incoming()], new Uint8Array(16)));
  ledger.run(deleteAccount());
  expect(ledger.refusal(decide)).toBe('AUTHORIZATIONFAILED');
});

// COPY and MOVE: RFC 3501 §6.4.7, RFC 6851.
import { copyMessages } from '../../../../services/core/account/decide/copy-messages';
import { setQuota } from '../../../../services/core/account/decide/folders';
import { UidSet } from '../../../../services/core/account/uid-set';
import { expunge } from '../../../../services/core/account/decide/expunge';
import { storeFlags } from '../../../../services/core/account/decide/store-flags';
import { asMailboxId, type MailboxId } from '../../../../services/core/runtime/numbers';
import { Ledger } from '../ledger';

let ledger: Ledger;
let inbox: MailboxId;
beforeEach(() => {
  ledger = Ledger.open();
  ledger.add('INBOX', { sizeBytes: 10 }, { sizeBytes: 20, flags: ['\\Seen', 'work'] }, { sizeBytes: 30, flags: ['\\Deleted'] });
  ledger.add('Archive', { sizeBytes: 5 });
  inbox = ledger.mailbox('INBOX').id;
});

const uids = (name: string): number[] => [...ledger.mailbox(name).uids()];

test('a copy gets the next UIDs, in the order of the old ones, and keeps flags, dates and identity', () => {
  const before = ledger.mailbox('INBOX').get(2)!;
  const { uidValidity, from, to } = ledger.run(copyMessages(inbox, UidSet.of([3, 2]), 'Archive', 'copy'));
  expect([uidValidity, [...from], [...to]]).toEqual([ledger.mailbox('Archive').uidValidity, [2, 3], [2, 3]]);
  expect(uids('INBOX')).toEqual([1, 2, 3]);
  const { modSeq, ...copy } = ledger.mailbox('Archive').get(2)!;
  const { modSeq: oldModSeq, ...original } = before;
  expect(copy).toEqual(original);
  expect(modSeq).toBeGreaterThan(oldModSeq);
});

test('SAVEDATE is that of the copy', () => {
  ledger.timeMs += 1_000;
  ledger.run(copyMessages(inbox, UidSet.of([1]), 'Archive', 'copy'));
  expect(ledger.mailbox('Archive').get(2)!.savedAtMs).toBe(ledger.timeMs);
});

test('a MOVE is one change: there and not here, with one mod-sequence', () => {
  ledger.run(copyMessages(inbox, UidSet.of([1, 3]), 'Archive', 'move'));
  expect([uids('INBOX'), uids('Archive')]).toEqual([[2], [1, 2, 3]]);
  expect(ledger.mailbox('INBOX').highestModSeq).toBe(ledger.mailbox('Archive').highestModSeq);
  expect(ledger.state.usedBytes).toBe(65);
  expect([...ledger.mailbox('INBOX').vanishedSince(3)]).toEqual([1, 3]);
});

test.each(['copy', 'move'] as const)('%s into the mailbox itself makes new messages', (verb) => {
  ledger.run(copyMessages(inbox, UidSet.of([1]), 'INBOX', verb));
  expect(uids('INBOX')).toEqual(verb === 'copy' ? [1, 2, 3, 4] : [2, 3, 4]);
});

test('what is gone is passed over, and the result names what was copied', () => {
  ledger.run(expunge(inbox));
  const { from, to } = ledger.run(copyMessages(inbox, UidSet.of([2, 3, 99]), 'Archive', 'move'));
  expect([[...from], [...to]]).toEqual([[2], [2]]);
});

test.each(['copy', 'move'] as const)('%s of nothing writes nothing, even where the account is full', (verb) => {
  ledger.run(setQuota({ quotaBytes: 1 }));
  const decide = copyMessages(inbox, UidSet.of([99]), 'Archive', verb);
  expect(ledger.change(decide)).toBeNull();
  const { from, to } = ledger.run(decide);
  expect([from.isEmpty, to.isEmpty]).toEqual([true, true]);
});

test.each([
  ['a target that is not there', 'Nowhere', 'TRYCREATE'],
])('%s refuses', (_what, name, code) => {
  expect(ledger.refusal(copyMessages(inbox, UidSet.of([1]), name, 'copy'))).toBe(code);
  expect(ledger.refusal(copyMessages(inbox, UidSet.of([1]), name, 'move'))).toBe(code);
});

test('a source that is gone refuses', () => {
  expect(ledger.refusal(copyMessages(asMailboxId(99), UidSet.of([1]), 'Archive', 'copy'))).toBe('NONEXISTENT');
});

describe('quota', () => {
  // 65 bytes are used; message 1 has 10.
  test.each<[number, 'copy' | 'move', string, string]>([
    [75, 'copy', 'Archive', 'done'],
    [74, 'copy', 'Archive', 'OVERQUOTA'],
    [74, 'move', 'Archive', 'done'],
    [1, 'move', 'Archive', 'done'],
    [1, 'move', 'Trash', 'done'],
    [69, 'copy', 'Trash', 'done'],
    [68, 'copy', 'Trash', 'OVERQUOTA'],
    [0, 'copy', 'Trash', 'OVERQUOTA'],
  ])('of %i bytes: %s to %s: %s', (quotaBytes, verb, target, expected) => {
    ledger.run(setQuota({ quotaBytes }));
    expect(ledger.refusal(copyMessages(inbox, UidSet.of([1]), target, verb))).toBe(expected);
  });

  // There are 4.
  test.each<[number, 'copy' | 'move', string, string]>([
    [5, 'copy', 'Archive', 'done'],
    [4, 'copy', 'Archive', 'OVERQUOTA'],
    [4, 'move', 'Archive', 'done'],
    [0, 'move', 'Trash', 'done'],
    [4, 'copy', 'Trash', 'OVERQUOTA'],
  ])('of %i messages: %s to %s: %s', (quotaMessages, verb, target, expected) => {
    ledger.run(setQuota({ quotaMessages }));
    expect(ledger.refusal(copyMessages(inbox, UidSet.of([1]), target, verb))).toBe(expected);
  });
});

describe('EXPUNGE', () => {
  test('takes what is \\Deleted in the index, and tells it', () => {
    expect([...ledger.run(expunge(inbox))]).toEqual([3]);
    expect(uids('INBOX')).toEqual([1, 2]);
  });

  test('UID EXPUNGE takes only those named of them', () => {
    ledger.run(storeFlags(inbox, UidSet.of([1]), { mode: 'add', flags: ['\\Deleted'] }));
    expect([...ledger.run(expunge(inbox, UidSet.ofRanges([[2, 4_294_967_295]])))]).toEqual([3]);
    expect(uids('INBOX')).toEqual([1, 2]);
  });

  test('of nothing writes nothing', () => {
    expect(ledger.change(expunge(inbox, UidSet.of([1, 2])))).toBeNull();
    ledger.run(expunge(inbox));
    expect(ledger.change(expunge(inbox))).toBeNull();
  });

  test('of a mailbox that is gone refuses', () => {
    expect(ledger.refusal(expunge(asMailboxId(99)))).toBe('NONEXISTENT');
  });
});

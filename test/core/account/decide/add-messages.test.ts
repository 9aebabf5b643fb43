// APPEND, delivery and import; quota: RFC 9208.
import { addMessages, isOverQuota, requireRoom } from '../../../../services/core/account/decide/add-messages';
import { expunge } from '../../../../services/core/account/decide/expunge';
import { deleteMailbox, createMailbox, setQuota } from '../../../../services/core/account/decide/folders';
import { Mailbox } from '../../../../services/core/account/mailbox';
import { Refusal } from '../../../../services/core/runtime/errors';
import { limits } from '../../../../services/core/runtime/limits';
import { asMailboxId, asUid, asUidValidity } from '../../../../services/core/runtime/numbers';
import { newMessage } from '../mailbox-model';
import { incoming, Ledger, NOON_MS } from '../ledger';

const DAY_MS = 24 * 60 * 60_000;
/** A mailbox with one message, of this UID. */
const at = (uid: number): Mailbox => Mailbox.created(asMailboxId(1), asUidValidity(1), 1).withAdded([{ ...newMessage(1), uid: asUid(uid) }], 2, 0);
const codeOf = (mailbox: Mailbox, count: number): string | null => {
  try {
    requireRoom(mailbox, count);
    return 'done';
  } catch (error) {
    return (error as Refusal).code;
  }
};
const deliveryId = (n: number): Uint8Array => new Uint8Array(16).fill(n);

test('UIDs ascend from 1 and are told with the UIDVALIDITY', () => {
  const ledger = Ledger.open();
  expect(ledger.run(addMessages('INBOX', [incoming(), incoming()]))).toEqual({
    mailbox: ledger.mailbox('INBOX').id,
    uidValidity: ledger.mailbox('INBOX').uidValidity,
    uids: [1, 2],
  });
  expect(ledger.add('INBOX', {})).toEqual([3]);
});

test('many messages of one command share a mod-sequence', () => {
  const ledger = Ledger.open();
  ledger.add('INBOX', {}, {}, {});
  expect([1, 2, 3].map((uid) => ledger.mailbox('INBOX').get(uid)!.modSeq)).toEqual([2, 2, 2]);
});

test('a message keeps what it brings; without a date it has that of the commit', () => {
  const ledger = Ledger.open();
  const message = incoming({ flags: ['\\Seen', 'Work', 'work'], sizeBytes: 7, threadKey: Uint8Array.of(9) });
  ledger.add('INBOX', message, { internalDateMs: null }, { internalDateMs: -5 });
  const { blobId, digest, summary, threadKey, internalDateMs } = message;
  expect(ledger.mailbox('INBOX').get(1)).toMatchObject({ blobId, digest, summary, threadKey, internalDateMs, sizeBytes: 7, savedAtMs: NOON_MS, emailId: null });
  expect(ledger.flags('INBOX', 1)).toEqual(['\\Seen', 'Work']);
  expect(ledger.mailbox('INBOX').get(2)!.internalDateMs).toBe(NOON_MS);
  expect(ledger.mailbox('INBOX').get(3)!.internalDateMs).toBe(-5);
});

test('messages of one command learn a keyword once', () => {
  const ledger = Ledger.open();
  ledger.add('INBOX', { flags: ['a'] }, { flags: ['B', 'A'] }, { flags: ['b'] });
  expect(ledger.state.keywords).toEqual(['a', 'B']);
  expect([1, 2, 3].map((uid) => ledger.flags('INBOX', uid))).toEqual([['a'], ['a', 'B'], ['B']]);
});

test.each([
  ['a mailbox that is not there', 'Nowhere', {}, 'TRYCREATE'],
  ['a flag that cannot be set', 'INBOX', { flags: ['\\Recent'] }, 'CANNOT'],
  ['a keyword that is too long', 'INBOX', { flags: ['k'.repeat(65)] }, 'LIMIT'],
])('%s refuses all messages', (_what, name, message, code) => {
  expect(Ledger.open().refusal(addMessages(name, [incoming(), incoming(message)]))).toBe(code);
});

describe('quota', () => {
  test.each([
    [1_000, [1_000], 'done'],
    [1_000, [1_001], 'OVERQUOTA'],
    [1_000, [500, 501], 'OVERQUOTA'],
    [0, [0], 'done'],
    [null, [1e12], 'done'],
  ])('of %p bytes, messages of %j: %s', (quotaBytes, sizes, expected) => {
    const messages = sizes.map((sizeBytes) => incoming({ sizeBytes }));
    expect(Ledger.open(quotaBytes).refusal(addMessages('INBOX', messages))).toBe(expected);
  });

  test('counts all mailboxes together, and what is expunged no more', () => {
    const ledger = Ledger.open(1_000);
    ledger.add('INBOX', { sizeBytes: 400 });
    ledger.add('Archive', { sizeBytes: 400 });
    expect(ledger.state.usedBytes).toBe(800);
    expect(ledger.refusal(addMessages('Sent', [incoming({ sizeBytes: 201 })]))).toBe('OVERQUOTA');
    expect(ledger.refusal(addMessages('Sent', [incoming({ sizeBytes: 200 })]))).toBe('done');
  });

  test('is a decision, never a fact: one lowered below what is there loses nothing', () => {
    const ledger = Ledger.open(1_000);
    ledger.add('INBOX', { sizeBytes: 900 });
    ledger.run(setQuota({ quotaBytes: 10 }));
    expect(ledger.mailbox('INBOX').exists).toBe(1);
    expect(ledger.refusal(addMessages('INBOX', [incoming({ sizeBytes: 1 })]))).toBe('OVERQUOTA');
    ledger.run(setQuota({ quotaBytes: null }));
    expect(ledger.refusal(addMessages('INBOX', [incoming({ sizeBytes: 1 })]))).toBe('done');
    expect(ledger.change(setQuota({ quotaBytes: null }))).toBeNull();
  });

  test.each([
    [3, 3, 'done'],
    [3, 4, 'OVERQUOTA'],
    [0, 1, 'OVERQUOTA'],
    [null, 500, 'done'],
  ])('of %p messages, %i of them: %s', (quotaMessages, count, expected) => {
    const ledger = Ledger.open();
    ledger.run(setQuota({ quotaMessages }));
    expect(ledger.refusal(addMessages('INBOX', Array.from({ length: count }, () => incoming())))).toBe(expected);
  });

  test('counts the messages of all mailboxes, and those that are gone no more', () => {
    const ledger = Ledger.open();
    ledger.run(setQuota({ quotaMessages: 3 }));
    ledger.run(createMailbox('Doomed'));
    ledger.add('INBOX', { flags: ['\\Deleted'] }, {});
    ledger.add('Doomed', {});
    expect(ledger.state.usedMessages).toBe(3);
    expect(ledger.refusal(addMessages('Sent', [incoming()]))).toBe('OVERQUOTA');
    ledger.run(deleteMailbox('Doomed'));
    expect(ledger.state.usedMessages).toBe(2);
    ledger.run(expunge(ledger.mailbox('INBOX').id));
    expect(ledger.state.usedMessages).toBe(1);
    ledger.add('Sent', {}, {});
    expect(isOverQuota(ledger.state)).toBe(false);
    ledger.run(setQuota({ quotaMessages: 2 }));
    expect(isOverQuota(ledger.state)).toBe(true);
  });

  test('an edit of one limit leaves the other as it was, and one that changes nothing writes nothing', () => {
    const ledger = Ledger.open(1_000);
    ledger.run(setQuota({ quotaMessages: 5 }));
    expect(ledger.state).toMatchObject({ quotaBytes: 1_000, quotaMessages: 5 });
    ledger.run(setQuota({ quotaBytes: null }));
    expect(ledger.state).toMatchObject({ quotaBytes: null, quotaMessages: 5 });
    expect(ledger.change(setQuota({ quotaMessages: 5 }))).toBeNull();
    expect(ledger.change(setQuota({}))).toBeNull();
  });
});

describe('a delivery id', () => {
  test('that was seen changes nothing, and the result is null', () => {
    const ledger = Ledger.open();
    expect(ledger.run(addMessages('INBOX', [incoming()], deliveryId(1)))?.uids).toEqual([1]);
    expect(ledger.change(addMessages('INBOX', [incoming()], deliveryId(1)))).toBeNull();
    expect(ledger.run(addMessages('INBOX', [incoming()], deliveryId(1)))).toBeNull();
    expect(ledger.run(addMessages('INBOX', [incoming()], deliveryId(2)))?.uids).toEqual([2]);
  });

  test('is that of the account, whichever mailbox it went to', () => {
    const ledger = Ledger.open();
    ledger.run(addMessages('Junk', [incoming()], deliveryId(1)));
    expect(ledger.run(addMessages('INBOX', [incoming()], deliveryId(1)))).toBeNull();
  });

  test('that was seen is known although the mailbox is gone', () => {
    const ledger = Ledger.open();
    ledger.run(addMessages('Junk', [incoming()], deliveryId(1)));
    ledger.run(deleteMailbox('Junk'));
    expect(ledger.run(addMessages('Junk', [incoming()], deliveryId(1)))).toBeNull();
    expect(ledger.refusal(addMessages('Junk', [incoming()], deliveryId(2)))).toBe('TRYCREATE');
  });

  test('that was seen is no reason to refuse when the account is full', () => {
    const ledger = Ledger.open(100);
    ledger.run(addMessages('INBOX', [incoming({ sizeBytes: 100 })], deliveryId(1)));
    expect(ledger.refusal(addMessages('INBOX', [incoming({ sizeBytes: 100 })], deliveryId(1)))).toBe('done');
    expect(ledger.refusal(addMessages('INBOX', [incoming({ sizeBytes: 100 })], deliveryId(2)))).toBe('OVERQUOTA');
  });

  test('of a refused delivery is not remembered', () => {
    const ledger = Ledger.open();
    expect(ledger.refusal(addMessages('Nowhere', [incoming()], deliveryId(1)))).toBe('TRYCREATE');
    expect(ledger.run(addMessages('INBOX', [incoming()], deliveryId(1)))?.uids).toEqual([1]);
  });

  test('is forgotten by the time of the log: 7 days after its own', () => {
    const ledger = Ledger.open();
    ledger.run(addMessages('INBOX', [incoming()], deliveryId(1)));
    ledger.timeMs = NOON_MS + 7 * DAY_MS;
    ledger.run(addMessages('INBOX', [incoming()], deliveryId(2)));
    expect(ledger.run(addMessages('INBOX', [incoming()], deliveryId(1)))).toBeNull();
    ledger.timeMs = NOON_MS + 8 * DAY_MS;
    ledger.run(addMessages('INBOX', [incoming()], deliveryId(3)));
    expect(ledger.run(addMessages('INBOX', [incoming()], deliveryId(1)))?.uids).toEqual([4]);
  });

  test('is not forgotten by a writer whose clock runs behind', () => {
    const ledger = Ledger.open();
    ledger.run(addMessages('INBOX', [incoming()], deliveryId(1)));
    ledger.timeMs = NOON_MS - 300 * DAY_MS;
    ledger.run(addMessages('INBOX', [incoming()], deliveryId(2)));
    ledger.timeMs = NOON_MS;
    expect(ledger.state.timeMs).toBe(NOON_MS);
    expect(ledger.run(addMessages('INBOX', [incoming()], deliveryId(1)))).toBeNull();
    expect(ledger.run(addMessages('INBOX', [incoming()], deliveryId(2)))).toBeNull();
  });
});

describe('room', () => {
  test('UIDs stay below 2^31, and so does UIDNEXT', () => {
    expect(codeOf(at(limits.uidMax - 3), 2)).toBe('done');
    expect(codeOf(at(limits.uidMax - 3), 3)).toBe('LIMIT');
    expect(at(limits.uidMax - 3).uidNext).toBeLessThanOrEqual(2 ** 31 - 1);
  });

  test(`a mailbox holds ${limits.messagesPerMailbox} messages`, () => {
    expect(codeOf(at(1), limits.messagesPerMailbox - 1)).toBe('done');
    expect(codeOf(at(1), limits.messagesPerMailbox)).toBe('LIMIT');
  });
});

test('the same name made again is another mailbox, with UIDs from 1', () => {
  const ledger = Ledger.open();
  ledger.run(createMailbox('X'));
  expect(ledger.add('X', {}, {})).toEqual([1, 2]);
});

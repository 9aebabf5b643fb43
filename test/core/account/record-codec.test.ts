import { decode, encode } from '@msgpack/msgpack';
import * as fc from 'fast-check';
import type { AccountRecord, NewMessage } from '../../../services/core/account/record';
import { decodeChanges, encodeChanges, encodedBytesMax } from '../../../services/core/account/record-codec';
import { UidSet } from '../../../services/core/account/uid-set';
import { Damaged } from '../../../services/core/runtime/errors';
import { asMailboxId, asUid, asUidValidity } from '../../../services/core/runtime/numbers';

const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const bytes = fc.uint8Array({ maxLength: 32 });
const mailbox = fc.nat().map(asMailboxId);
const parent = fc.oneof(fc.constant(0 as const), mailbox);
const uids = fc.array(fc.integer({ min: 1, max: 500 })).map((list) => UidSet.of(list));
const message: fc.Arbitrary<NewMessage> = fc.record({
  uid: fc.nat().map(asUid),
  blobId: bytes,
  sizeBytes: count,
  internalDateMs: fc.maxSafeInteger(),
  flags: fc.array(fc.nat(132), { maxLength: 5 }),
  digest: bytes,
  summary: bytes,
  threadKey: fc.option(bytes),
  emailId: fc.option(bytes),
  pop3Uidl: fc.option(fc.string({ minLength: 1, maxLength: 70 })),
});

/** One of each kind: a kind that is added to the type must be added here. */
const kinds: { readonly [Kind in AccountRecord['kind']]: fc.Arbitrary<Extract<AccountRecord, { kind: Kind }>> } = {
  accountCreated: fc.record({ kind: fc.constant('accountCreated'), login: text }),
  accountDisabled: fc.record({ kind: fc.constant('accountDisabled'), disabled: fc.boolean() }),
  accountDeleted: fc.record({ kind: fc.constant('accountDeleted') }),
  quotaSet: fc.record({ kind: fc.constant('quotaSet'), quotaBytes: fc.option(count), quotaMessages: fc.option(count) }),
  mailboxCreated: fc.record({
    kind: fc.constant('mailboxCreated'),
    mailbox,
    parent,
    name: text,
    uidValidity: count.map(asUidValidity),
    specialUse: fc.constantFrom(null, '\\Archive', '\\Drafts', '\\Junk', '\\Sent', '\\Trash'),
    isAdopted: fc.boolean(),
  }),
  modSeqRaised: fc.record({ kind: fc.constant('modSeqRaised'), modSeq: count }),
  uidsSkipped: fc.record({ kind: fc.constant('uidsSkipped'), mailbox, uidNext: count }),
  mailboxRenamed: fc.record({ kind: fc.constant('mailboxRenamed'), mailbox, parent, name: text }),
  mailboxEmptied: fc.record({ kind: fc.constant('mailboxEmptied'), mailbox }),
  mailboxDeleted: fc.record({ kind: fc.constant('mailboxDeleted'), mailbox }),
  subscribed: fc.record({ kind: fc.constant('subscribed'), name: text }),
  unsubscribed: fc.record({ kind: fc.constant('unsubscribed'), name: text }),
  keywordsAdded: fc.record({ kind: fc.constant('keywordsAdded'), names: fc.array(text, { maxLength: 4 }) }),
  added: fc.record({ kind: fc.constant('added'), mailbox, messages: fc.array(message, { maxLength: 3 }) }),
  flagged: fc.record({ kind: fc.constant('flagged'), mailbox, flag: fc.nat(132), set: fc.boolean(), uids }),
  expunged: fc.record({ kind: fc.constant('expunged'), mailbox, uids }),
  delivered: fc.record({ kind: fc.constant('delivered'), deliveryId: bytes }),
};
const record: fc.Arbitrary<AccountRecord> = fc.oneof(...Object.values(kinds));
const changes = fc.array(fc.array(record, { maxLength: 4 }), { maxLength: 4 });

function expectReadOrDamaged(some: Uint8Array): void {
  try {
    decodeChanges(some);
  } catch (error) {
    expect(error).toBeInstanceOf(Damaged);
  }
}

test.each(Object.entries(kinds) as [string, fc.Arbitrary<AccountRecord>][])('every %s comes back as it was', (_kind, arbitrary) => {
  fc.assert(fc.property(arbitrary, (made) => expect(decodeChanges(encodeChanges([[made]]))).toEqual([[made]])));
});

test('changes come back in their order', () => {
  fc.assert(fc.property(changes, (made) => expect(decodeChanges(encodeChanges(made))).toEqual(made)));
});

test('no change is encoded in more bytes than were said, nor in many fewer', () => {
  fc.assert(
    fc.property(changes, (made) => {
      const encoded = encodeChanges(made).length;
      const said = 5 + made.reduce((sum, change) => sum + encodedBytesMax(change), 0);
      expect(said).toBeGreaterThanOrEqual(encoded);
      expect(said).toBeLessThanOrEqual(6 * encoded + 5); // Empty lists and texts are the worst.
    }),
  );
});

test('no two kinds have the same code', () => {
  const codes = fc.sample(fc.tuple(...Object.values(kinds)), 1)[0]!.map((made) => (decode(encodeChanges([[made]])) as number[][][])[0]![0]![0]);
  expect(new Set(codes).size).toBe(codes.length);
});

test('arbitrary bytes are changes or damage, never another error', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), expectReadOrDamaged), { numRuns: 2000 });
});

test('changes with a byte replaced, or cut, are changes or damage, never another error', () => {
  fc.assert(
    fc.property(changes, fc.nat(), fc.nat(255), fc.boolean(), (made, place, byte, isCut) => {
      const whole = Uint8Array.from(encodeChanges(made));
      const at = place % whole.length;
      expectReadOrDamaged(isCut ? whole.subarray(0, at) : whole.fill(byte, at, at + 1));
    }),
    { numRuns: 2000 },
  );
});

test('arbitrary MessagePack is changes or damage, never another error', () => {
  const field = fc.oneof(fc.integer(), fc.double(), text, bytes, fc.boolean(), fc.constant(null), fc.array(fc.integer({ min: -2, max: 9 }), { maxLength: 6 }));
  const code = fc.oneof(fc.constantFrom(1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16, 20, 21, 22, 23, 24), fc.nat(30));
  const row = fc.tuple(code, fc.array(field, { maxLength: 6 })).map(([first, fields]) => [first, ...fields]);
  fc.assert(fc.property(fc.array(row, { maxLength: 3 }), (rows) => expectReadOrDamaged(encode([rows]))), { numRuns: 2000 });
});

test.each([
  ['no bytes', new Uint8Array()],
  ['a list of four thousand million changes', Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff)],
  ['a list of more changes than there are bytes', Uint8Array.of(0xdd, 0x01, 0xff, 0xff, 0xff)],
  ['a text', encode('changes')],
  ['a change that is no list', encode([1])],
  ['a record that is no list', encode([[1]])],
  ['a record without a code', encode([[[]]])],
  ['an unknown code', encode([[[99]]])],
  ['UIDs out of order', encode([[[23, 1, [5, 0, 0, 0]]]])],
  ['UIDs beyond exact numbers', encode([[[23, 1, [2 ** 52, 2 ** 52, 2 ** 52, 0]]]])],
  ['a mailbox that is a fraction', encode([[[12, 1.5]]])],
  ['a negative quota', encode([[[4, -1]]])],
  ['a negative quota of messages', encode([[[4, null, -1]]])],
  ['a flag with a text as truth', encode([[[22, 1, 0, 'yes', [1, 0]]]])],
  ['a message with a field too few', encode([[[21, 1, [[1, new Uint8Array(16), 5]]]]])],
])('%s is damage', (_what, some) => {
  expect(() => decodeChanges(some)).toThrow(Damaged);
});

test('a quota without a number of messages is one of octets alone, as logs of before have it', () => {
  expect(decodeChanges(encode([[[4, 100]]]))).toEqual([[{ kind: 'quotaSet', quotaBytes: 100, quotaMessages: null }]]);
  expect(decode(encodeChanges([[{ kind: 'quotaSet', quotaBytes: 100, quotaMessages: null }]]))).toEqual([[[4, 100]]]);
});

test('flags on a million messages are small where the UIDs are runs', () => {
  const all = UidSet.ofRanges([[1, 1_000_000]]);
  expect(encodeChanges([[{ kind: 'flagged', mailbox: asMailboxId(1), flag: 0, set: true, uids: all }]]).length).toBeLessThan(32);
});

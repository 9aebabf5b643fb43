import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import type { Row } from '../../services/core/account/chunk';
import { asMailboxId } from '../../services/core/runtime/numbers';
import { emailIdOf, emailObjectId, mailboxObjectId, objectIdBytes, threadObjectId } from '../../services/imap/object-ids';

const OBJECT_ID = /^[A-Za-z][A-Za-z0-9_-]{0,254}$/;
const id = fc.uint8Array({ minLength: 16, maxLength: 16 });
const key = fc.uint8Array({ minLength: 10, maxLength: 10 });
const row = fc.record({ blobId: id, emailId: fc.option(id), threadKey: fc.option(key) }).map((fields) => fields as unknown as Row);
const accountId = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex'));

test('every id is one of RFC 8474, and begins with a letter of its kind', () => {
  fc.assert(
    fc.property(row, accountId, fc.integer({ min: 1, max: 10_000 }), (message, account, mailbox) => {
      expect(emailObjectId(message)).toMatch(OBJECT_ID);
      expect(emailObjectId(message)[0]).toBe('M');
      expect(mailboxObjectId(account, asMailboxId(mailbox))).toMatch(OBJECT_ID);
      expect(mailboxObjectId(account, asMailboxId(mailbox))[0]).toBe('F');
      expect(threadObjectId(message)).toMatch(message.threadKey === null ? /^T[0-9a-f]{32}$/ : /^T[0-9a-f]{20}$/);
    }),
  );
});

test('ids of messages and threads lead back to what they were made from, and no other does', () => {
  fc.assert(
    fc.property(row, (message) => {
      expect(objectIdBytes('M', emailObjectId(message))).toEqual(Buffer.from(message.emailId ?? message.blobId));
      expect(objectIdBytes('T', emailObjectId(message))).toBeNull();
      expect(objectIdBytes('T', threadObjectId(message))).toEqual(Buffer.from(message.threadKey ?? emailIdOf(message)));
    }),
  );
});

test.each(['', 'M', 'M1', 'Mxy', 'MAB', 'm00', 'M00 ', '00', 'M-_'])('%j is no id of a message', (objectId) => {
  expect(objectIdBytes('M', objectId)).toBeNull();
});

test('a message that went elsewhere has the id that it came with', () => {
  const [first, second] = [createHash('md5').update('1').digest(), createHash('md5').update('2').digest()];
  const original = { blobId: first, emailId: null } as unknown as Row;
  expect(emailObjectId({ ...original, blobId: second, emailId: first })).toBe(emailObjectId(original));
  expect(emailObjectId({ ...original, blobId: second })).not.toBe(emailObjectId(original));
});

test('no two mailboxes of an account, or of two, share an id; one keeps its own', () => {
  const ids = ['a', 'b', '1', '11'].flatMap((account) => [1, 2, 11, 111].map((mailbox) => mailboxObjectId(account, asMailboxId(mailbox))));
  expect(new Set(ids).size).toBe(ids.length);
  expect(mailboxObjectId('a', asMailboxId(2))).toBe(ids[1]);
});

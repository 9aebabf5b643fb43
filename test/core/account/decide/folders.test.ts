// CREATE, DELETE, RENAME, SUBSCRIBE: RFC 3501 §6.3.3–§6.3.7.
import { createMailbox, deleteMailbox, inboxId, renameMailbox, subscribe, unsubscribe } from '../../../../services/core/account/decide/folders';
import { limits } from '../../../../services/core/runtime/limits';
import { Ledger, NOON_MS } from '../ledger';

const NOON = NOON_MS / 1_000;
const FIRST = ['INBOX', 'Archive', 'Drafts', 'Junk', 'Sent', 'Trash'];

let ledger: Ledger;
beforeEach(() => {
  ledger = Ledger.open();
});

const create = (...names: string[]): void => names.forEach((name) => ledger.run(createMailbox(name)));
const remove = (...names: string[]): void => names.forEach((name) => ledger.run(deleteMailbox(name)));
/** The names beside the first six. */
const others = (): string[] => ledger.names().filter((name) => !FIRST.includes(name));
const uidValidity = (name: string): number => ledger.mailbox(name).uidValidity;
const validities = (): number[] => ledger.state.mailboxes.filter((mailbox) => mailbox !== null).map((mailbox) => mailbox.uidValidity);

describe('CREATE', () => {
  test('makes a mailbox without messages, with its own id', () => {
    const id = ledger.run(createMailbox('Work'));
    expect(ledger.mailbox('Work')).toMatchObject({ id, exists: 0, uidNext: 1 });
  });

  test('makes the parents that are missing, as real mailboxes', () => {
    create('a/b/c');
    expect(others()).toEqual(['a', 'a/b', 'a/b/c']);
  });

  test('hangs a child on a parent that is there', () => {
    create('a', 'a/b', 'INBOX/x');
    expect(others()).toEqual(['INBOX/x', 'a', 'a/b']);
  });

  test.each([
    ['INBOX', 'ALREADYEXISTS'],
    ['Trash', 'ALREADYEXISTS'],
    ['trash', 'done'],
    ['', 'CANNOT'],
    ['/', 'CANNOT'],
    ['/a', 'CANNOT'],
    ['a/', 'CANNOT'],
    ['a//b', 'CANNOT'],
    ['a\u0000b', 'CANNOT'],
    ['a\r\nb', 'CANNOT'],
    ['a/\u007f', 'CANNOT'],
    ['\u0085', 'CANNOT'],
    ['a\u2028b', 'CANNOT'],
    ['a\ud800', 'CANNOT'],
    ['\ud83d\ude00', 'done'],
    ['Other Users', 'CANNOT'],
    ['Other Users/bob/INBOX', 'CANNOT'],
    ['Other Users2', 'done'],
    ['a/Other Users', 'done'],
    ['__proto__/constructor', 'done'],
    ['%*', 'done'],
    ['x'.repeat(limits.mailboxNameBytes), 'done'],
    ['x'.repeat(limits.mailboxNameBytes + 1), 'LIMIT'],
    ['ä'.repeat(limits.mailboxNameBytes / 2), 'done'],
    ['ä'.repeat(limits.mailboxNameBytes / 2 + 1), 'LIMIT'],
    [Array.from({ length: limits.mailboxDepth }, () => 'd').join('/'), 'done'],
    [Array.from({ length: limits.mailboxDepth + 1 }, () => 'd').join('/'), 'LIMIT'],
  ])('of %j: %s', (name, expected) => {
    expect(ledger.refusal(createMailbox(name))).toBe(expected);
  });

  test(`an account has at most ${limits.mailboxes} mailboxes, parents counted`, () => {
    const records = Array.from({ length: limits.mailboxes - FIRST.length - 1 }, (_, k) => ledger.change(createMailbox(`n${k}`))![0]!);
    ledger.apply(records.map((record, k) => (record.kind === 'mailboxCreated' ? { ...record, mailbox: (record.mailbox + k) as never } : record)));
    expect(ledger.refusal(createMailbox('a/b'))).toBe('LIMIT');
    create('a');
    expect(ledger.state.tree.size).toBe(limits.mailboxes);
    expect(ledger.refusal(createMailbox('b'))).toBe('LIMIT');
    expect(ledger.refusal(renameMailbox('INBOX', 'b'))).toBe('LIMIT');
    expect(ledger.refusal(renameMailbox('a', 'b'))).toBe('done');
    remove('a');
    expect(ledger.refusal(createMailbox('b'))).toBe('done');
  });
});

describe('UIDVALIDITY', () => {
  test('is the time in seconds where that is above all before (N3)', () => {
    ledger.timeMs = NOON_MS + 3_600_999;
    create('a');
    expect(uidValidity('a')).toBe(NOON + 3_600);
  });

  test('of two mailboxes made in the same second differs, and rises', () => {
    create('a', 'b', 'c/d/e');
    expect(new Set(validities()).size).toBe(validities().length);
    expect(validities()).toEqual(validities().toSorted((x, y) => x - y));
  });

  test('of a name that is made again is higher, even if the clock was set back', () => {
    create('a');
    const before = uidValidity('a');
    remove('a');
    ledger.timeMs -= 86_400_000;
    create('a');
    expect(uidValidity('a')).toBe(before + 1);
  });

  test('is kept through RENAME', () => {
    create('a/b');
    const before = uidValidity('a/b');
    ledger.timeMs += 5_000;
    ledger.run(renameMailbox('a', 'z'));
    expect(uidValidity('z/b')).toBe(before);
  });
});

describe('DELETE', () => {
  test('takes a mailbox away with its messages and their bytes', () => {
    create('a');
    ledger.add('a', { sizeBytes: 50 });
    remove('a');
    expect([others(), ledger.state.usedBytes]).toEqual([[], 0]);
  });

  test.each([
    ['INBOX', 'CANNOT'],
    ['Nowhere', 'NONEXISTENT'],
    ['', 'NONEXISTENT'],
  ])('of %j: %s', (name, code) => {
    expect(ledger.refusal(deleteMailbox(name))).toBe(code);
  });

  test('of INBOX with children is refused as well', () => {
    create('INBOX/x');
    expect(ledger.refusal(deleteMailbox('INBOX'))).toBe('CANNOT');
  });

  test('of a mailbox with children leaves its name, without messages, and cannot be done twice', () => {
    create('a/b');
    ledger.add('a', { sizeBytes: 50 });
    remove('a');
    expect(others()).toEqual(['(a)', 'a/b']);
    expect(ledger.state.usedBytes).toBe(0);
    expect(ledger.refusal(deleteMailbox('a'))).toBeNull();
  });

  test('of the last child takes such names away too, all the way up', () => {
    create('a/b/c', 'a/b/d');
    remove('a', 'a/b', 'a/b/c');
    expect(others()).toEqual(['(a)', '(a/b)', 'a/b/d']);
    remove('a/b/d');
    expect(others()).toEqual([]);
  });

  test('stops at a parent that is a mailbox, or has other children', () => {
    create('a/b/c', 'a/x');
    remove('a', 'a/b', 'a/b/c');
    expect(others()).toEqual(['(a)', 'a/x']);
    create('m/n/o');
    remove('m/n', 'm/n/o');
    expect(others()).toEqual(['(a)', 'a/x', 'm']);
  });

  test('leaves the subscription', () => {
    remove('Junk');
    expect(ledger.state.subscriptions.has('Junk')).toBe(true);
  });

  test('ends a special use: made again, the name is an ordinary mailbox', () => {
    create('Trash/old');
    remove('Trash');
    create('Trash');
    expect(ledger.state.tree.find('Trash')!.specialUse).toBeNull();
  });
});

describe('CREATE on a name without messages', () => {
  test('is a new mailbox, with a new id and UIDVALIDITY, and has the children', () => {
    create('a/b/c', 'a/d');
    const [oldId, oldValidity] = [ledger.mailbox('a').id, uidValidity('a')];
    const child = ledger.mailbox('a/b').id;
    ledger.add('a/b', {});
    remove('a');
    create('a');
    expect(others()).toEqual(['a', 'a/b', 'a/b/c', 'a/d']);
    expect(ledger.mailbox('a').id).not.toBe(oldId);
    expect(uidValidity('a')).toBeGreaterThan(oldValidity);
    expect([ledger.mailbox('a/b').id, ledger.mailbox('a/b').exists]).toEqual([child, 1]);
  });

  test('works below such a name too', () => {
    create('a/b/c');
    remove('a', 'a/b');
    create('a/b');
    expect(others()).toEqual(['(a)', 'a/b', 'a/b/c']);
    remove('a/b/c', 'a/b');
    expect(others()).toEqual([]);
  });
});

describe('RENAME', () => {
  test('of a tree is one record', () => {
    create('a/b/c', 'a/d', 'z');
    const id = ledger.state.tree.find('a')!.id;
    const parent = ledger.state.tree.find('z')!.id;
    expect(ledger.change(renameMailbox('a', 'z/y'))).toEqual([{ kind: 'mailboxRenamed', mailbox: id, parent, name: 'y' }]);
    ledger.run(renameMailbox('a', 'z/y'));
    expect(others()).toEqual(['z', 'z/y', 'z/y/b', 'z/y/b/c', 'z/y/d']);
  });

  test('makes the parents that are missing', () => {
    create('a');
    ledger.run(renameMailbox('a', 'x/y/z'));
    expect(others()).toEqual(['x', 'x/y', 'x/y/z']);
  });

  test('keeps messages, UIDs and the special use', () => {
    ledger.add('Sent', {});
    ledger.run(renameMailbox('Sent', 'Old/Sent'));
    expect(ledger.mailbox('Old/Sent').exists).toBe(1);
    expect(ledger.state.tree.find('Old/Sent')!.specialUse).toBe('\\Sent');
  });

  test('does not raise a mod-sequence of the mailbox', () => {
    create('a');
    const before = ledger.mailbox('a').highestModSeq;
    ledger.run(renameMailbox('a', 'b'));
    expect(ledger.mailbox('b').highestModSeq).toBe(before);
  });

  test('leaves subscriptions as they were', () => {
    ledger.run(renameMailbox('Junk', 'Spam'));
    expect([ledger.state.subscriptions.has('Junk'), ledger.state.subscriptions.has('Spam')]).toEqual([true, false]);
  });

  test('of a name without messages moves its children', () => {
    create('a/b');
    remove('a');
    ledger.run(renameMailbox('a', 'z'));
    expect(others()).toEqual(['(z)', 'z/b']);
  });

  test('of the last child takes away names without messages', () => {
    create('a/b/c');
    remove('a', 'a/b');
    ledger.run(renameMailbox('a/b/c', 'c'));
    expect(others()).toEqual(['c']);
  });

  test('within such a name, or to below it, keeps it', () => {
    create('a/b/c');
    remove('a', 'a/b');
    ledger.run(renameMailbox('a/b/c', 'a/b/d'));
    expect(others()).toEqual(['(a)', '(a/b)', 'a/b/d']);
    ledger.run(renameMailbox('a/b/d', 'a/x'));
    expect(others()).toEqual(['(a)', 'a/x']);
    ledger.run(renameMailbox('a/x', 'a/y/x'));
    expect(others()).toEqual(['(a)', 'a/y', 'a/y/x']);
  });

  test.each([
    ['Nowhere', 'x', 'NONEXISTENT'],
    ['a', 'Trash', 'ALREADYEXISTS'],
    ['a', 'a', 'ALREADYEXISTS'],
    ['a', 'INBOX', 'ALREADYEXISTS'],
    ['a', 'gone', 'ALREADYEXISTS'],
    ['a', 'a/x', 'CANNOT'],
    ['a', 'a/b/x', 'CANNOT'],
    ['a', 'ab/x', 'done'],
    ['a', '', 'CANNOT'],
    ['a', 'x/', 'CANNOT'],
    ['a', 'Other Users/x', 'CANNOT'],
    ['a', 'x'.repeat(limits.mailboxNameBytes + 1), 'LIMIT'],
    ['a', 'INBOX/a', 'done'],
    ['Trash', 'a/Trash', 'done'],
  ])('of %s to %j: %s', (from, to, expected) => {
    create('a/b', 'gone/x');
    remove('gone');
    expect(ledger.refusal(renameMailbox(from, to))).toBe(expected);
  });

  test.each([
    ['too deep', Array.from({ length: limits.mailboxDepth - 1 }, () => 'd').join('/')],
    ['too long', 'x'.repeat(limits.mailboxNameBytes - 2)],
  ])('that would make a child %s refuses', (_what, to) => {
    create('a/b/c');
    expect(ledger.refusal(renameMailbox('a', to))).toBe('LIMIT');
    expect(ledger.refusal(renameMailbox('a/b/c', to))).toBe('done');
  });
});

describe('RENAME INBOX', () => {
  test('gives its messages to the new name, under the old id, and leaves a fresh INBOX', () => {
    ledger.add('INBOX', {}, {});
    const [oldId, oldValidity] = [inboxId(ledger.state), uidValidity('INBOX')];
    ledger.run(renameMailbox('INBOX', 'Old'));
    expect(ledger.mailbox('Old')).toMatchObject({ id: oldId, uidValidity: oldValidity, exists: 2 });
    expect(ledger.mailbox('INBOX')).toMatchObject({ exists: 0, uidNext: 1 });
    expect(inboxId(ledger.state)).not.toBe(oldId);
    expect(uidValidity('INBOX')).toBeGreaterThan(oldValidity);
  });

  test('leaves what is below INBOX where it is', () => {
    create('INBOX/x/y', 'INBOX/z');
    const child = ledger.mailbox('INBOX/x').id;
    ledger.run(renameMailbox('INBOX', 'Old'));
    expect(others()).toEqual(['INBOX/x', 'INBOX/x/y', 'INBOX/z', 'Old']);
    expect(ledger.mailbox('INBOX/x').id).toBe(child);
  });

  test.each([
    ['INBOX/old', ['INBOX/old', 'INBOX/x']],
    ['INBOX/x/y', ['INBOX/x', 'INBOX/x/y']],
    ['INBOX/n/y', ['INBOX/n', 'INBOX/n/y', 'INBOX/x']],
  ])('to %s hangs it below the fresh INBOX', (to, expected) => {
    create('INBOX/x');
    ledger.add('INBOX', {});
    ledger.run(renameMailbox('INBOX', to));
    expect(others()).toEqual(expected);
    expect([ledger.mailbox(to).exists, ledger.mailbox('INBOX').exists]).toEqual([1, 0]);
    expect(new Set(validities()).size).toBe(validities().length);
  });

  test('can be done again and again', () => {
    for (const to of ['1', '2', 'INBOX/3', '4']) ledger.run(renameMailbox('INBOX', to));
    expect(others()).toEqual(['INBOX/3', '1', '2', '4']);
  });

  test.each([
    ['INBOX', 'ALREADYEXISTS'],
    ['Trash', 'ALREADYEXISTS'],
    ['Other Users/x', 'CANNOT'],
  ])('to %s: %s', (to, code) => {
    expect(ledger.refusal(renameMailbox('INBOX', to))).toBe(code);
  });

  test('with ten thousand children takes no time that others would notice', () => {
    const records = Array.from({ length: 9_900 }, (_, k) => ledger.change(createMailbox(`INBOX/n${k}`))![0]!);
    ledger.apply(records.map((record, k) => (record.kind === 'mailboxCreated' ? { ...record, mailbox: (record.mailbox + k) as never } : record)));
    ledger.run(renameMailbox('INBOX', 'Old'));
    expect(ledger.state.tree.childrenOf(inboxId(ledger.state)!)).toHaveLength(9_900);
  }, 5_000);
});

describe('subscriptions', () => {
  test('are names of their own: the mailbox need not exist', () => {
    ledger.run(subscribe('No/Such'));
    expect(ledger.state.subscriptions.has('No/Such')).toBe(true);
    ledger.run(unsubscribe('No/Such'));
    expect(ledger.state.subscriptions.has('No/Such')).toBe(false);
  });

  test('a new account is subscribed to its mailboxes', () => {
    expect([...ledger.state.subscriptions]).toEqual(FIRST.toSorted());
  });

  test('that are as asked for write nothing', () => {
    expect(ledger.change(subscribe('INBOX'))).toBeNull();
    expect(ledger.change(unsubscribe('Nowhere'))).toBeNull();
  });

  test.each([
    ['', 'CANNOT'],
    ['a//b', 'CANNOT'],
    ['x'.repeat(limits.mailboxNameBytes + 1), 'LIMIT'],
  ])('to %j: %s', (name, code) => {
    expect(ledger.refusal(subscribe(name))).toBe(code);
  });

  test(`are at most ${limits.subscriptions}`, () => {
    ledger.apply(Array.from({ length: limits.subscriptions - FIRST.length }, (_, k) => ({ kind: 'subscribed' as const, name: `n${k}` })));
    expect(ledger.refusal(subscribe('one more'))).toBe('LIMIT');
    expect(ledger.refusal(subscribe('n1'))).toBe('done');
    expect(ledger.refusal(unsubscribe('n1'))).toBe('done');
  }, 5_000);
});

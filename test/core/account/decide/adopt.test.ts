import { adoptMailbox, adoptMessage, raiseModSeq, skipUids, type FormerMailbox } from '../../../../services/core/account/decide/adopt';
import { copyMessages } from '../../../../services/core/account/decide/copy-messages';
import { createMailbox, deleteMailbox } from '../../../../services/core/account/decide/folders';
import { limits } from '../../../../services/core/runtime/limits';
import { asUid, asUidValidity } from '../../../../services/core/runtime/numbers';
import { incoming, Ledger, NOON_MS } from '../ledger';

const former = (uidValidity: number, uidNext = 10): FormerMailbox => ({ uidValidity: asUidValidity(uidValidity), uidNext });
const adopt = (name: string, from = former(77), bare: string[] = []) => adoptMailbox(name, from, new Set(bare));
const bring = (name: string, uid: number | null, id: number, from = former(77)) =>
  adoptMessage(name, from, uid === null ? null : asUid(uid), incoming(), new Uint8Array(16).fill(id));

let ledger: Ledger;

beforeEach(() => {
  ledger = Ledger.open();
});

const uids = (name: string): number[] => [...ledger.mailbox(name).uids()];

test('a mailbox keeps UIDVALIDITY, UIDs and UIDNEXT of where it comes from (N2, N3)', () => {
  ledger.run(adopt('a'));
  for (const uid of [2, 5, 6]) ledger.run(bring('a', uid, uid));
  ledger.run(skipUids('a', former(77)));
  expect([ledger.mailbox('a').uidValidity, uids('a'), ledger.mailbox('a').uidNext]).toEqual([77, [2, 5, 6], 10]);
  expect(ledger.add('a', {})).toEqual([10]);
  expect(ledger.change(skipUids('a', former(77)))).toBeNull();
});

test('a mailbox made later has a higher UIDVALIDITY than one that was brought (N3)', () => {
  ledger.run(adopt('a', former(4_000_000_000)));
  ledger.run(createMailbox('b'));
  expect(ledger.mailbox('b').uidValidity).toBe(4_000_000_001);
});

test('a message without a UID comes behind all that were given, here and there', () => {
  ledger.run(adopt('a'));
  ledger.run(bring('a', null, 1));
  ledger.run(bring('a', null, 2));
  expect(uids('a')).toEqual([10, 11]);
});

test('a mailbox that never had a message gives way: special use, children and name stay, INBOX too', () => {
  ledger.run(createMailbox('Sent/old'));
  ledger.run(createMailbox('INBOX/x'));
  const before = ['INBOX', 'Sent'].map((name) => ledger.mailbox(name).id);
  for (const name of ['INBOX', 'Sent']) ledger.run(adopt(name));
  expect(ledger.names()).toEqual(['INBOX', 'INBOX/x', 'Archive', 'Drafts', 'Junk', 'Sent', 'Sent/old', 'Trash']);
  expect(ledger.state.tree.find('Sent')).toMatchObject({ specialUse: '\\Sent', selectable: true });
  expect(['INBOX', 'Sent'].map((name) => ledger.mailbox(name).id)).not.toEqual(before);
});

test('a mailbox that has the UIDVALIDITY by chance gives way as well: only one that was brought is gone on with', () => {
  const { id, uidValidity } = ledger.mailbox('INBOX');
  ledger.run(adopt('INBOX', former(uidValidity)));
  expect(ledger.mailbox('INBOX').id).not.toBe(id);
});

test.each(['messages', 'messages that are gone'])('a mailbox that has had %s is refused', (what) => {
  const [uid] = ledger.add('Sent', {});
  if (what !== 'messages') ledger.apply([{ kind: 'expunged', mailbox: ledger.mailbox('Sent').id, uids: ledger.mailbox('Sent').uids() }]);
  expect(uid).toBe(1);
  expect(ledger.refusal(adopt('Sent'))).toBe('ALREADYEXISTS');
  expect(ledger.refusal(adopt('Sent', former(ledger.mailbox('Sent').uidValidity)))).toBe('ALREADYEXISTS');
});

test('an import that was cut off goes on where it was; what is known changes nothing', () => {
  ledger.run(adopt('a'));
  ledger.run(bring('a', 2, 1));
  expect(ledger.change(adopt('a'))).toBeNull();
  expect(ledger.run(bring('a', 2, 1))).toBeNull();
  expect(ledger.run(bring('a', 3, 2))).toMatchObject({ uids: [3], uidValidity: 77 });
  expect(uids('a')).toEqual([2, 3]);
});

test('a message whose UID another has taken is refused', () => {
  ledger.run(adopt('a'));
  ledger.run(bring('a', 2, 1));
  ledger.add('a', {}); // A delivery took UID 3.
  expect(ledger.refusal(bring('a', 3, 2))).toBe('CANNOT');
  expect(ledger.refusal(bring('a', 2, 3))).toBe('CANNOT');
  expect(ledger.refusal(bring('a', 4, 2))).toBe('done');
});

test('a mailbox that was made anew in the meantime is refused', () => {
  ledger.run(adopt('a'));
  ledger.run(deleteMailbox('a'));
  ledger.run(createMailbox('a'));
  expect(ledger.refusal(bring('a', 1, 1))).toBe('CANNOT');
  expect(ledger.refusal(skipUids('a', former(77)))).toBe('CANNOT');
});

const adoptAgain = (): void => {
  ledger.run(deleteMailbox('a'));
  ledger.run(adopt('a'));
};

describe('a mailbox adopted a second time gives no UID twice (N2)', () => {
  beforeEach(() => {
    ledger.run(adopt('a'));
    ledger.run(bring('a', 2, 1));
    ledger.run(skipUids('a', former(77)));
    expect(ledger.add('a', {}, {})).toEqual([10, 11]);
  });

  test('its messages have their UIDs again, and new ones come behind all that were given', () => {
    adoptAgain();
    expect(ledger.run(bring('a', 2, 2))).toMatchObject({ uids: [2] });
    expect(ledger.run(bring('a', null, 3))).toMatchObject({ uids: [12] });
    expect(ledger.add('a', {})).toEqual([13]);
  });

  test('UIDNEXT does not go back', () => {
    adoptAgain();
    ledger.run(skipUids('a', former(77)));
    expect(ledger.mailbox('a').uidNext).toBe(12);
    expect(ledger.change(skipUids('a', former(77)))).toBeNull();
    expect(ledger.add('a', {})).toEqual([12]);
  });

  test.each<[string, () => readonly number[]]>([
    ['delivered', () => ledger.add('a', {}, {})],
    ['copied', () => [...ledger.run(copyMessages(ledger.mailbox('b').id, ledger.mailbox('b').uids(), 'a', 'copy')).to]],
  ])('messages %s before its own are back come behind as well', (_how, bringing) => {
    ledger.run(createMailbox('b'));
    ledger.add('b', {}, {});
    adoptAgain();
    expect(bringing()).toEqual([12, 13]);
    expect(ledger.refusal(bring('a', 2, 2))).toBe('CANNOT');
  });

  test('also where it was emptied for its children, and by the highest of all that were gone', () => {
    ledger.run(createMailbox('a/b'));
    adoptAgain();
    expect(ledger.add('a', {})).toEqual([12]);
    ledger.run(deleteMailbox('a'));
    ledger.run(adopt('c'));
    ledger.run(bring('c', 2, 4));
    ledger.run(deleteMailbox('c'));
    ledger.run(adopt('a'));
    expect(ledger.add('a', {})).toEqual([13]);
    ledger.run(adopt('d', former(78)));
    expect(ledger.add('d', {})).toEqual([1]);
  });

  test('nor does one that was made here and comes back from its export', () => {
    ledger.run(createMailbox('b'));
    const own = former(ledger.mailbox('b').uidValidity, 2);
    ledger.add('b', {}, {}, {});
    ledger.run(deleteMailbox('b'));
    ledger.run(adopt('b', own));
    expect(ledger.run(bring('b', 1, 5, own))).toMatchObject({ uids: [1] });
    expect(ledger.add('b', {})).toEqual([4]);
  });
});

test('a name that had no messages where it comes from has none here', () => {
  ledger.run(adopt('a/b/c', former(77), ['a', 'a/b']));
  ledger.run(createMailbox('x/y', new Set(['x'])));
  expect(ledger.names().filter((name) => !ledger.state.tree.find(name)?.specialUse)).toEqual(['INBOX', '(a)', '(a/b)', 'a/b/c', '(x)', 'x/y']);
  ledger.run(adopt('a', former(5)));
  expect(ledger.names()).toEqual(expect.arrayContaining(['a', '(a/b)', 'a/b/c']));
});

test.each<[string, () => unknown, string]>([
  ['a UID of 2^31', () => bring('a', limits.uidMax + 1, 1), 'LIMIT'],
  ['a UIDVALIDITY above which there is no room', () => adopt('b', former(2 ** 32 - 1)), 'LIMIT'],
  ['a name that no mailbox may have', () => adopt('a//b'), 'CANNOT'],
  ['a mailbox that is not there', () => bring('nowhere', 1, 1), 'TRYCREATE'],
])('%s is refused', (_what, decide, code) => {
  ledger.run(adopt('a'));
  expect(ledger.refusal(decide() as ReturnType<typeof adopt>)).toBe(code);
});

test('the base is raised to the clock, and never lowered (N5)', () => {
  ledger.run(raiseModSeq());
  expect(ledger.state.modSeqBase).toBe(NOON_MS);
  expect(ledger.change(raiseModSeq())).toBeNull();
  ledger.timeMs += 5;
  expect(ledger.change(raiseModSeq())).toEqual([{ kind: 'modSeqRaised', modSeq: NOON_MS + 5 }]);
  ledger.apply([{ kind: 'modSeqRaised', modSeq: 3 }]);
  expect(ledger.state.modSeqBase).toBe(NOON_MS);
});

// STORE: RFC 3501 §6.4.6, RFC 7162 §3.1.3.
import { storeFlags, type FlagEdit } from '../../../../services/core/account/decide/store-flags';
import { UidSet } from '../../../../services/core/account/uid-set';
import { limits } from '../../../../services/core/runtime/limits';
import { asMailboxId, type MailboxId } from '../../../../services/core/runtime/numbers';
import { Ledger } from '../ledger';

const keywordNames = (count: number): string[] => Array.from({ length: count }, (_, k) => `k${k}`);
const all = UidSet.ofRanges([[1, 4_294_967_295]]);
let ledger: Ledger;
let inbox: MailboxId;
beforeEach(() => {
  ledger = Ledger.open();
  // UIDs 1 to 3, all with mod-sequence 2.
  ledger.add('INBOX', {}, { flags: ['\\Seen', 'work'] }, { flags: ['\\Seen', '\\Flagged'] });
  inbox = ledger.mailbox('INBOX').id;
});

const store = (mode: FlagEdit['mode'], flags: readonly string[], uids = all, unchangedSince: number | null = null) =>
  storeFlags(inbox, uids, { mode, flags }, unchangedSince);
const flags = (): string[][] => [1, 2, 3].map((uid) => ledger.flags('INBOX', uid));
const modSeqs = (): number[] => [1, 2, 3].map((uid) => ledger.mailbox('INBOX').get(uid)!.modSeq);

test.each<[FlagEdit['mode'], string[], string[][]]>([
  ['add', ['\\Seen'], [['\\Seen'], ['\\Seen', 'work'], ['\\Seen', '\\Flagged']]],
  ['add', ['WORK', 'home'], [['work', 'home'], ['\\Seen', 'work', 'home'], ['\\Seen', '\\Flagged', 'work', 'home']]],
  ['remove', ['\\SEEN'], [[], ['work'], ['\\Flagged']]],
  ['remove', ['\\Seen', 'work', 'unknown'], [[], [], ['\\Flagged']]],
  ['replace', ['\\Draft'], [['\\Draft'], ['\\Draft'], ['\\Draft']]],
  ['replace', [], [[], [], []]],
  ['add', ['\\Answered', '\\answered'], [['\\Answered'], ['\\Seen', '\\Answered', 'work'], ['\\Seen', '\\Answered', '\\Flagged']]],
])('%s %j makes %j', (mode, names, expected) => {
  ledger.run(store(mode, names));
  expect(flags()).toEqual(expected);
});

test.each<[string, FlagEdit['mode'], string[], UidSet]>([
  ['adding what is there', 'add', ['\\Seen'], UidSet.of([2, 3])],
  ['adding nothing', 'add', [], all],
  ['removing what is not there', 'remove', ['\\Answered'], all],
  ['removing a keyword that nobody knows', 'remove', ['unknown'], all],
  ['replacing by the same, in another order and case', 'replace', ['WORK', '\\seen'], UidSet.of([2])],
  ['a new keyword on no message', 'add', ['new'], UidSet.of([9])],
])('%s writes nothing', (_what, mode, names, uids) => {
  expect(ledger.change(store(mode, names, uids))).toBeNull();
});

test('the facts name exactly the messages that change, for each flag and direction', () => {
  const change = ledger.change(store('replace', ['\\Flagged', 'new']))!;
  expect(change[0]).toEqual({ kind: 'keywordsAdded', names: ['new'] });
  const facts = change.slice(1).map((record) => (record.kind === 'flagged' ? `${record.set ? '+' : '-'}${record.flag} ${[...record.uids].join()}` : record.kind));
  expect(facts.sort()).toEqual(['+2 1,2', '+6 1,2,3', '-0 2,3', '-5 2']);
});

test('a removal teaches no keyword', () => {
  ledger.run(store('remove', ['\\Seen', 'unknown']));
  expect(ledger.state.keywords).toEqual(['work']);
});

test('messages that do not change keep their mod-sequence; those that do share one', () => {
  ledger.run(store('add', ['\\Seen', '\\Flagged']));
  expect(modSeqs()).toEqual([3, 3, 2]);
  ledger.run(store('add', ['\\Draft'], UidSet.of([3])));
  expect(modSeqs()).toEqual([3, 3, 4]);
  expect(ledger.mailbox('INBOX').highestModSeq).toBe(4);
});

test('what is not in the mailbox is passed over', () => {
  const { stored, modified } = ledger.run(store('add', ['\\Draft'], UidSet.of([2, 7])));
  expect([[...stored], [...modified]]).toEqual([[2], []]);
});

describe('UNCHANGEDSINCE', () => {
  // Message 1 changes with mod-sequence 3, after the others.
  beforeEach(() => ledger.run(store('add', ['\\Answered'], UidSet.of([1]))));

  test.each<[string, number, FlagEdit['mode'], string[], number[], number[]]>([
    ['a message that changed since is modified', 2, 'add', ['\\Draft'], [2, 3], [1]],
    ['a message changed by that very mod-sequence is not', 3, 'add', ['\\Draft'], [1, 2, 3], []],
    ['a message that is as asked for already is not, though it changed since', 2, 'add', ['\\Answered'], [1, 2, 3], []],
    ['nor one whose flags are replaced by the same', 1, 'replace', ['\\Answered'], [1], [2, 3]],
    ['nor one from which nothing is to be removed', 1, 'remove', ['work'], [1, 3], [2]],
    ['0 always fails', 0, 'add', ['\\Draft'], [], [1, 2, 3]],
    ['0 fails even where the flags are as asked for', 0, 'add', ['\\Answered'], [], [1, 2, 3]],
    ['the largest number never fails', Number.MAX_SAFE_INTEGER, 'add', ['\\Draft'], [1, 2, 3], []],
  ])('%s', (_what, since, mode, names, expectedStored, expectedModified) => {
    const before = flags();
    const { stored, modified } = ledger.run(store(mode, names, all, since));
    expect([[...stored], [...modified]]).toEqual([expectedStored, expectedModified]);
    for (const uid of expectedModified) expect(ledger.flags('INBOX', uid)).toEqual(before[uid - 1]);
  });

  test('a set that names a message twice does not fail on its own change', () => {
    const { modified } = ledger.run(store('add', ['\\Draft'], UidSet.ofRanges([[1, 3], [2, 2], [1, 1]]), 3));
    expect(modified.isEmpty).toBe(true);
  });

  test('if every message is modified nothing is written, and no keyword learnt', () => {
    expect(ledger.change(store('add', ['new'], all, 1))).toBeNull();
  });
});

test('the result says what the edit makes of any flags', () => {
  const { edit } = ledger.run(store('add', ['\\Draft', 'work']));
  expect(edit([0, 5])).toEqual([0, 4, 5]);
});

test('a mailbox that is gone refuses', () => {
  expect(ledger.refusal(storeFlags(asMailboxId(99), all, { mode: 'add', flags: ['\\Seen'] }))).toBe('NONEXISTENT');
});

describe('the dictionary of keywords', () => {
  test(`takes ${limits.keywords} keywords, in any case, and no more`, () => {
    ledger.run(store('add', keywordNames(limits.keywords - 1)));
    expect(ledger.state.keywords).toHaveLength(limits.keywords);
    expect(ledger.refusal(store('add', ['one-more']))).toBe('LIMIT');
    expect(ledger.refusal(store('add', ['K3', 'WORK'], UidSet.of([2])))).toBe('done');
    expect(ledger.flags('INBOX', 3)).toContain('k126');
  });

  test('when full, still lets flags be removed, unknown ones too', () => {
    ledger.run(store('add', keywordNames(limits.keywords - 1)));
    expect(ledger.refusal(store('remove', ['unknown', 'k1']))).toBe('done');
    ledger.run(store('remove', ['unknown', 'k1']));
    expect(ledger.flags('INBOX', 1)).not.toContain('k1');
  });

  test('refuses a command that brings too many as a whole', () => {
    expect(ledger.refusal(store('add', keywordNames(limits.keywords)))).toBe('LIMIT');
    expect(ledger.state.keywords).toEqual(['work']);
  });

  test.each([
    ['\\Recent', 'CANNOT'],
    ['\\Whatever', 'CANNOT'],
    ['k'.repeat(limits.keywordBytes), 'done'],
    ['k'.repeat(limits.keywordBytes + 1), 'LIMIT'],
    ['ä'.repeat(limits.keywordBytes / 2 + 1), 'LIMIT'],
  ])('a flag %s: %s', (name, expected) => {
    expect(ledger.refusal(store('add', [name]))).toBe(expected);
  });

  test('a hundred thousand names of known keywords cost no more than reading them', () => {
    ledger.run(store('add', keywordNames(limits.keywords - 1)));
    const many = Array.from({ length: 100_000 }, (_, k) => `K${k % 120}`);
    expect(ledger.change(store('add', many))).toBeNull();
  }, 5_000);
});

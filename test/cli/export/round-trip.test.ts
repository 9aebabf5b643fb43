// What is exported and imported again is what it was: to the octet, the millisecond, the keyword and, if asked for, the UID.
import * as fc from 'fast-check';
import { join } from 'node:path';
import { createMailbox, deleteMailbox, subscribe, unsubscribe } from '../../../services/core/account/decide/folders';
import { storeFlags } from '../../../services/core/account/decide/store-flags';
import { expunge } from '../../../services/core/account/decide/expunge';
import { UidSet } from '../../../services/core/account/uid-set';
import { Refusal } from '../../../services/core/runtime/errors';
import { closeMemoryNodes, memoryNode, type MemoryNode } from '../../support/memory-node';
import { addMail, exportTo, importFrom, mailboxIn, removeFolder, see, temporaryFolder, withUser, type SeenAccount, type SeenMailbox } from './moved-account';

afterEach(closeMemoryNodes);

const part = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'Work', 'work', '.', '..', '.x', 'a.b', '~', '~root', 'x~', '\\', '\\2e', '\\5c2e', 'C:\\dev', '&', '&-', '&AOQ-', 'cur', 'new', 'tmp', 'isomail-7', 'maildirfolder', '%*', ' ', 'a b', "it's") },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }) },
  { weight: 2, arbitrary: fc.array(fc.constantFrom('.', '\\', '~', '&', '-', '2', 'e', 'ä', '日', '😀', '/'), { minLength: 1, maxLength: 6 }).map((letters) => letters.join('')) },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(260), 'ü'.repeat(120), '.'.repeat(90)) },
);
const name = fc.oneof({ weight: 1, arbitrary: fc.constant('INBOX') }, { weight: 4, arbitrary: fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/').normalize('NFC')) });
const flag = fc.oneof(fc.constantFrom('\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft', '$Forwarded', '$forwarded', '$Junk', 'NonJunk'), fc.nat(40).map((k) => `k${k}`));
const text = fc.array(fc.constantFrom('Subject: x\r\n', 'From: a@b\r\n', '\r\n', '\n', '\r', 'word ', '\xe4\xff\x80', 'From me\r\n', 'é\r\n', '.\r\n', ' \t', 'x'.repeat(5000)), { maxLength: 12 }).map((pieces) => pieces.join(''));
const date = fc.oneof(
  fc.integer({ min: 0, max: 4_000_000_000_000 }),
  fc.integer({ min: 1_400_000_000_000, max: 1_800_000_000_000 }),
  fc.constantFrom(0, 1, 999, 1_000_000_000_001, -1, -62_135_596_800_000, Date.UTC(9999, 11, 31, 23, 59, 59)),
);
const flags = fc.oneof({ weight: 4, arbitrary: fc.constant(8) }, { weight: 1, arbitrary: fc.constant(45) }).chain((maxLength) => fc.uniqueArray(flag, { minLength: maxLength === 45 ? 30 : 0, maxLength, selector: (word) => word.toLowerCase() }));
const mail = fc.record({ text, flags, internalDateMs: date, pop3Uidl: fc.option(fc.string({ minLength: 1, maxLength: 70, unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) })) });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('create' as const), name }) },
  { weight: 9, arbitrary: fc.record({ kind: fc.constant('mail' as const), place: fc.nat(), mail }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('expunge' as const), place: fc.nat(), uid: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), place: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('subscribe' as const), name, set: fc.boolean() }) },
);
const plan = fc.array(step, { minLength: 1, maxLength: 25 });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const BORN = ['INBOX', 'Archive', 'Drafts', 'Junk', 'Sent', 'Trash'];

async function unlessRefused(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

async function fill(node: MemoryNode, login: string, steps: readonly Step[]): Promise<void> {
  const uidls = new Set<string>();
  for (const each of steps) {
    const names = Object.entries((await see(node, login)).mailboxes).flatMap(([known, mailbox]) => (mailbox ? [known] : []));
    const place = 'place' in each ? names[each.place % names.length]! : '';
    await withUser(node, login, async (account) => {
      if (each.kind === 'create') await unlessRefused(account.commit(createMailbox(each.name)));
      else if (each.kind === 'subscribe') await unlessRefused(account.commit(each.set ? subscribe(each.name) : unsubscribe(each.name)));
      else if (each.kind === 'delete' && !BORN.includes(place)) await unlessRefused(account.commit(deleteMailbox(place)));
      else if (each.kind === 'expunge') {
        const { id } = mailboxIn(account, place);
        await account.commit(storeFlags(id, UidSet.of([each.uid]), { mode: 'add', flags: ['\\Deleted'] }));
        await account.commit(expunge(id));
      } else if (each.kind === 'mail') {
        // As in life: POP3 shows only INBOX, and no two messages of it alike.
        const { pop3Uidl } = each.mail;
        const keeps = pop3Uidl !== null && place === 'INBOX' && !uidls.has(pop3Uidl);
        if (keeps) uidls.add(pop3Uidl);
        await addMail(node, login, place, { ...each.mail, pop3Uidl: keeps ? pop3Uidl : null });
      }
    });
  }
}

function bare(mailbox: SeenMailbox | null) {
  return mailbox?.messages.map(({ uid: _uid, pop3Uidl: _pop3Uidl, ...message }) => message) ?? null;
}

/** Without what an import gives anew. */
function withoutUids({ mailboxes, ...rest }: SeenAccount) {
  const uidls = mailboxes['INBOX']!.messages.map(({ pop3Uidl }) => pop3Uidl);
  return { ...rest, uidls, mailboxes: Object.fromEntries(Object.entries(mailboxes).map(([known, mailbox]) => [known, bare(mailbox)])) };
}

/** An account is born with some mailboxes and subscribed to them: what the other had not is left as it is. */
function as(born: SeenAccount, other: SeenAccount): SeenAccount {
  return { mailboxes: { ...born.mailboxes, ...other.mailboxes }, subscriptions: [...new Set([...BORN, ...other.subscriptions])].sort() };
}

async function expectReturn(steps: readonly Step[]): Promise<void> {
  const folder = await temporaryFolder();
  try {
    const node = memoryNode();
    for (const login of ['old', 'plain', 'kept', 'again']) await node.users.add(login, 'secret');
    await fill(node, 'old', steps);
    const old = await see(node, 'old');
    const count = Object.values(old.mailboxes).reduce((sum, mailbox) => sum + (mailbox?.messages.length ?? 0), 0);
    expect(await exportTo(join(folder, 'one'), node, 'old')).toMatchObject({ messages: count, leftOut: [] });

    expect(await importFrom(join(folder, 'one'), node, 'plain', false)).toEqual({ added: count, known: 0, skipped: 0 });
    const plain = await see(node, 'plain');
    expect(withoutUids({ ...plain, subscriptions: [...plain.subscriptions].sort() })).toEqual(withoutUids(as(plain, old)));

    expect(await importFrom(join(folder, 'one'), node, 'kept', true)).toEqual({ added: count, known: 0, skipped: 0 });
    const kept = await see(node, 'kept');
    expect({ ...kept, subscriptions: [...kept.subscriptions].sort() }).toEqual(as(kept, old));
    expect(await importFrom(join(folder, 'one'), node, 'kept', true)).toEqual({ added: 0, known: count, skipped: 0 });
    expect(await see(node, 'kept')).toEqual(kept);

    // What came from an import is exported as well as what did not.
    await exportTo(join(folder, 'two'), node, 'kept');
    await importFrom(join(folder, 'two'), node, 'again', true);
    expect(await see(node, 'again')).toEqual(kept);
  } finally {
    closeMemoryNodes();
    await removeFolder(folder);
  }
}

test('any account comes back from an export as it was; with --keep-uids with its UIDs, POP3 unique-ids and UIDNEXT', async () => {
  await fc.assert(fc.asyncProperty(plan, expectReturn), { numRuns: 25 });
}, 60_000);

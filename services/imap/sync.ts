// What has changed in the selected mailbox, said to the client in the order that RFC 3501 §7.4.1 and RFC 7162 ask for:
// EXPUNGE or VANISHED, then EXISTS and RECENT, then FETCH.
import { inboxId } from '../core/account/decide/folders';
import { mailboxById, type AccountState } from '../core/account/account-state';
import type { Row } from '../core/account/chunk';
import { sameFlags } from '../core/account/decide/store-flags';
import { flagName, type FlagNumber } from '../core/account/flag';
import type { Mailbox } from '../core/account/mailbox';
import { UidSet } from '../core/account/uid-set';
import { ByteWriter } from '../core/wire/byte-writer';
import { heldBackModSeq } from './condstore';
import { Farewell } from './farewell';
import { writeMailboxFlags } from './responses/flags';
import { writeVanished } from './responses/vanished';
import type { Selected, Session } from './session';
import { lowerBound } from '../core/runtime/lower-bound';

/** So many messages are told before others get their turn. */
const PIECE_MESSAGES = 512;

/** A STORE that this session just did. */
export interface OwnStore {
  /** The messages that it touched, whether or not it changed them. */
  readonly uids: UidSet;
  /** .SILENT: what came out as the client expects is not told (RFC 3501 §6.4.6). */
  readonly isSilent: boolean;
  /** UNCHANGEDSINCE: the mod-sequence of each is told all the same, changed or not (RFC 7162 §3.1.3). */
  readonly isConditional: boolean;
  /** What it makes of flags. */
  readonly edit: (flags: readonly FlagNumber[]) => readonly FlagNumber[];
  /** UID STORE: its answers carry UIDs. */
  readonly byUid: boolean;
}

/** Throws Farewell if the account was closed while the session was on. */
export function requireOpenAccount({ deleted, disabled }: AccountState): void {
  if (deleted || disabled) throw new Farewell('this account was closed');
}

/** The newest version of what the session has selected. Throws Farewell if it is gone, or the account closed. */
export function newestSelected(session: Session): { readonly state: AccountState; readonly mailbox: Mailbox } {
  const { state } = session.account;
  const { mailbox: id, isInbox } = session.selected;
  requireOpenAccount(state);
  const mailbox = mailboxById(state, id);
  if (!mailbox || (isInbox && inboxId(state) !== id)) throw new Farewell('the selected mailbox was deleted or renamed');
  return { state, mailbox };
}

/**
 * Brings the view to the newest version and yields what must be said, in pieces, some of which may be empty; returns whose flags were
 * told. 'hold' keeps expunges back. `before`: whose flags were told already while this command runs. Throws Farewell.
 */
export function* syncSelected(session: Session, mode: 'hold' | 'all', own?: OwnStore, before = UidSet.empty): Generator<Uint8Array, UidSet> {
  const { state, mailbox } = newestSelected(session);
  const { selected, account, enabled } = session;
  const { view } = selected;
  const changes = mode === 'all' ? view.syncAll(mailbox) : view.syncHold(mailbox);
  const writer = new ByteWriter();

  if (selected.keywordsTold < state.keywords.length) {
    writeMailboxFlags(writer, state.keywords);
    selected.keywordsTold = state.keywords.length;
  }
  if (enabled.has('QRESYNC')) {
    if (changes.gone.length > 0) writeVanished(writer, UidSet.of(changes.gone.map(({ uid }) => uid)), false);
  } else {
    for (const [i, { number }] of changes.gone.entries()) {
      if (i % PIECE_MESSAGES === PIECE_MESSAGES - 1) yield writer.take();
      writer.ascii('* ').number(number).ascii(' EXPUNGE').crlf();
    }
  }
  if (changes.exists !== null) {
    claimRecent(selected, account.recent.claim(mailbox, !selected.isReadOnly), mailbox);
    writer.ascii(`* ${changes.exists} EXISTS`).crlf();
    writer.ascii(`* ${recentCount(selected)} RECENT`).crlf();
  }
  const told: number[] = [];
  for (const { number, before: old, row } of changes.changed) {
    if (told.push(row.uid) % PIECE_MESSAGES === 0) yield writer.take();
    const isOwn = own?.uids.has(row.uid) ?? false;
    // Flags that were told while a silent STORE ran may count for what it made of them: then they are told again.
    const isExpected = isOwn && own!.isSilent && !before.has(row.uid) && sameFlags(row.flags, own!.edit(old.flags));
    writeFlagFetch(writer, session, state, number, row, { isExpected, withUid: isOwn && own!.byUid });
  }
  const uids = UidSet.ofAscending(told);
  if (own && (!own.isSilent || own.isConditional)) {
    for (const row of mailbox.among(own.uids)) {
      const number = view.numberOf(row.uid);
      if (number === null || uids.has(row.uid)) continue;
      if (told.push(row.uid) % PIECE_MESSAGES === 0) yield writer.take();
      writeFlagFetch(writer, session, state, number, row, { isExpected: own.isSilent, withUid: own.byUid });
    }
  }
  if (changes.heldBack !== null || told.length > 0) writer.bytes(heldBackModSeq(session));
  yield writer.take();
  return uids;
}

/** Messages from UID `first` on are \Recent in this session. */
export function claimRecent({ recent }: Selected, first: number, mailbox: Mailbox): void {
  const last = mailbox.uidNext - 1;
  if (first > last) return;
  const latest = recent.at(-1);
  if (latest && latest[1] >= first - 1) recent[recent.length - 1] = [latest[0], Math.max(latest[1], last)];
  else recent.push([first, last]);
}

export function isRecent({ recent }: Selected, uid: number): boolean {
  const range = recent[lowerBound(recent.length, (i) => recent[i]![1] < uid)];
  return range !== undefined && range[0] <= uid;
}

/** How many messages of the view are \Recent. */
export function recentCount({ view, recent }: Selected): number {
  let count = 0;
  for (const [first, last] of recent) count += view.mailbox.rank(last + 1) - view.mailbox.rank(first);
  return count;
}

/** The names of a row's flags as this session sees them. */
export function flagNames(selected: Selected, state: AccountState, row: Row): string[] {
  const names = row.flags.map((flag) => flagName(flag, state.keywords));
  if (isRecent(selected, row.uid)) names.push('\\Recent');
  return names;
}

/** `* n FETCH` of what changed; one's own silent change is told only by its mod-sequence, and that only under CONDSTORE. */
function writeFlagFetch(
  writer: ByteWriter,
  session: Session,
  state: AccountState,
  number: number,
  row: Row,
  { isExpected, withUid }: { readonly isExpected: boolean; readonly withUid: boolean },
): void {
  const hasModSeq = session.enabled.has('CONDSTORE');
  if (isExpected && !hasModSeq) return;
  const items: string[] = [];
  if (withUid || hasModSeq) items.push(`UID ${row.uid}`);
  if (!isExpected) items.push(`FLAGS (${flagNames(session.selected, state, row).join(' ')})`);
  if (hasModSeq) items.push(`MODSEQ (${row.modSeq})`);
  writer.ascii('* ').number(number).ascii(` FETCH (${items.join(' ')})`).crlf();
}

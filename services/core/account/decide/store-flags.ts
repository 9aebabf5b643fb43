// STORE: RFC 3501 §6.4.6, RFC 7162 §3.1.3.
import type { MailboxId } from '../../runtime/numbers';
import type { FlagNumber } from '../flag';
import type { AccountRecord } from '../record';
import { UidSet } from '../uid-set';
import { requireMailbox, type Decide } from './decision';
import { knowFlags, knownAmong } from './keywords';

export interface FlagEdit {
  readonly mode: 'add' | 'remove' | 'replace';
  /** Names. */
  readonly flags: readonly string[];
}

export interface StoredFlags {
  /** Those of the UIDs asked for that are here and were not refused by UNCHANGEDSINCE. */
  readonly stored: UidSet;
  /** Refused by UNCHANGEDSINCE: they changed since. */
  readonly modified: UidSet;
  /** What the edit makes of a row's flags: to tell one's own change from another's. */
  readonly edit: (flags: readonly FlagNumber[]) => readonly FlagNumber[];
}

/**
 * Changes the flags of those of `uids` that are in the mailbox. A change that alters nothing writes nothing (RFC 7162 §3.1.11).
 * `unchangedSince`: skips messages with a higher mod-sequence; those whose flags are as asked for already do not fail (§3.1.12),
 * save with 0, which fails always (§3.1.3).
 */
export function storeFlags(mailboxId: MailboxId, uids: UidSet, flagEdit: FlagEdit, unchangedSince: number | null = null): Decide<StoredFlags> {
  return (state) => {
    const mailbox = requireMailbox(state, mailboxId);
    const { flags: named, learnt } = flagEdit.mode === 'remove' ? { flags: knownAmong(state, flagEdit.flags), learnt: [] } : knowFlags(state, flagEdit.flags);
    const edit = (flags: readonly FlagNumber[]): readonly FlagNumber[] => {
      if (flagEdit.mode === 'replace') return named;
      if (flagEdit.mode === 'remove') return flags.filter((flag) => !named.includes(flag));
      return [...new Set([...flags, ...named])].sort((a, b) => a - b);
    };
    const stored: number[] = [];
    const modified: number[] = [];
    const facts = new FlagFacts(mailboxId);
    for (const { uid, flags, modSeq } of mailbox.among(uids)) {
      const edited = edit(flags);
      const hasFailed = unchangedSince !== null && modSeq > unchangedSince && (unchangedSince === 0 || !sameFlags(edited, flags));
      if (hasFailed) {
        modified.push(uid);
        continue;
      }
      stored.push(uid);
      facts.note(uid, flags, edited);
    }
    const flagged = facts.records();
    return {
      change: flagged.length > 0 ? [...learnt, ...flagged] : null,
      result: { stored: UidSet.ofAscending(stored), modified: UidSet.ofAscending(modified), edit },
    };
  };
}

/** One fact for each flag and direction, naming exactly the messages in which it changes. Messages are noted by ascending UID. */
class FlagFacts {
  private readonly changes = new Map<number, { readonly flag: FlagNumber; readonly set: boolean; readonly uids: number[] }>();

  constructor(private readonly mailbox: MailboxId) {}

  note(uid: number, flags: readonly FlagNumber[], edited: readonly FlagNumber[]): void {
    for (const flag of edited) if (!flags.includes(flag)) this.noteOne(uid, flag, true);
    for (const flag of flags) if (!edited.includes(flag)) this.noteOne(uid, flag, false);
  }

  records(): AccountRecord[] {
    return [...this.changes.values()].map(({ flag, set, uids }) => ({ kind: 'flagged', mailbox: this.mailbox, flag, set, uids: UidSet.ofAscending(uids) }));
  }

  private noteOne(uid: number, flag: FlagNumber, set: boolean): void {
    const key = flag * 2 + Number(set);
    const known = this.changes.get(key);
    if (known) known.uids.push(uid);
    else this.changes.set(key, { flag, set, uids: [uid] });
  }
}

export function sameFlags(a: readonly FlagNumber[], b: readonly FlagNumber[]): boolean {
  return a.length === b.length && a.every((flag, i) => flag === b[i]);
}

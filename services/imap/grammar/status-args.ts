// The arguments of STATUS (RFC 3501 §9, HIGHESTMODSEQ of RFC 7162 §3.1.2.2, SIZE of RFC 8438, DELETED and DELETED-STORAGE of RFC 9208
// §4.1.4, APPENDLIMIT of RFC 7889 §3.1, MAILBOXID of RFC 8474 §4.3).
import { BadCommand } from '../../core/runtime/errors';
import { grammarLimits } from './grammar-limits';
import { readMailbox } from './mailbox-name';
import { readList, type Reader } from './reader';

export const STATUS_ITEMS = [
  'MESSAGES', 'RECENT', 'UIDNEXT', 'UIDVALIDITY', 'UNSEEN', 'HIGHESTMODSEQ', 'SIZE', 'DELETED', 'DELETED-STORAGE', 'APPENDLIMIT', 'MAILBOXID',
] as const;
export type StatusItem = (typeof STATUS_ITEMS)[number];

export interface StatusArgs {
  readonly mailbox: string;
  /** Each once. */
  readonly items: ReadonlySet<StatusItem>;
}

const KNOWN: ReadonlySet<string> = new Set(STATUS_ITEMS);

/** status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")". Reads what follows the name. */
export function readStatusArgs(reader: Reader): StatusArgs {
  reader.readSpace('a mailbox name');
  const mailbox = readMailbox(reader);
  reader.readSpace('a list of STATUS items');
  const items = readList(reader, 'a STATUS item', () => {
    const name = reader.readWord('a STATUS item');
    if (!KNOWN.has(name)) throw new BadCommand('unknown STATUS item');
    return name as StatusItem;
  });
  if (items.length > grammarLimits.words) throw new BadCommand('too many STATUS items');
  return { mailbox, items: new Set(items) };
}

// The arguments of SELECT and EXAMINE (RFC 3501 §9, RFC 7162 §7).
import { BadCommand } from '../../core/runtime/errors';
import { readMailbox } from './mailbox-name';
import { readList, type Reader } from './reader';
import { readStarlessSet, type SequenceSet } from './sequence-set';

export interface SelectArgs {
  readonly mailbox: string;
  readonly condstore: boolean;
  readonly qresync: QresyncArgs | null;
}

/** What the client remembers of the mailbox (RFC 7162 §3.2.5). */
export interface QresyncArgs {
  readonly uidValidity: number;
  readonly modSeq: number;
  /** Null: all UIDs from 1. */
  readonly knownUids: SequenceSet | null;
  /** A hint: these numbers had these UIDs, in this order. */
  readonly match: { readonly numbers: SequenceSet; readonly uids: SequenceSet } | null;
}

/** select = "SELECT" SP mailbox [select-params] (RFC 4466 §2.1). Reads what follows the name. */
export function readSelectArgs(reader: Reader): SelectArgs {
  reader.readSpace('a mailbox name');
  const mailbox = readMailbox(reader);
  if (!reader.tryMore('SELECT parameters')) return { mailbox, condstore: false, qresync: null };
  const params = readList(reader, 'a SELECT parameter', () => readParam(reader));
  const qresync = params.find((param) => param !== 'condstore') ?? null;
  const condstore = params.includes('condstore');
  if (params.length > Number(condstore) + Number(qresync !== null)) throw new BadCommand('a SELECT parameter is given twice');
  return { mailbox, condstore, qresync };
}

/** condstore-param = "CONDSTORE"; select-param =/ "QRESYNC" SP "(" … ")" */
function readParam(reader: Reader): QresyncArgs | 'condstore' {
  const name = reader.readWord('a SELECT parameter');
  if (name === 'CONDSTORE') return 'condstore';
  if (name !== 'QRESYNC') throw new BadCommand('unknown SELECT parameter');
  reader.readSpace('the QRESYNC values');
  return readQresync(reader);
}

/** "(" uidvalidity SP mod-sequence-value [SP known-uids] [SP seq-match-data] ")" */
function readQresync(reader: Reader): QresyncArgs {
  reader.readChar('(');
  const uidValidity = reader.readNzNumber('the UIDVALIDITY');
  reader.readSpace('a mod-sequence');
  const modSeq = reader.readNumber63('a mod-sequence');
  let knownUids: SequenceSet | null = null;
  let match: QresyncArgs['match'] = null;
  let hasSpace = reader.tryChar(' ');
  if (hasSpace && !reader.isAt('(')) {
    knownUids = readStarlessSet(reader);
    hasSpace = reader.tryChar(' ');
  }
  if (hasSpace) match = readMatch(reader);
  reader.readChar(')');
  return { uidValidity, modSeq, knownUids, match };
}

/** seq-match-data = "(" known-sequence-set SP known-uid-set ")" */
function readMatch(reader: Reader): QresyncArgs['match'] {
  reader.readChar('(');
  const numbers = readStarlessSet(reader);
  reader.readSpace('a set of UIDs');
  const uids = readStarlessSet(reader);
  reader.readChar(')');
  return { numbers, uids };
}

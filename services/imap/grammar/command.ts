// Every command that this server can read, as one table from its name to what reads its arguments.
import { BadCommand } from '../../core/runtime/errors';
import type { AppendArgs } from './append-args';
import { readAuthenticateArgs, type AuthenticateArgs } from './authenticate-args';
import { readCommandLine } from './command-line';
import { readFetchArgs, type FetchArgs } from './fetch-items';
import { grammarLimits } from './grammar-limits';
import { readIdArgs } from './id-args';
import { readListArgs, type ListArgs } from './list-args';
import { readMailbox } from './mailbox-name';
import { Reader, readUtf8, type Segment } from './reader';
import { readQuotaRoot, readSetQuotaArgs } from './quota-args';
import { readSearchArgs, type SearchArgs } from './search-args';
import { readSelectArgs, type SelectArgs } from './select-args';
import { readSequenceSet, type SequenceSet } from './sequence-set';
import { readStatusArgs, type StatusArgs } from './status-args';
import { readStoreArgs, type StoreArgs } from './store-args';

interface ByUid {
  /** Sets in the arguments are of UIDs, not of message numbers; the answer speaks of UIDs too. */
  readonly byUid: boolean;
}

export type Command =
  | { readonly kind: 'capability' | 'noop' | 'logout' | 'starttls' | 'namespace' | 'idle' | 'check' | 'close' | 'unselect' | 'setquota' }
  | { readonly kind: 'id'; readonly fields: ReadonlyMap<string, string | null> }
  | ({ readonly kind: 'authenticate' } & AuthenticateArgs)
  | { readonly kind: 'login'; readonly login: string; readonly password: string }
  /** `capabilities`: upper case. */
  | { readonly kind: 'enable'; readonly capabilities: ReadonlySet<string> }
  | ({ readonly kind: 'select' | 'examine' } & SelectArgs)
  | { readonly kind: 'create' | 'delete' | 'subscribe' | 'unsubscribe'; readonly mailbox: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | ({ readonly kind: 'list' | 'lsub' } & ListArgs)
  | ({ readonly kind: 'status' } & StatusArgs)
  | { readonly kind: 'getquota'; readonly root: string }
  | { readonly kind: 'getquotaroot'; readonly mailbox: string }
  /** Never made by parseCommand(): parseAppend() reads it while the message is still to come. */
  | ({ readonly kind: 'append' } & AppendArgs)
  /** `uids`: only these (UID EXPUNGE, RFC 4315 §2.1); null: all that are \Deleted. */
  | { readonly kind: 'expunge'; readonly uids: SequenceSet | null }
  | ({ readonly kind: 'search' } & ByUid & SearchArgs)
  | ({ readonly kind: 'fetch' } & ByUid & FetchArgs)
  | ({ readonly kind: 'store' } & ByUid & StoreArgs)
  | ({ readonly kind: 'copy' | 'move' } & ByUid & { readonly set: SequenceSet; readonly mailbox: string });

export type TaggedCommand = Command & { readonly tag: string };

type ReadCommand = (reader: Reader) => Command;

const commands = new Map<string, ReadCommand>([
  ['CAPABILITY', () => ({ kind: 'capability' })],
  ['NOOP', () => ({ kind: 'noop' })],
  ['LOGOUT', () => ({ kind: 'logout' })],
  ['ID', (reader) => ({ kind: 'id', fields: readIdArgs(reader) })],
  ['STARTTLS', () => ({ kind: 'starttls' })],
  ['AUTHENTICATE', (reader) => ({ kind: 'authenticate', ...readAuthenticateArgs(reader) })],
  ['LOGIN', readLogin],
  ['ENABLE', readEnable],
  ['SELECT', (reader) => ({ kind: 'select', ...readSelectArgs(reader) })],
  ['EXAMINE', (reader) => ({ kind: 'examine', ...readSelectArgs(reader) })],
  ['CREATE', readCreate],
  ['DELETE', (reader) => ({ kind: 'delete', mailbox: readMailboxArg(reader) })],
  ['RENAME', (reader) => ({ kind: 'rename', from: readMailboxArg(reader), to: readMailboxArg(reader) })],
  ['SUBSCRIBE', (reader) => ({ kind: 'subscribe', mailbox: readMailboxArg(reader) })],
  ['UNSUBSCRIBE', (reader) => ({ kind: 'unsubscribe', mailbox: readMailboxArg(reader) })],
  ['LIST', (reader) => ({ kind: 'list', ...readListArgs(reader) })],
  ['LSUB', (reader) => ({ kind: 'lsub', ...readListArgs(reader) })],
  ['NAMESPACE', () => ({ kind: 'namespace' })],
  ['STATUS', (reader) => ({ kind: 'status', ...readStatusArgs(reader) })],
  ['APPEND', refuseAppend],
  ['GETQUOTA', (reader) => ({ kind: 'getquota', root: readQuotaRoot(reader) })],
  ['GETQUOTAROOT', (reader) => ({ kind: 'getquotaroot', mailbox: readMailboxArg(reader) })],
  ['SETQUOTA', readSetQuota],
  ['IDLE', () => ({ kind: 'idle' })],
  ['CHECK', () => ({ kind: 'check' })],
  ['CLOSE', () => ({ kind: 'close' })],
  ['UNSELECT', () => ({ kind: 'unselect' })],
  ['EXPUNGE', () => ({ kind: 'expunge', uids: null })],
  ['UID EXPUNGE', (reader) => ({ kind: 'expunge', uids: readSetArg(reader) })],
  ['SEARCH', (reader) => ({ kind: 'search', byUid: false, ...readSearchArgs(reader) })],
  ['UID SEARCH', (reader) => ({ kind: 'search', byUid: true, ...readSearchArgs(reader) })],
  ['FETCH', (reader) => ({ kind: 'fetch', byUid: false, ...readFetchArgs(reader, false) })],
  ['UID FETCH', (reader) => ({ kind: 'fetch', byUid: true, ...readFetchArgs(reader, true) })],
  ['STORE', (reader) => ({ kind: 'store', byUid: false, ...readStoreArgs(reader) })],
  ['UID STORE', (reader) => ({ kind: 'store', byUid: true, ...readStoreArgs(reader) })],
  ['COPY', (reader) => ({ kind: 'copy', byUid: false, set: readSetArg(reader), mailbox: readMailboxArg(reader) })],
  ['UID COPY', (reader) => ({ kind: 'copy', byUid: true, set: readSetArg(reader), mailbox: readMailboxArg(reader) })],
  ['MOVE', (reader) => ({ kind: 'move', byUid: false, set: readSetArg(reader), mailbox: readMailboxArg(reader) })],
  ['UID MOVE', (reader) => ({ kind: 'move', byUid: true, set: readSetArg(reader), mailbox: readMailboxArg(reader) })],
]);

/**
 * Reads a complete command: its lines and literals in order, a line first and last. Throws BadCommand, and Refusal for what is
 * well-formed but more than this server takes. APPEND is read by parseAppend().
 */
export function parseCommand(segments: readonly Segment[]): TaggedCommand {
  const reader = new Reader(segments);
  const { tag, name } = readCommandLine(reader);
  const read = commands.get(name);
  if (read === undefined) throw new BadCommand('unknown command');
  const command = read(reader);
  reader.readEnd();
  return { tag, ...command };
}

/** login = "LOGIN" SP userid SP password */
function readLogin(reader: Reader): Command {
  reader.readSpace('a user name');
  const login = readUtf8(reader.readAstring('a user name'), 'the user name');
  reader.readSpace('a password');
  const password = readUtf8(reader.readAstring('a password'), 'the password');
  return { kind: 'login', login, password };
}

/** enable = "ENABLE" 1*(SP capability) (RFC 5161 §4) */
function readEnable(reader: Reader): Command {
  const capabilities = new Set<string>();
  do {
    reader.readSpace('a capability');
    capabilities.add(reader.readWord('a capability'));
    if (capabilities.size > grammarLimits.words) throw new BadCommand('too many capabilities');
  } while (!reader.isAtEnd);
  return { kind: 'enable', capabilities };
}

/** create = "CREATE" SP mailbox. A separator at the end only says that children will follow (RFC 3501 §6.3.3). */
function readCreate(reader: Reader): Command {
  const mailbox = readMailboxArg(reader);
  if (reader.tryMore('the end of the command')) throw new BadCommand('CREATE takes no parameters here');
  return { kind: 'create', mailbox: mailbox.endsWith('/') ? mailbox.slice(0, -1) : mailbox };
}

/** Whatever the limits are, they are not set here. */
function readSetQuota(reader: Reader): Command {
  readSetQuotaArgs(reader);
  return { kind: 'setquota' };
}

function refuseAppend(): never {
  throw new BadCommand('APPEND needs the message as a literal');
}

function readMailboxArg(reader: Reader): string {
  reader.readSpace('a mailbox name');
  return readMailbox(reader);
}

function readSetArg(reader: Reader): SequenceSet {
  reader.readSpace('a set of message numbers');
  return readSequenceSet(reader);
}

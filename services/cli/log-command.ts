// `isomail log`: the entries themselves, one JSON object a line.
import { decodeChanges } from '../core/account/record-codec';
import { UidSet } from '../core/account/uid-set';
import { readTail, type ReadEntry } from '../core/log/tail';
import { Unavailable } from '../core/runtime/errors';
import { UsageError } from '../options';
import type { CliCommand } from './command';

export const logCommand: CliCommand = {
  name: 'log',
  args: ['LOGIN'],
  summary: 'print the entries of an account as JSON lines',
  details: 'Flags are numbers: 0 to 4 are \\Seen \\Answered \\Flagged \\Deleted \\Draft, 5 + k the account\'s keyword k. Of summaries the size is given.',
  options: [{ name: 'from', value: 'N', fallback: '1', help: 'start at this position', inEnvironment: false }],
  async run({ node, args, values, out }) {
    const from = values.get('from')!;
    if (!/^[1-9]\d{0,14}$/.test(from)) throw new UsageError(`--from: '${from}' is no position; the first is 1`);
    const { accountId } = await node.users.find(args[0]!);
    const tail = await readTail({ log: node.log, blobs: node.blobs, logId: accountId }, Number(from) - 1, node.inTime);
    if (tail.kind === 'absent') throw new Unavailable('this account has no log');
    if (tail.kind === 'trimmed') throw new UsageError(`--from: entries up to ${tail.pointer.floor} were trimmed; the first that is kept is ${tail.pointer.floor + 1}`);
    for (const entry of tail.entries) await out.line(JSON.stringify(printable(entry)));
    return 0;
  },
};

function printable(entry: ReadEntry): object {
  const { position, timeMs, token, firstModSeq, changes, changeBytes, totals } = entry;
  return {
    position,
    time: new Date(timeMs).toISOString(),
    token: hex(token),
    spilledTo: changes instanceof Uint8Array ? null : hex(changes.blobId),
    changes: decodeChanges(changeBytes).map((records, k) => ({ modSeq: firstModSeq + k, records: plain(records) })),
    totals: totals.map(([mailbox, exists, unseen, deleted, bytes, deletedBytes, uidNext]) => ({ mailbox, exists, unseen, deleted, bytes, deletedBytes, uidNext })),
  };
}

/** Bytes as hex, sets of UIDs as in IMAP; a summary by its size alone. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return hex(value);
  if (value instanceof UidSet) return [...value.ranges()].map(([first, last]) => (first === last ? `${first}` : `${first}:${last}`)).join(',');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => (key === 'summary' && field instanceof Uint8Array ? ['summaryBytes', field.length] : [key, plain(field)])),
  );
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

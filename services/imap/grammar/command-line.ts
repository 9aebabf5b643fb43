// command = tag SP (command-any / command-auth / command-nonauth / command-select) CRLF (RFC 3501 §9): the part that
// all commands share.
import { BadCommand } from '../../core/runtime/errors';
import { isIn, TAG } from './characters';
import { Reader } from './reader';

export interface CommandLine {
  readonly tag: string;
  /** Upper case; `UID FETCH` and its like are one name. */
  readonly name: string;
}

/** tag = 1*<any ASTRING-CHAR except "+">. The tag of a line that may be broken; null if not even that can be read. */
export function parseTag(line: Buffer): string | null {
  let end = 0;
  while (isIn(TAG, line[end])) end++;
  const isWhole = end === line.length || line[end] === 0x20;
  return end > 0 && isWhole ? line.toString('latin1', 0, end) : null;
}

/**
 * The tag and the name of a command of which only the first line may be there: what the owner of the connection needs in order
 * to decide about a literal. Throws BadCommand.
 */
export function parseCommandLine(line: Buffer): CommandLine {
  return readCommandLine(new Reader([{ kind: 'line', bytes: line }]));
}

export function readCommandLine(reader: Reader): CommandLine {
  const tag = reader.readRun(TAG, 'a tag');
  reader.readSpace('a command');
  const name = reader.readWord('a command');
  // uid = "UID" SP (copy / fetch / search / store / uid-expunge)
  if (name !== 'UID') return { tag, name };
  reader.readSpace('the name of a UID command');
  const uidName = reader.readWord('the name of a UID command');
  if (uidName === 'UID') throw new BadCommand('unknown command');
  return { tag, name: `UID ${uidName}` };
}

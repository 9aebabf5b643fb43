// flag = "\Answered" / "\Flagged" / "\Deleted" / "\Seen" / "\Draft" / flag-keyword / flag-extension (RFC 3501 §9). Inside, a flag is
// its name: system flags as `\Seen`, keywords as the client wrote them.
import { BadCommand } from '../../core/runtime/errors';
import type { Reader } from './reader';

const SYSTEM_FLAGS = new Map(['\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft'].map((name) => [name.toLowerCase(), name]));

/** Reads a flag that a client may set: not \Recent, and no system flag that this server does not know. */
export function readFlag(reader: Reader): string {
  if (!reader.tryChar('\\')) return reader.readAtom('a flag');
  const name = SYSTEM_FLAGS.get(`\\${reader.readAtom('the name of a system flag')}`.toLowerCase());
  if (name === undefined) throw new BadCommand('this system flag cannot be set');
  return name;
}

/** flag-list = "(" [flag *(SP flag)] ")" */
export function readFlagList(reader: Reader): string[] {
  if (reader.tryEmptyList()) return [];
  reader.readChar('(');
  const flags = readFlags(reader);
  if (!reader.tryChar(')')) throw new BadCommand('expected a space and a flag, or ")"');
  return flags;
}

/** flag *(SP flag), each once: flags fold case (RFC 3501 §2.3.2). */
export function readFlags(reader: Reader): string[] {
  const flags = new Map<string, string>();
  do {
    const flag = readFlag(reader);
    const folded = flag.toLowerCase();
    if (!flags.has(folded)) flags.set(folded, flag);
  } while (!reader.isAtEnd && reader.tryChar(' '));
  return [...flags.values()];
}

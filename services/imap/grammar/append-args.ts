// append = "APPEND" SP mailbox 1*append-message; append-message = [SP flag-list] [SP date-time] SP literal (RFC 3501 §9, RFC 3502).
// Messages are streamed, so the command is read up to the announcement of each, before the message is there.
import { BadCommand } from '../../core/runtime/errors';
import { readCommandLine } from './command-line';
import { readDateTime, startsDateTime } from './date-time';
import { readFlagList } from './flag';
import { readMailbox } from './mailbox-name';
import { Reader, type Segment } from './reader';

export interface AppendMessage {
  readonly flags: readonly string[];
  /** Milliseconds since 1970; null: now. */
  readonly internalDateMs: number | null;
}

export interface AppendArgs extends AppendMessage {
  readonly mailbox: string;
}

/**
 * Reads an APPEND whose last line announced a literal that is not among `segments`. Null: that literal is the mailbox
 * name, add it and its next line. Throws BadCommand, Refusal.
 */
export function parseAppend(segments: readonly Segment[]): ({ readonly tag: string } & AppendArgs) | null {
  const reader = new Reader(segments);
  const { tag, name } = readCommandLine(reader);
  if (name !== 'APPEND') throw new Error(`not an APPEND but ${name}`);
  if (!reader.tryChar(' ')) throw new BadCommand('expected a space and a mailbox name');
  if (reader.isAtLastByte) return null;
  const mailbox = readMailbox(reader);
  return { tag, mailbox, ...readMessage(reader) };
}

/**
 * Reads the line after a message of an APPEND. Null: the command ends here. Else a further message follows, whose literal
 * the line announced (RFC 3502).
 */
export function parseAppendRest(line: Buffer, announcesLiteral: boolean): AppendMessage | null {
  const reader = new Reader([{ kind: 'line', bytes: line }]);
  if (announcesLiteral) return readMessage(reader);
  reader.readEnd();
  return null;
}

/** append-message = append-opts SP append-data; append-opts = [SP flag-list] [SP date-time] */
function readMessage(reader: Reader): AppendMessage {
  const expected = 'flags, a date or the message as a literal';
  const readSeparator = (): void => {
    if (!reader.tryChar(' ')) throw new BadCommand(`expected a space and ${expected}`);
  };
  readSeparator();
  let flags: readonly string[] = [];
  if (reader.isAt('(')) {
    flags = readFlagList(reader);
    readSeparator();
  }
  let internalDateMs: number | null = null;
  if (startsDateTime(reader)) {
    internalDateMs = readDateTime(reader);
    readSeparator();
  }
  if (!reader.isAtLastByte) throw new BadCommand('expected the message as a literal');
  return { flags, internalDateMs };
}

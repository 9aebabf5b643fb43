// The header fields that clients list mailboxes with, kept raw in the summary so that HEADER.FIELDS needs no body.
import { rawFields, type Header } from './header';

/** Lower case. Never changed without a new summary format: a summary that lacks one of them says that the message lacks it. */
export const COMMON_FIELDS: ReadonlySet<string> = new Set([
  'bcc', 'cc', 'content-type', 'date', 'from', 'importance', 'in-reply-to', 'list-id', 'list-post', 'list-unsubscribe', 'message-id',
  'mime-version', 'newsgroups', 'priority', 'references', 'reply-to', 'sender', 'subject', 'to', 'x-priority',
]);

// Lists of hundreds of addresses are read from the body when they are asked for.
const COMMON_FIELDS_BYTES_MAX = 8 * 1024;

/** The raw fields, as headerFields() would give them but for the empty line; null if they are too long to be kept. */
export function commonFieldsOf(header: Header): Uint8Array | null {
  let length = 0;
  for (const field of header.fields) if (COMMON_FIELDS.has(field.key)) length += field.endByte - field.startByte;
  return length > COMMON_FIELDS_BYTES_MAX ? null : new Uint8Array(rawFields(header, (key) => COMMON_FIELDS.has(key)));
}

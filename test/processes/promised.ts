// What the server promised of one message, and what it may have done without saying so.

export interface Promised {
  readonly messageId: string;
  /** 'acknowledged', or 'unknown' when the connection broke before the answer. */
  append: 'acknowledged' | 'unknown';
  /** The last acknowledged state of \Flagged; null: one that is not known. */
  flagged: boolean | null;
  /** Where it may be: one folder when every MOVE was answered. */
  folders: string[];
  /** 'perhaps': the answer to what removes it never came. */
  removed: 'no' | 'perhaps' | 'yes';
}

/** A message that is on its way into INBOX. */
export function promisedInbox(messageId: string): Promised {
  return { messageId, append: 'unknown', flagged: false, folders: ['INBOX'], removed: 'no' };
}

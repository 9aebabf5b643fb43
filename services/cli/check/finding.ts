/** Something that is not as it must be. */
export interface Finding {
  /** `log`: replay cannot go on. `directory`: it and the log disagree. The others are of one message's body or summary. */
  readonly kind: 'log' | 'directory' | 'missing' | 'size' | 'digest' | 'summary' | 'unreadable';
  /** Which entry, or folder and UID. */
  readonly where: string;
  readonly what: string;
}

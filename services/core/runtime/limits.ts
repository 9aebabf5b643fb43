// Every limit and timeout of the log core, each with its reason.

export const limits = {
  /** One store request; then its fate is unknown. DynamoDB answers in 5–80 ms: this is the far tail. */
  storeRequestMs: 2_000,
  /** How long one change is tried; mail clients wait 20–60 s for an answer. */
  commitMs: 10_000,
  /** First pause after a request that failed; doubles up to `retryPauseMaxMs`. */
  retryPauseMs: 20,
  retryPauseMaxMs: 500,
  /** A state older than this is read again before it is appended to. Far below the shortest grace of a keeper. */
  stateAgeMaxMs: 10 * 60_000,
  /** Commands put in one entry: bounds the work that a lost race repeats. */
  changesPerEntry: 256,
  /** Encoded changes put in one entry where there are more than one: each reader holds an entry whole. */
  changesBytesPerEntry: 1024 * 1024,
  /** Encoded changes above this go to a blob: a DynamoDB write of 8 KB already costs what an S3 PUT does. */
  inlineChangesBytes: 16 * 1024,
  /** Reads again before a gap in a log counts as damage: a Query is no snapshot. */
  gapReads: 3,
  /** Delivery ids are remembered this long, by the log's own time: MTAs retry for five days. */
  deliveryIdMs: 7 * 24 * 60 * 60_000,

  /** Without a doorbell, how old the state may be that a command like FETCH works on. */
  unheardAgeMaxMs: 1_000,
  /** How often a quiet account is read while rings can be trusted, and while they cannot: a Query each. */
  pollHeardMs: 5 * 60_000,
  pollUnheardMs: 60_000,
  /** Accounts kept in memory after their last session. */
  idleAccounts: 200,

  /** RFC 3501 clients with signed 32-bit UIDs exist. */
  uidMax: 2 ** 31 - 1,
  messagesPerMailbox: 2 ** 21,
  mailboxes: 10_000,
  mailboxDepth: 32,
  mailboxNameBytes: 1_000,
  subscriptions: 10_000,
  keywords: 128,
  keywordBytes: 64,
} as const;

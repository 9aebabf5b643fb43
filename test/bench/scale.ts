// How much of everything one run measures.

export interface Scale {
  readonly accounts: number;
  /** Messages of the three mailboxes that are opened and fetched. */
  readonly few: number;
  readonly some: number;
  readonly many: number;
  readonly largeMessages: number;
  /** In the INBOX that POP3 reads. */
  readonly maildrop: number;
  /** How long a rate is counted. */
  readonly windowMs: number;
  /** Of a latency: the row gives their median. */
  readonly samples: number;
  readonly pushes: number;
  readonly loginConnections: number;
  readonly writers: number;
  readonly deliverers: number;
  readonly idleSessions: number;
}

export const scales = {
  full: {
    accounts: 100,
    few: 10,
    some: 10_000,
    many: 100_000,
    largeMessages: 500,
    maildrop: 1_000,
    windowMs: 3_000,
    samples: 3,
    pushes: 20,
    loginConnections: 10,
    writers: 50,
    deliverers: 20,
    idleSessions: 400,
  },
  small: {
    accounts: 5,
    few: 10,
    some: 50,
    many: 200,
    largeMessages: 5,
    maildrop: 10,
    windowMs: 100,
    samples: 2,
    pushes: 1,
    loginConnections: 3,
    writers: 5,
    deliverers: 3,
    idleSessions: 10,
  },
} as const satisfies Record<string, Scale>;

export const SMALL_BYTES = 2 * 1024;
export const LARGE_BYTES = 100 * 1024;

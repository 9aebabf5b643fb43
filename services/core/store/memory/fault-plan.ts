// What goes wrong between a node and its stores, and how often. Chances are in [0, 1].

export interface FaultPlan {
  /** How long a request travels, and an answer: evenly between the two. */
  readonly latencyMinMs: number;
  readonly latencyMaxMs: number;
  /** The chance that one of them takes up to `slowMaxMs`: the long tail. */
  readonly slow: number;
  readonly slowMaxMs: number;

  /** A change fails before the store saw it. */
  readonly failBefore: number;
  /** A change is done, but the caller hears an error. */
  readonly loseAnswer: number;
  /** A change is done, but the caller hears nothing, ever. */
  readonly neverAnswer: number;
  /** The caller of a change hears an error; it is done up to `lateMaxMs` later. */
  readonly landLate: number;
  /** A change is done and answered, and done once more up to `lateMaxMs` later. */
  readonly repeat: number;
  readonly lateMaxMs: number;
  /** When a caller gives up on an answer that was lost, if he does not hear of it at once. */
  readonly timeoutMs: number;

  /** A read fails, at its start or on its way. */
  readonly failRead: number;
  /** A tail is read in pages of up to so many entries; others write between two of them. */
  readonly tailPageEntries: number;

  readonly loseRing: number;
  readonly doubleRing: number;
  readonly delayRing: number;
  readonly ringDelayMaxMs: number;
}

/** Nothing goes wrong and nothing takes time. */
export const noFaults: FaultPlan = {
  latencyMinMs: 0,
  latencyMaxMs: 0,
  slow: 0,
  slowMaxMs: 0,
  failBefore: 0,
  loseAnswer: 0,
  neverAnswer: 0,
  landLate: 0,
  repeat: 0,
  lateMaxMs: 0,
  timeoutMs: 0,
  failRead: 0,
  tailPageEntries: 1000,
  loseRing: 0,
  doubleRing: 0,
  delayRing: 0,
  ringDelayMaxMs: 0,
};

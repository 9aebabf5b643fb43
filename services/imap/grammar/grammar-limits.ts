// What one command may ask for, each with its reason. The line limit bounds the rest.

export const grammarLimits = {
  /** A search key costs a pass over the messages; no client builds more than some dozens. */
  searchKeys: 1_000,
  /** NOT, OR and parentheses: bounds recursion. */
  searchDepth: 50,
  /** Each item is answered for each message: the reply must not be the request times the mailbox. */
  fetchItems: 256,
  /**
   * The same for what a FETCH response repeats of the sections asked for, all of them together. The longest lists of header
   * fields seen have about 100 names.
   */
  fetchLabelBytes: 16_384,
  /** RFC 2971 §3.3. */
  idFields: 30,
  idFieldBytes: 30,
  idValueBytes: 1_024,
  /** ENABLE names, STATUS items and the like repeat a handful of words. */
  words: 64,
} as const;

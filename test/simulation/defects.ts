// Defects that are planted in a copy of the production source, each of which the simulation must find: proof that it can.

export interface Defect {
  readonly name: string;
  /** What it breaks: clauses of docs/log-protocol.md, or RFCs. */
  readonly breaks: string;
  /** Below services/core/. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The first seed, from 1, that found it when it was planted. */
  readonly seed: number;
}

export const defects: readonly Defect[] = [
  {
    name: 'own win is taken for a loss',
    breaks: 'W3, W4: the change is made twice',
    file: 'log/sender.ts',
    find: "return sameBytes(winner.token, entry.token) ? 'won' : 'lost';",
    replace: "return 'lost';",
    seed: 1,
  },
  {
    name: 'a new token for each send',
    breaks: 'W3: the change is made twice',
    file: 'log/sender.ts',
    find: 'const answer = await this.append(base.position + 1, encodeEntry(entry));',
    replace: 'const answer = await this.append(base.position + 1, encodeEntry({ ...entry, token: this.random.bytes(16) }));',
    seed: 1,
  },
  {
    name: 'decides again while the fate is unknown',
    breaks: 'W5: the change is made twice',
    file: 'log/sender.ts',
    find: "if (fate !== 'unknown' || this.follower.isDamaged) return fate;",
    replace: "if (fate === 'unknown') return 'lost';\n      return fate;",
    seed: 1,
  },
  {
    name: 'anything but "taken" is taken for "stored"',
    breaks: 'W2: OK for what is not in the log',
    file: 'log/sender.ts',
    find: "if (answer === 'stored' && this.follower.ageMs() <= limits.stateAgeMaxMs) {",
    replace: "if (answer !== 'taken' && this.follower.ageMs() <= limits.stateAgeMaxMs) {",
    seed: 1,
  },
  {
    name: 'the state moves on before the entry is stored',
    breaks: 'R1: clients see what never was',
    file: 'log/sender.ts',
    find: 'const giveUpAtMs = this.clock.monotonicMs() + limits.commitMs;',
    replace: 'const giveUpAtMs = this.clock.monotonicMs() + limits.commitMs;\n    this.follower.advance(draft.next);',
    seed: 1,
  },
  {
    name: 'NO without a fence',
    breaks: 'W6: NO for a change that is in the log',
    file: 'log/sender.ts',
    find: 'if (this.clock.monotonicMs() >= giveUpAtMs) return this.fence(draft.base, draft.entry.token);',
    replace: "if (this.clock.monotonicMs() >= giveUpAtMs) return 'refused';",
    seed: 14,
  },
  {
    name: 'the fence does not look who was there before it',
    breaks: 'W6: NO for a change that is in the log',
    file: 'log/sender.ts',
    find: "if (fencedToken) return sameBytes(winner.token, fencedToken) ? 'won' : 'refused';",
    replace: "if (fencedToken) return 'refused';",
    seed: 14,
  },
  {
    name: 'an unknown fate is taken for a failure',
    breaks: 'W6: NO for a change that is in the log',
    file: 'log/committer.ts',
    find: "throw new FateUnknown('the store does not tell whether the change was stored');",
    replace: "throw new Unavailable('the change could not be stored; try again');",
    seed: 14,
  },
  {
    name: 'a refusal is final on an old state',
    breaks: 'W8: NO [TRYCREATE] for a mailbox that exists',
    file: 'log/committer.ts',
    find: 'if (group.every(({ mark }) => this.follower.isReadSince(mark))) return outcomes;',
    replace: 'if (this.follower.ageMs() <= limits.unheardAgeMaxMs) return outcomes;',
    seed: 6,
  },
  {
    name: 'a refusal is told while the changes that it was decided on are still under way',
    breaks: 'W2, W9: NO for what never came to be',
    file: 'log/committer.ts',
    find: `  for (const { decide } of group) {
    try {`,
    replace: `  for (const { decide, reject } of group) {
    try {
      try { decide(state, timeMs); } catch (error) { if (changes.length > 0) reject(error); }`,
    seed: 37,
  },
  {
    name: 'what is told was decided before the race was lost',
    breaks: 'W10: APPENDUID of another message',
    file: 'log/committer.ts',
    find: `  private async settle(group: Waiting<State, Change>[]): Promise<Outcome[]> {`,
    replace: `  private async settle(group: Waiting<State, Change>[]): Promise<Outcome[]> {
    group = group.map((waiting) => {
      let first: { result: unknown } | undefined;
      const decide: typeof waiting.decide = (state, timeMs) => {
        const decision = waiting.decide(state, timeMs);
        return { change: decision.change, result: (first ??= decision).result };
      };
      return { ...waiting, decide };
    });`,
    seed: 1,
  },
  {
    name: 'an entry is stored before its spilled changes',
    breaks: 'W2: an entry that names nothing',
    file: 'log/committer.ts',
    find: "await withDeadline(this.clock, limits.commitMs, blobs.put(key, bytes), () => new Unavailable('the blob store does not answer'));",
    replace: "withDeadline(this.clock, limits.commitMs, blobs.put(key, bytes), () => new Unavailable('')).catch(() => undefined);",
    seed: 3,
  },
  {
    name: 'large changes wait for the blob store for ever',
    breaks: '§7: nobody is answered any more',
    file: 'log/committer.ts',
    find: "await withDeadline(this.clock, limits.commitMs, blobs.put(key, bytes), () => new Unavailable('the blob store does not answer'));",
    replace: 'await blobs.put(key, bytes);',
    seed: 33,
  },
  {
    name: 'totals of the state before the change',
    breaks: 'F1: an entry that contradicts the fold',
    file: 'log/committer.ts',
    find: 'totals: this.follower.machine.totals(state, changes),',
    replace: 'totals: this.follower.machine.totals(base.state, changes),',
    seed: 1,
  },
  {
    name: 'two commands of a group share a mod-sequence',
    breaks: 'N1, RFC 7162 §3.1',
    file: 'log/committer.ts',
    find: 'nextModSeq: base.nextModSeq + changes.length, state };',
    replace: 'nextModSeq: base.nextModSeq + 1, state };',
    seed: 1,
  },
  {
    name: 'a fresh read may have been sent before the command came',
    breaks: 'R7: SELECT goes back',
    file: 'log/follower.ts',
    find: `    this.nextReading ??= (this.reading ?? Promise.resolve()).then(`,
    replace: `    if (this.reading) {
      const shared = this.reading;
      this.reading = null;
      return shared;
    }
    this.nextReading ??= Promise.resolve().then(`,
    seed: 3,
  },
  {
    name: 'a read counts from its answer',
    breaks: 'W8: a refusal on a state from before the command',
    file: 'log/follower.ts',
    find: 'if (reading.order > this.lastReading.order) this.lastReading = reading;',
    replace: 'this.lastReading = { ...reading, order: this.mark() };',
    seed: 3078,
  },
  {
    name: 'an entry is applied twice',
    breaks: 'R1, F2',
    file: 'log/follower.ts',
    find: 'if (entry.position > version.position) version = applyEntry(this.machine, version, entry);',
    replace: 'if (entry.position >= version.position) version = applyEntry(this.machine, { ...version, position: entry.position - 1, nextModSeq: 1 }, entry);',
    seed: 1,
  },
  {
    name: 'no check for gaps',
    breaks: 'R3: an entry is passed over',
    file: 'log/tail.ts',
    find: 'if (gap === -1) {',
    replace: 'if (gap !== -2) {',
    seed: 86,
  },
  {
    name: 'one item is read instead of the tail',
    breaks: 'W4, R7: the rest stays unseen',
    file: 'log/tail.ts',
    find: 'for (const stored of tail.entries) {',
    replace: 'for (const stored of tail.entries.slice(0, 1)) {',
    seed: 1,
  },
  {
    name: 'UIDs are not assigned anew after a lost race',
    breaks: 'W10, N2: one UID for two messages',
    file: 'account/decide/add-messages.ts',
    find: 'uid: asUid(mailbox.freeUid + k),',
    replace: "uid: asUid(((message as { uid?: number }).uid ??= mailbox.freeUid + k)),",
    seed: 1,
  },
  {
    name: 'delivery ids are not recorded',
    breaks: 'RFC 2033: a repeated delivery is taken twice',
    file: 'account/decide/add-messages.ts',
    find: "if (deliveryId) change.push({ kind: 'delivered', deliveryId });",
    replace: '',
    seed: 1,
  },
  {
    name: 'UIDVALIDITY is the clock alone',
    breaks: 'N3: two mailboxes share one',
    file: 'account/decide/folders.ts',
    find: 'Math.max(Math.floor(this.timeMs / 1000), this.state.highestUidValidity + 1)',
    replace: 'Math.floor(this.timeMs / 1000)',
    seed: 1,
  },
  {
    name: 'numbers are looked up in the index, not in the view',
    breaks: 'RFC 3501 §5.5: a STORE by number hits another message',
    file: 'account/view.ts',
    find: 'return this.ghostIndexes[g] === index ? this.ghosts[g]!.uid : this.shown.uidAt(index - g);',
    replace: 'return g < 0 ? undefined : this.shown.uidAt(index);',
    seed: 1,
  },
  {
    name: 'EXPUNGE numbers do not count the ones before',
    breaks: 'RFC 3501 §7.4.1',
    file: 'account/view.ts',
    find: 'number: asSeqNum(this.numberOf(uid)! - told), uid',
    replace: 'number: asSeqNum(this.numberOf(uid)! - Math.min(told, 0)), uid',
    seed: 1,
  },
  {
    name: 'the lowest expunge held back is forgotten at the next one',
    breaks: 'RFC 7162 §3.2.10: HIGHESTMODSEQ above an expunge not told',
    file: 'account/view.ts',
    find: 'this.firstGone ??= firstGone;',
    replace: 'this.firstGone = firstGone;',
    seed: 525,
  },
  {
    name: 'a POP3 session deletes what it saw, there or not',
    breaks: 'F1: a message expunged twice',
    file: 'account/decide/update-maildrop.ts',
    find: 'const gone = mailbox.present(deleted);',
    replace: 'const gone = deleted;',
    seed: 1,
  },
  {
    name: 'a POP3 session reads what it has deleted, too',
    breaks: 'RFC 1939 §6: one fact too many',
    file: 'account/decide/update-maildrop.ts',
    find: 'if (!flags.includes(SEEN) && !gone.has(uid)) seen.push(uid);',
    replace: 'if (!flags.includes(SEEN)) seen.push(uid);',
    seed: 1,
  },
  {
    name: 'a full account takes one message more',
    breaks: 'RFC 9208 §4.3.1: the quota in messages',
    file: 'account/decide/add-messages.ts',
    find: 'if (exceeds(usedMessages + count, quotaMessages, allowance))',
    replace: 'if (exceeds(usedMessages, quotaMessages, allowance))',
    seed: 19,
  },
];

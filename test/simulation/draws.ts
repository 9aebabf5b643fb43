// Draws what a client does next: commands that meet each other on few mailboxes, few messages and few flags.
import type { Body } from './intent';
import { hexOf } from './hex';
import type { ModelView } from './model-view';
import type { SimRandom } from './sim-random';
import type { Command, Which } from './sim-session';

const names = ['INBOX', 'INBOX', 'INBOX', 'INBOX', 'INBOX', 'INBOX', 'INBOX', 'Archive', 'Archive', 'Trash', 'a', 'a/b', 'a/b/c', 'INBOX/x', 'b'];
const strangeNames = ['bad//name', 'Other Users/x', 'deep/er/and/deeper'];
const flags = ['\\Seen', '\\Flagged', '\\Answered', '\\Deleted', '\\Deleted', '\\DELETED', 'one', 'two', 'TWO', 'three'];
const strangeFlags = ['\\Recent', 'x'.repeat(65)];

const weights = {
  select: 6, status: 2, noop: 8, fetch: 16, idle: 4, append: 14, deliver: 12, pop3: 5, store: 30, expunge: 10, copy: 7, move: 10,
  create: 4, delete: 3, rename: 3, renameInbox: 1, subscribe: 2, unsubscribe: 1, quota: 1, disable: 0.5, remove: 0.05,
};
type Kind = keyof typeof weights;

const rushWeights = { ...weights, create: 25, delete: 15, rename: 15, renameInbox: 5 };
const rushNames = ['INBOX', 'INBOX', 'a', 'a/b'];

export class Draws {
  constructor(
    private readonly random: SimRandom,
    private readonly isRush: boolean,
  ) {}

  kind(): Kind {
    return this.random.weighted(this.isRush ? rushWeights : weights);
  }

  name(): string {
    if (this.isRush) return this.random.pick(rushNames);
    return this.random.pick(this.random.happens(0.03) ? strangeNames : names);
  }

  delivery(): { name: string; body: Omit<Body, 'blob'>; deliveryId: string } {
    return { name: this.random.happens(0.8) ? 'INBOX' : this.name(), body: this.body([]), deliveryId: hexOf(this.random.bytes(16)) };
  }

  /** So that there is something to quarrel about. */
  firstMail(): Command {
    return { verb: 'append', name: 'INBOX', bodies: Array.from({ length: this.random.below(5) + 1 }, () => this.body(this.flags())), deliveryId: null };
  }

  /** What a POP3 client did with the messages that it found. */
  quit(uids: readonly number[]): Command {
    const some = (): number[] => uids.filter(() => this.random.happens(0.3));
    return { verb: 'quit', retrieved: some(), deleted: some() };
  }

  command(kind: Exclude<Kind, 'select' | 'deliver' | 'pop3'>, view: ModelView): Command {
    const { random } = this;
    switch (kind) {
      case 'status':
        return { verb: 'status', name: this.name() };
      case 'noop':
      case 'fetch':
        return { verb: kind };
      case 'idle':
        return { verb: 'idle', forMs: random.between(0, random.pick([100, 2_000])) };
      case 'append':
        return { verb: 'append', name: this.name(), bodies: Array.from({ length: 1 + random.below(3) }, () => this.body(this.flags())), deliveryId: null };
      case 'store': {
        const unchangedSince = random.happens(0.3) ? random.pick([0, ...view.modSeqs, 1_000_000]) : null;
        const edit = { mode: random.pick(['add', 'add', 'add', 'remove', 'replace'] as const), flags: this.flags() };
        return { verb: 'onSelected', intent: { kind, which: this.which(view), edit, unchangedSince } };
      }
      case 'expunge':
        return { verb: 'onSelected', intent: { kind, which: random.happens(0.5) ? null : this.uids(view) } };
      case 'copy':
      case 'move':
        return { verb: 'onSelected', intent: { kind, which: this.which(view), name: this.name() } };
      case 'rename':
        return { verb: 'change', intent: { kind, from: this.name(), to: this.name() } };
      case 'renameInbox':
        return { verb: 'change', intent: { kind: 'rename', from: 'INBOX', to: random.pick(['INBOX/old', 'old', this.name()]) } };
      case 'create':
      case 'delete':
      case 'subscribe':
      case 'unsubscribe':
        return { verb: 'change', intent: { kind, name: this.name() } };
      case 'quota':
        return { verb: 'change', intent: { kind, quotaBytes: random.pick([null, 2_000, 20_000]), quotaMessages: random.pick([null, null, 12, 40]) } };
      case 'disable':
        return { verb: 'change', intent: { kind, disabled: random.happens(0.5) } };
      case 'remove':
        return { verb: 'change', intent: { kind } };
    }
  }

  private body(flagged: readonly string[]): Omit<Body, 'blob'> {
    const { random } = this;
    return {
      digest: hexOf(random.bytes(32)),
      sizeBytes: 1 + random.below(500),
      dateMs: random.happens(0.5) ? null : 1_000_000 + random.below(1_000),
      flags: flagged,
      // Now and then an entry is too large for its item and is spilled.
      summaryBytes: random.happens(0.06) ? 17_000 : random.below(20),
    };
  }

  private flags(): string[] {
    return Array.from({ length: this.random.below(4) }, () => this.random.pick(this.random.happens(0.01) ? strangeFlags : flags));
  }

  private which(view: ModelView): Which {
    const known = view.uids;
    if (known.length === 0 || this.random.happens(0.5)) return this.uids(view);
    const first = 1 + this.random.below(known.length);
    const last = Math.min(known.length, first + this.random.below(4));
    return { by: 'number', ranges: [[first, last]], meant: known.slice(first - 1, last) };
  }

  /** Some that the client knows, and some that it does not: gone, or not there yet. */
  private uids(view: ModelView): Which & { by: 'uid' } {
    const known = view.uids;
    const unknown = [(known.at(-1) ?? 0) + 1, 1 + this.random.below(30)];
    const uids = Array.from({ length: 1 + this.random.below(4) }, () => this.random.pick(this.random.happens(0.1) || known.length === 0 ? unknown : known));
    return { by: 'uid', uids: [...new Set(uids)].sort((a, b) => a - b) };
  }
}

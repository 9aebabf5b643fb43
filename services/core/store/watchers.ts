// Who in this process wants to hear of which account. Tells them in a later microtask, so that ringing never runs foreign code.

type OnRing = (position: number) => void;

interface Watcher {
  readonly onRing: OnRing;
  ended: boolean;
}

export class Watchers {
  readonly #byAccount = new Map<string, Set<Watcher>>();

  /** No account is watched. */
  get isEmpty(): boolean {
    return this.#byAccount.size === 0;
  }

  /** Calls `onRing` for each ring of the account until the returned function is called; never after that. */
  add(accountId: string, onRing: OnRing): () => void {
    const watcher: Watcher = { onRing, ended: false };
    const watchers = this.#byAccount.get(accountId) ?? new Set();
    this.#byAccount.set(accountId, watchers.add(watcher));
    return () => {
      watcher.ended = true;
      watchers.delete(watcher);
      if (watchers.size === 0 && this.#byAccount.get(accountId) === watchers) this.#byAccount.delete(accountId);
    };
  }

  tell(accountId: string, position: number): void {
    for (const watcher of this.#byAccount.get(accountId) ?? []) {
      queueMicrotask(() => {
        if (!watcher.ended) watcher.onRing(position);
      });
    }
  }

  /** Rings may have been missed: everyone looks for himself. */
  tellAll(): void {
    for (const accountId of this.#byAccount.keys()) this.tell(accountId, 0);
  }
}

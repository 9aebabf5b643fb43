// How many connections one address, and one user at one address, may hold: a limit against floods, not against people.

export interface Place {
  /** Counts for the user from now on; false: the user has too many. */
  signIn(login: string): boolean;
  leave(): void;
}

export class ConnectionQuota {
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly beforeLoginMax: number,
    private readonly perUserMax: number,
  ) {}

  /** A place for one connection; null if its address has too many that are not logged in. */
  enter(address: string): Place | null {
    let held = `address ${address}`;
    if (!this.take(held, this.beforeLoginMax)) return null;
    return {
      signIn: (login) => {
        const key = `user ${address} ${login}`;
        if (!this.take(key, this.perUserMax)) return false;
        this.release(held);
        held = key;
        return true;
      },
      leave: () => this.release(held),
    };
  }

  private take(key: string, max: number): boolean {
    const count = this.counts.get(key) ?? 0;
    if (count >= max) return false;
    this.counts.set(key, count + 1);
    return true;
  }

  private release(key: string): void {
    const count = this.counts.get(key) ?? 0;
    if (count > 1) this.counts.set(key, count - 1);
    else this.counts.delete(key);
  }
}

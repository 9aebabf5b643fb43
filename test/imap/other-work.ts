// Counts the turns of the event loop, as other sessions would get them. Ends by itself when nobody ends it.
const TURNS_MAX = 1_000_000;

export class OtherWork {
  private turns = 0;
  private next: NodeJS.Immediate;

  constructor() {
    const count = (): void => {
      this.turns += 1;
      if (this.turns < TURNS_MAX) this.next = setImmediate(count);
    };
    this.next = setImmediate(count);
  }

  /** How many there were. */
  end(): number {
    clearImmediate(this.next);
    return this.turns;
  }
}

// The boundaries of all open multiparts, as a trie: a line is held against all of them in one walk, however many share a prefix.

const DASH = 0x2d;

interface Node {
  readonly next: Map<number, Node>;
  /** Owners whose boundary ends here, the innermost last: a nested multipart may use its parent's boundary again. */
  readonly owners: number[];
}

export interface Delimiter {
  /** As given to add(). */
  readonly owner: number;
  /** A close-delimiter, `--boundary--`. */
  readonly isClose: boolean;
}

const newNode = (): Node => ({ next: new Map(), owners: [] });

/** True for what may follow a boundary: transport padding or the line end. */
function isPadding(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;
}

export class BoundarySet {
  private readonly root = newNode();
  private count = 0;

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** `boundary` is a byte string, not empty. */
  add(boundary: string, owner: number): void {
    let node = this.root;
    for (let index = 0; index < boundary.length; index++) {
      const byte = boundary.charCodeAt(index);
      const next = node.next.get(byte) ?? newNode();
      node.next.set(byte, next);
      node = next;
    }
    node.owners.push(owner);
    this.count++;
  }

  /** Takes back the last add() of this boundary, and the nodes that nothing needs any more. */
  remove(boundary: string): void {
    const path = [this.root];
    for (let index = 0; index < boundary.length; index++) path.push(path[index]!.next.get(boundary.charCodeAt(index))!);
    path.at(-1)!.owners.pop();
    this.count--;
    for (let index = boundary.length; index > 0; index--) {
      const node = path[index]!;
      if (node.owners.length > 0 || node.next.size > 0) break;
      path[index - 1]!.next.delete(boundary.charCodeAt(index - 1));
    }
  }

  /**
   * What the line of `length` octets at `from` delimits; null if nothing. RFC 2046 §5.1.1 lets a line that only starts with the
   * boundary count; as in Cyrus it has to be followed by padding, `--` or the line end, for some mailers nest
   * "abc1" in "abc". The longest boundary wins.
   */
  match(bytes: Uint8Array, from: number, length: number): Delimiter | null {
    if (this.count === 0 || length < 3 || bytes[from] !== DASH || bytes[from + 1] !== DASH) return null;
    const end = from + length;
    let found: Delimiter | null = null;
    let node: Node | undefined = this.root;
    for (let at = from + 2; ; at++) {
      const owner = node.owners.at(-1);
      if (owner !== undefined) {
        const isClose = at + 1 < end && bytes[at] === DASH && bytes[at + 1] === DASH;
        if (isClose || at >= end || isPadding(bytes[at]!)) found = { owner, isClose };
      }
      node = at < end ? node.next.get(bytes[at]!) : undefined;
      if (node === undefined) return found;
    }
  }
}

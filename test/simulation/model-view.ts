// A naive mail client: a list of messages by number, changed only by what the server tells (EXPUNGE, EXISTS, FETCH).
import type { ViewChanges } from '../../services/core/account/view';
import { Violation, type Shown, type ShownRow } from './history';

interface Known {
  readonly uid: number;
  modSeq: number;
  flags: string;
}

export class ModelView {
  private readonly messages: Known[];

  constructor(
    private readonly client: string,
    shown: Shown,
  ) {
    this.messages = shown.rows.map(({ uid, modSeq, flagNumbers }) => ({ uid, modSeq, flags: flagNumbers }));
    this.compare(shown);
  }

  get uids(): number[] {
    return this.messages.map(({ uid }) => uid);
  }

  get modSeqs(): number[] {
    return this.messages.map(({ modSeq }) => modSeq);
  }

  /** Takes what was told, in its order; then the client must know exactly what the server believes it knows. */
  take(changes: ViewChanges, shown: Shown): void {
    for (const { number, uid } of changes.gone) {
      const [gone] = this.messages.splice(number - 1, 1);
      if (gone?.uid !== uid) this.fail(`EXPUNGE ${number} names UID ${gone?.uid}, the server means ${uid}`);
    }
    if (changes.exists !== null) {
      if (changes.exists <= this.messages.length) this.fail(`EXISTS ${changes.exists} brings nothing new to ${this.messages.length}`);
      // What a client does next: FETCH of the new numbers.
      for (const { uid, modSeq, flagNumbers } of shown.rows.slice(this.messages.length, changes.exists)) this.messages.push({ uid, modSeq, flags: flagNumbers });
    }
    for (const { number, before, row } of changes.changed) {
      const known = this.messages[number - 1];
      if (known?.uid !== row.uid) this.fail(`FETCH ${number} is for UID ${row.uid}, the client has ${known?.uid} there`);
      else if (known.modSeq !== before.modSeq) this.fail(`FETCH ${number} follows mod-sequence ${before.modSeq}, the client knows ${known.modSeq}`);
      else Object.assign(known, { modSeq: row.modSeq, flags: row.flags.join(' ') });
    }
    this.compare(shown);
  }

  private compare({ rows, uids }: Shown): void {
    if (rows.length !== this.messages.length) this.fail(`the server counts ${rows.length} messages, the client ${this.messages.length}`);
    for (const [i, row] of rows.entries()) this.compareRow(i + 1, row);
    if (uids !== this.uids.join(' ')) this.fail(`the server names the UIDs ${uids}, the client has ${this.uids.join(' ')}`);
  }

  private compareRow(number: number, { uid, modSeq, flagNumbers, uidAt, numberOf }: ShownRow): void {
    const known = this.messages[number - 1]!;
    if (known.uid !== uid || known.modSeq !== modSeq || known.flags !== flagNumbers) {
      this.fail(`${number} is UID ${uid} (${modSeq}: ${flagNumbers}) to the server, ${known.uid} (${known.modSeq}: ${known.flags}) to the client`);
    }
    if (uidAt !== uid || numberOf !== number) this.fail(`${number} is UID ${uid}, but its UID is said to be ${uidAt}, and that one's number ${numberOf}`);
    if (number > 1 && this.messages[number - 2]!.uid >= uid) this.fail(`UID ${uid} comes after ${this.messages[number - 2]!.uid}`);
  }

  private fail(why: string): never {
    throw new Violation(`${this.client}: ${why}`);
  }
}

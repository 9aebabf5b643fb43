// What a row of the table is: a thing that any mail server does, and how it is measured.
import { mailboxName, type Mailbox } from '../mailbox';
import { SMALL_BYTES, type Scale } from '../scale';
import { openImap, type Server } from '../server';
import { messageOf } from '../generated-message';
import type { Appended, ImapSession } from '../wire/imap-session';

export interface Figure {
  readonly title: string;
  readonly unit: '/s' | 'ms' | 'MB/s' | 'KB';
  readonly better: 'more' | 'less';
}

/** What a server must have, beside IMAP, for a row to be measured. */
export type Need = 'pop3' | 'lmtp' | 'second' | 'pid' | 'cold';

export interface Row {
  /** For --only. */
  readonly name: string;
  readonly figures: readonly Figure[];
  readonly needs: readonly Need[];
  /** Filled before anything is measured. */
  readonly mailboxes: readonly Mailbox[];
  /** One number for each figure. Rejects if the server does not do what it is asked for, or does not answer what it must. */
  measure(stage: Stage): Promise<readonly number[]>;
}

interface Closable {
  close(): void;
}

/** One server while one row is measured on it. */
export class Stage {
  private readonly opened: Closable[] = [];

  /** `nextMessage`: the number of the first new message; the same for each server that the row is measured on. */
  constructor(
    readonly server: Server,
    readonly scale: Scale,
    private nextMessage: number,
  ) {}

  /** A session of an account, closed with the stage. */
  async imap(account: number, at = this.server.imap): Promise<ImapSession> {
    return this.owned(await openImap(this.server, account, at));
  }

  /** A session that has the mailbox selected. */
  async selected(account: number, mailbox: string): Promise<ImapSession> {
    const session = await this.imap(account);
    await session.command(`SELECT ${await mailboxName(session, mailbox)}`);
    return session;
  }

  /** One thing for each of `count` connections, a few at a time: servers bound how many log in at once. */
  async each<T>(count: number, make: (number: number) => Promise<T>): Promise<T[]> {
    const made: T[] = [];
    for (let first = 1; first <= count; first += LOGINS_AT_ONCE) {
      const numbers = Array.from({ length: Math.min(LOGINS_AT_ONCE, count + 1 - first) }, (_, i) => first + i);
      made.push(...(await Promise.all(numbers.map(make))));
    }
    return made;
  }

  /** A message of 2 KB that no server has seen: mail that came before may be known again by what it says. */
  newMessage(): Appended {
    this.nextMessage += 1;
    return messageOf(this.nextMessage, SMALL_BYTES);
  }

  owned<T extends Closable>(opened: T): T {
    this.opened.push(opened);
    return opened;
  }

  close(): void {
    for (const each of this.opened.splice(0)) each.close();
  }
}

const LOGINS_AT_ONCE = 10;

/** Throws unless the server answered what it had to: a fast wrong answer is no measurement. */
export function requireCount(what: string, got: number, wanted: number): void {
  if (got !== wanted) throw new Error(`${what}: the server answered ${got} where ${wanted} are right`);
}

/** 100000 as 100,000. */
export function spelled(count: number): string {
  return count.toLocaleString('en-US');
}

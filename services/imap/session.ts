// What the server knows of one client: signed in as whom, with which mailbox selected, told what.
import type { Account } from '../core/account/account';
import type { View } from '../core/account/view';
import type { User } from '../core/auth/enter-account';
import type { MailboxId } from '../core/runtime/numbers';

export interface Selected {
  readonly mailbox: MailboxId;
  /** INBOX is a name, not a mailbox: after a RENAME of it elsewhere the session is on another mailbox than it thinks. */
  readonly isInbox: boolean;
  readonly isReadOnly: boolean;
  readonly view: View;
  /** [first, last] UIDs that are \Recent in this session, ascending, disjoint. */
  readonly recent: (readonly [number, number])[];
  /** How many of the account's keywords the client knows. */
  keywordsTold: number;
}

/** A session with a mailbox selected but nobody signed in cannot be written down. */
export type State =
  | { readonly name: 'notAuthenticated' }
  | { readonly name: 'authenticated'; readonly user: User }
  | { readonly name: 'selected'; readonly user: User; readonly selected: Selected }
  | { readonly name: 'logout' };

export type StateName = State['name'];

/** What a client may switch on: RFC 7162. QRESYNC includes CONDSTORE. */
export type Enabled = 'CONDSTORE' | 'QRESYNC';

export class Session {
  state: State = { name: 'notAuthenticated' };
  readonly enabled = new Set<Enabled>();

  /** The account of who is signed in; to be asked only in states that have one. */
  get account(): Account {
    if (this.state.name === 'authenticated' || this.state.name === 'selected') return this.state.user.lease.account;
    throw new Error('nobody is signed in');
  }

  /** The selected mailbox; to be asked only where one is. */
  get selected(): Selected {
    if (this.state.name === 'selected') return this.state.selected;
    throw new Error('no mailbox is selected');
  }

  /** The state of this user without a mailbox. */
  unselected(): State {
    if (this.state.name === 'authenticated' || this.state.name === 'selected') return { name: 'authenticated', user: this.state.user };
    throw new Error('nobody is signed in');
  }
}

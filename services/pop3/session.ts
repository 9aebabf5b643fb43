// What the server knows of one client: RFC 1939's states.
import type { User } from '../core/auth/enter-account';
import type { Maildrop } from './maildrop';

/** A maildrop that nobody opened cannot be written down. */
export type State =
  /** `user`: who USER said is coming. */
  | { readonly name: 'AUTHORIZATION'; readonly user: string | null }
  | { readonly name: 'TRANSACTION'; readonly user: User; readonly maildrop: Maildrop }
  /** After QUIT, or when the server has to end it: no command is heard any more. */
  | { readonly name: 'over' };

export type StateName = State['name'];

export class Session {
  state: State = { name: 'AUTHORIZATION', user: null };

  /** What was opened at login; to be asked only in TRANSACTION. */
  get opened(): Extract<State, { name: 'TRANSACTION' }> {
    if (this.state.name === 'TRANSACTION') return this.state;
    throw new Error('no maildrop is open');
  }

  /** No command is heard from now on. */
  end(): void {
    if (this.state.name === 'TRANSACTION') this.state.user.lease.release();
    this.state = { name: 'over' };
  }
}

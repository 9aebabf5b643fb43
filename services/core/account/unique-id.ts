// The unique-id of a message in POP3: RFC 1939 §7. The same in every session, for ever, on every frontend, and in an export.
import type { UidValidity } from '../runtime/numbers';
import type { Row } from './chunk';

/** 1 to 70 characters from 0x21 to 0x7E. */
const UNIQUE_ID = /^[!-~]{1,70}$/;

export function isUniqueId(text: string): boolean {
  return UNIQUE_ID.test(text);
}

/** The one that an import brought, else one made of `uidValidity`, its mailbox's, and its UID. */
export function uniqueIdOf({ uid, pop3Uidl }: Pick<Row, 'uid' | 'pop3Uidl'>, uidValidity: UidValidity): string {
  return pop3Uidl !== null && isUniqueId(pop3Uidl) ? pop3Uidl : `${uidValidity}.${uid}`;
}

// CONDSTORE is switched on by the first command that shows that the client knows it (RFC 7162 §3.1).
import type { Session } from './session';
import { numberCode } from './responses/response-codes';
import { untagged } from './responses/status';

/**
 * Switches it on; what must be said then: in a selected state its HIGHESTMODSEQ (RFC 7162 §3.1.8), but none above an expunge that
 * the client does not know. Empty if it was on.
 */
export function enableCondstore(session: Session): Uint8Array {
  if (session.enabled.has('CONDSTORE')) return new Uint8Array();
  session.enabled.add('CONDSTORE');
  if (session.state.name !== 'selected') return new Uint8Array();
  const { view } = session.selected;
  return untagged('OK', 'mod-sequences are on', numberCode('HIGHESTMODSEQ', view.heldBack === null ? view.mailbox.highestModSeq : view.heldBack - 1));
}

/**
 * To be said after MODSEQs while expunges are held back, else empty: the client takes the highest MODSEQ that it hears for what it
 * knows, unless it is told otherwise (RFC 7162 §6), and must not ask from behind an expunge when it comes back.
 */
export function heldBackModSeq(session: Session): Uint8Array {
  const { heldBack } = session.selected.view;
  if (heldBack === null || !session.enabled.has('QRESYNC')) return new Uint8Array();
  return untagged('OK', 'expunges are held back', numberCode('HIGHESTMODSEQ', heldBack - 1));
}

/**
 * For the tagged OK of EXPUNGE, UID EXPUNGE and MOVE (RFC 7162 §3.2.7): what the client may store, now that all expunges are told.
 * Undefined where it must not be said.
 */
export function highestModSeqCode(session: Session): string | undefined {
  const { view } = session.selected;
  return session.enabled.has('QRESYNC') && !view.hasGhosts ? `HIGHESTMODSEQ ${view.mailbox.highestModSeq}` : undefined;
}

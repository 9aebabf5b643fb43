// What a client that knows a mailbox from before need be told of it: RFC 7162 §3.2.5. The index holds every expunge, so the answer
// is exact, and the client's sequence-match data, a help for servers that forget, is not needed.
import type { AccountState } from '../core/account/account-state';
import { UidSet } from '../core/account/uid-set';
import { ByteWriter } from '../core/wire/byte-writer';
import type { QresyncArgs } from './grammar/select-args';
import { FetchLine } from './responses/fetch';
import { writeVanished } from './responses/vanished';
import type { Selected } from './session';
import { flagNames } from './sync';

/** So much is made before it is written. */
const PIECE_BYTES = 64 * 1024;

/** VANISHED (EARLIER) of what was expunged since, FETCH of what was added or changed since, both only among the known UIDs. */
export function* resynchronized(state: AccountState, selected: Selected, { modSeq, knownUids }: QresyncArgs): Generator<Uint8Array> {
  const { mailbox } = selected.view;
  const writer = new ByteWriter();
  const largest = mailbox.uidNext - 1;
  // RFC 7162 §3.2.5.2: without the list of known UIDs, 1:<maxuid>.
  const known = UidSet.ofRanges(knownUids ? knownUids.within(largest) : [[1, largest]]);
  const vanished = mailbox.vanishedSince(modSeq).intersection(known);
  if (!vanished.isEmpty) writeVanished(writer, vanished, true);
  let number = 0;
  for (const chunk of mailbox.chunks) {
    for (let i = 0; i < chunk.length; i += 1) {
      number += 1;
      if (chunk.modSeqAt(i) <= modSeq || !known.has(chunk.uidAt(i))) continue;
      const row = chunk.row(i);
      new FetchLine(writer, number).uid(row.uid).flags(flagNames(selected, state, row)).modSeq(row.modSeq).end();
      if (writer.lengthBytes >= PIECE_BYTES) yield writer.take();
    }
  }
  yield writer.take();
}

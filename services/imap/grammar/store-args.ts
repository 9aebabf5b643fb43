// The arguments of STORE (RFC 3501 §9, RFC 7162 §7).
import { BadCommand } from '../../core/runtime/errors';
import { ITEM_NAME } from './characters';
import { readFlagList, readFlags } from './flag';
import { readList, type Reader } from './reader';
import { readSequenceSet, type SequenceSet } from './sequence-set';

export interface StoreArgs {
  readonly set: SequenceSet;
  readonly action: 'add' | 'remove' | 'replace';
  readonly flags: readonly string[];
  readonly silent: boolean;
  /** Null: unconditional. 0 fails for every message that has ever been changed (RFC 7162 §3.1.3). */
  readonly unchangedSince: number | null;
}

/** store = "STORE" SP sequence-set [store-modifiers] SP store-att-flags. Reads what follows the name. */
export function readStoreArgs(reader: Reader): StoreArgs {
  reader.readSpace('a set of message numbers');
  const set = readSequenceSet(reader);
  reader.readSpace('FLAGS, +FLAGS or -FLAGS');
  let unchangedSince: number | null = null;
  if (reader.isAt('(')) {
    unchangedSince = readModifiers(reader);
    reader.readSpace('FLAGS, +FLAGS or -FLAGS');
  }
  // store-att-flags = (["+" / "-"] "FLAGS" [".SILENT"]) SP (flag-list / (flag *(SP flag)))
  const action = reader.tryChar('+') ? 'add' : reader.tryChar('-') ? 'remove' : 'replace';
  const name = reader.takeRun(ITEM_NAME).toString('latin1').toUpperCase();
  if (name !== 'FLAGS' && name !== 'FLAGS.SILENT') throw new BadCommand('expected FLAGS, +FLAGS or -FLAGS');
  reader.readSpace('flags');
  const flags = reader.isAt('(') ? readFlagList(reader) : readFlags(reader);
  return { set, action, flags, silent: name === 'FLAGS.SILENT', unchangedSince };
}

/** store-modifiers = SP "(" store-modifier *(SP store-modifier) ")"; "UNCHANGEDSINCE" SP mod-sequence-valzer */
function readModifiers(reader: Reader): number {
  const values = readList(reader, 'a STORE modifier', () => {
    if (reader.readWord('a STORE modifier') !== 'UNCHANGEDSINCE') throw new BadCommand('unknown STORE modifier');
    reader.readSpace('a mod-sequence');
    return reader.readNumber63('a mod-sequence');
  });
  if (values.length > 1) throw new BadCommand('UNCHANGEDSINCE is given twice');
  return values[0]!;
}

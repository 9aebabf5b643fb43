// id = "ID" SP id-params-list (RFC 2971 §4).
import { BadCommand } from '../../core/runtime/errors';
import { grammarLimits } from './grammar-limits';
import { readUtf8, type Reader } from './reader';

/** Reads what follows the name. What the client says of itself: untrusted, for logs only. Keys in lower case; empty for NIL. */
export function readIdArgs(reader: Reader): ReadonlyMap<string, string | null> {
  reader.readSpace('a list of fields or NIL');
  const fields = new Map<string, string | null>();
  // id-params-list = "(" *(string SP nstring) ")" / nil
  if (reader.tryWord('NIL') || reader.tryEmptyList()) return fields;
  reader.readChar('(');
  do {
    const name = reader.readString('a field');
    reader.readSpace('a value');
    const value = reader.readNString('a value');
    if (name.length > grammarLimits.idFieldBytes) throw new BadCommand('a field name is too long');
    if (value !== null && value.length > grammarLimits.idValueBytes) throw new BadCommand('a value is too long');
    const key = readUtf8(name, 'a field').toLowerCase();
    if (fields.has(key)) throw new BadCommand('a field is given twice');
    if (fields.size === grammarLimits.idFields) throw new BadCommand('too many fields');
    fields.set(key, value === null ? null : readUtf8(value, 'a value'));
  } while (reader.tryChar(' '));
  reader.readChar(')');
  return fields;
}

// header-fld-name = astring (RFC 3501 §9).
import { BadCommand } from '../../core/runtime/errors';
import { FIELD_NAME, isIn } from './characters';
import type { Reader } from './reader';

/** Reads the name of a header field, as written. What no header can contain is refused: names are repeated in responses. */
export function readFieldName(reader: Reader): string {
  const name = reader.readAstring('a header field');
  if (name.length === 0 || !name.every((byte) => isIn(FIELD_NAME, byte))) throw new BadCommand('expected the name of a header field');
  return name.toString('latin1');
}

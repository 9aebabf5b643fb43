// objectid = 1*255(ALPHA / DIGIT / "_" / "-") (RFC 8474 §7).
import { BadCommand } from '../../core/runtime/errors';
import { OBJECT_ID } from './characters';
import type { Reader } from './reader';

const OBJECT_ID_CHARS_MAX = 255;

export function readObjectId(reader: Reader): string {
  const objectId = reader.readRun(OBJECT_ID, 'an object id');
  if (objectId.length > OBJECT_ID_CHARS_MAX) throw new BadCommand('the object id is too long');
  return objectId;
}

import { Framer, type Fragment } from '../../services/core/wire/framer';
import { Reader, type Segment } from '../../services/imap/grammar/reader';

/** The segments of the first command in `text`, which needs no line end at its end; every literal is taken. Byte strings. */
export function segmentsOf(text: string): Segment[] {
  return segmentsOfBytes(Buffer.from(`${text}\r\n`, 'latin1'));
}

export function segmentsOfBytes(bytes: Buffer): Segment[] {
  const framer = new Framer({ lineBytesMax: 2 ** 21, literals: true });
  framer.push(bytes);
  const segments: Segment[] = [];
  for (let fragment = framer.next(); fragment !== null; fragment = framer.next()) {
    if (addTo(segments, fragment, framer) === 'whole') break;
  }
  return segments;
}

export function readerOf(text: string): Reader {
  return new Reader(segmentsOf(text));
}

function addTo(segments: Segment[], fragment: Fragment, framer: Framer): 'whole' | 'part' {
  if (fragment.kind === 'overlong') return 'whole';
  if (fragment.kind === 'literal') {
    const literal = segments[segments.length - 1]!;
    segments[segments.length - 1] = { ...literal, bytes: Buffer.concat([literal.bytes, fragment.bytes]) };
    return 'part';
  }
  segments.push({ kind: 'line', bytes: fragment.bytes });
  if (fragment.literal === null) return 'whole';
  segments.push({ kind: 'literal', bytes: Buffer.alloc(0), binary: fragment.literal.binary });
  framer.acceptLiteral();
  return 'part';
}

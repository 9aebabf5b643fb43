// Which octets of a message a search for text looks at: headers and text, but not the attachments that make messages large.
import { HEADER_BYTES_MAX } from '../../core/message/mime-limits';
import type { MimePart } from '../../core/message/mime-part';
import type { OctetRange } from '../../core/message/section';

/** Reading this much for nothing is cheaper than one more request. */
const GAP_BYTES = 64 * 1024;

/** Ascending, disjoint. */
export function searchedRanges(structure: MimePart): OctetRange[] {
  const ranges: { startByte: number; endByte: number }[] = [];
  for (const { startByte, endByte } of partsOf(structure)) {
    const last = ranges.at(-1);
    if (last && startByte <= last.endByte + GAP_BYTES) last.endByte = Math.max(last.endByte, endByte);
    else if (startByte < endByte) ranges.push({ startByte, endByte });
  }
  return ranges;
}

/** In the order of the message. */
function* partsOf(part: MimePart): Generator<OctetRange> {
  yield { startByte: part.headerStart, endByte: Math.min(part.bodyStart, part.headerStart + HEADER_BYTES_MAX) };
  for (const child of part.children) yield* partsOf(child);
  if (part.message !== null) yield* partsOf(part.message.structure);
  else if (part.type === 'text' || part.type === 'message') yield { startByte: part.bodyStart, endByte: part.bodyEnd };
}

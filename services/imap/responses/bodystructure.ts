// BODY and BODYSTRUCTURE (RFC 3501 §7.4.2, §9 body). Recursion ends where the MIME scanner's depth limit does.
import type { Disposition, MimePart, Parameter } from '../../core/message/mime-part';
import type { ByteWriter } from '../../core/wire/byte-writer';
import { writeEnvelope } from './envelope';
import { writeList, writeNString, writeString } from './strings';

/** `isExtended`: with extension data, as in BODYSTRUCTURE; BODY has none. */
export function writeBody(out: ByteWriter, part: MimePart, isExtended: boolean): void {
  out.ascii('(');
  if (part.children.length > 0) writeMultipart(out, part, isExtended);
  else writeSinglePart(out, part, isExtended);
  out.ascii(')');
}

/** body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart] */
function writeMultipart(out: ByteWriter, part: MimePart, isExtended: boolean): void {
  for (const child of part.children) writeBody(out, child, isExtended);
  out.ascii(' ');
  writeString(out, part.subtype);
  if (!isExtended) return;
  // body-ext-mpart = body-fld-param [SP body-fld-dsp [SP body-fld-lang [SP body-fld-loc]]]
  out.ascii(' ');
  writeParams(out, part.params);
  writePlacing(out, part);
}

/** body-type-1part = (body-type-basic / body-type-msg / body-type-text) [SP body-ext-1part] */
function writeSinglePart(out: ByteWriter, part: MimePart, isExtended: boolean): void {
  writeString(out, part.type);
  out.ascii(' ');
  writeString(out, part.subtype);
  out.ascii(' ');
  // body-fields = body-fld-param SP body-fld-id SP body-fld-desc SP body-fld-enc SP body-fld-octets
  writeParams(out, part.params);
  out.ascii(' ');
  writeNString(out, part.id);
  out.ascii(' ');
  writeNString(out, part.description);
  out.ascii(' ');
  writeString(out, part.encoding);
  out.ascii(' ').number(part.bodyEnd - part.bodyStart);
  // body-type-msg is message/rfc822 alone in IMAP4rev1: message/global is a basic part.
  if (part.message !== null && part.subtype === 'rfc822') {
    out.ascii(' ');
    writeEnvelope(out, part.message.envelope);
    out.ascii(' ');
    writeBody(out, part.message.structure, isExtended);
    out.ascii(' ').number(part.lines);
  } else if (part.type === 'text') out.ascii(' ').number(part.lines);
  if (!isExtended) return;
  // body-ext-1part = body-fld-md5 [SP body-fld-dsp [SP body-fld-lang [SP body-fld-loc]]]
  out.ascii(' ');
  writeNString(out, part.md5);
  writePlacing(out, part);
}

/** SP body-fld-dsp SP body-fld-lang SP body-fld-loc */
function writePlacing(out: ByteWriter, part: MimePart): void {
  out.ascii(' ');
  writeDisposition(out, part.disposition);
  out.ascii(' ');
  // body-fld-lang = nstring / "(" string *(SP string) ")"
  if (part.language.length === 0) out.ascii('NIL');
  else writeList(out, part.language, (language) => writeString(out, language));
  out.ascii(' ');
  writeNString(out, part.location);
}

/** body-fld-dsp = "(" string SP body-fld-param ")" / nil */
function writeDisposition(out: ByteWriter, disposition: Disposition | null): void {
  if (disposition === null) {
    out.ascii('NIL');
    return;
  }
  out.ascii('(');
  writeString(out, disposition.type);
  out.ascii(' ');
  writeParams(out, disposition.params);
  out.ascii(')');
}

/** body-fld-param = "(" string SP string *(SP string SP string) ")" / nil */
function writeParams(out: ByteWriter, params: readonly Parameter[]): void {
  if (params.length === 0) out.ascii('NIL');
  else writeList(out, params.flat(), (text) => writeString(out, text));
}

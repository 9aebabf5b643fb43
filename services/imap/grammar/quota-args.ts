// The arguments of SETQUOTA (RFC 9208 §7): read, so that what is refused is a quota and not a line.
import { readList, type Reader } from './reader';

/** setquota = "SETQUOTA" SP quota-root-name SP setquota-list. Reads what follows the name. */
export function readSetQuotaArgs(reader: Reader): void {
  readQuotaRoot(reader);
  reader.readSpace('a list of resource limits');
  // setquota-list = "(" [setquota-resource *(SP setquota-resource)] ")"
  if (!reader.tryEmptyList()) readList(reader, 'a resource', () => readResource(reader));
}

/** SP quota-root-name; quota-root-name = astring. As one character for each octet. */
export function readQuotaRoot(reader: Reader): string {
  reader.readSpace('a quota root');
  return reader.readAstring('a quota root').toString('latin1');
}

/** setquota-resource = resource-name SP resource-limit */
function readResource(reader: Reader): void {
  reader.readAtom('a resource');
  reader.readSpace('a limit');
  reader.readNumber63('the limit');
}

// What LMDB can keep apart as a key.

/** lmdb's keys end at 1978 bytes. */
const MAX_ID_BYTES = 1024;

/**
 * Whether an id can be a key, or the first part of one. A control character is an escape or an end in lmdb's key encoding, and
 * all lone surrogates are one and the same in UTF-8: two ids could become one key.
 */
export function isStorableId(id: string): boolean {
  return id.length > 0 && id.length <= MAX_ID_BYTES && Buffer.byteLength(id) <= MAX_ID_BYTES && !/[\p{Cc}\p{Cs}]/u.test(id);
}

/** Ids and tokens as text. */
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

// What errors say. Not by `instanceof Error`: errors of Node may come from another realm.

/** The code of a system error or of one of Node's own, such as ENOENT. */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

/** Of a failed system call. */
export function isSystemError(error: unknown): boolean {
  return codeOf(error) !== undefined && typeof error === 'object' && error !== null && 'syscall' in error;
}

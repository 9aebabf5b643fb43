// What errors say. Not by `instanceof Error`: errors of Node may come from another realm.
import { getSystemErrorMap } from 'node:util';

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

/** "no space left on device (ENOSPC)" of a failed system call, without its path; of other errors their message. */
export function reasonOf(error: unknown): string {
  const errno = typeof error === 'object' && error !== null && 'errno' in error ? error.errno : null;
  const known = typeof errno === 'number' ? getSystemErrorMap().get(errno) : undefined;
  return known === undefined ? messageOf(error) : `${known[1]} (${known[0]})`;
}

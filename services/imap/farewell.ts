import type { RefusalCode } from '../core/runtime/errors';

/** The session ends now, with an untagged BYE and no tagged reply (RFC 3501 §7.1.5). */
export class Farewell extends Error {
  override readonly name = 'Farewell';
  constructor(
    text: string,
    readonly code: RefusalCode | 'SERVERBUG' | null = null,
  ) {
    super(text);
  }
}

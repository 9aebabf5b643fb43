import { BadCommand } from './errors';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** What a client sent as base64 (RFC 4648 §4), with nothing left over and nothing let pass. Throws BadCommand. */
export function strictBase64(text: string): Buffer {
  if (text.length % 4 !== 0 || !BASE64.test(text)) throw new BadCommand('expected base64');
  return Buffer.from(text, 'base64');
}

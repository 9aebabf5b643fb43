// authenticate = "AUTHENTICATE" SP auth-type [SP (base64 / "=")] *(CRLF base64) (RFC 3501 §9, RFC 4959 §7).
import { strictBase64 } from '../../core/runtime/base64';
import type { Reader } from './reader';
import { SASL } from './characters';

export interface AuthenticateArgs {
  /** Upper case. */
  readonly mechanism: string;
  /** Null: none was sent. */
  readonly initialResponse: Buffer | null;
}

/** Reads what follows the name. */
export function readAuthenticateArgs(reader: Reader): AuthenticateArgs {
  reader.readSpace('a mechanism');
  const mechanism = reader.readWord('a mechanism');
  if (!reader.tryMore('an initial response')) return { mechanism, initialResponse: null };
  const text = reader.readRun(SASL, 'an initial response in base64');
  // "=": an initial response that is there, and empty.
  return { mechanism, initialResponse: text === '=' ? Buffer.alloc(0) : strictBase64(text) };
}

/** The client's answer to a challenge; null: it gives up (RFC 3501 §6.2.2). Throws BadCommand if it is not base64. */
export function parseSaslResponse(line: Buffer): Buffer | null {
  const text = line.toString('latin1');
  return text === '*' ? null : strictBase64(text);
}

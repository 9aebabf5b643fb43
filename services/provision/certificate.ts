// The self-signed certificate of an installation that has no other: made on the first start, shared by all processes on one folder.
import { join } from 'node:path';
import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { generate } from 'selfsigned';
import type { Clock } from '../core/runtime/clock';
import { Damaged } from '../core/runtime/errors';
import type { Random } from '../core/runtime/random';
import { claimedFile } from './claimed-file';

const VALID_MS = 10 * 365 * 24 * 60 * 60_000;
/** Clients' clocks may be behind. */
const BACKDATED_MS = 24 * 60 * 60_000;

/** Key and certificate in one file, so that nobody ever sees a pair that does not match. */
export function certificatePath(dataDir: string): string {
  return join(dataDir, 'tls.pem');
}

/** Loads the certificate of the folder, or makes it for localhost and `host`. Rejects with Unavailable, Damaged. */
export async function loadCertificate(dataDir: string, host: string, clock: Clock, random: Random): Promise<SecureContext> {
  const path = certificatePath(dataDir);
  const pem = await claimedFile(path, random, () => makeCertificate(host, clock));
  try {
    return createSecureContext({ key: pem, cert: pem, minVersion: 'TLSv1.2' });
  } catch (cause) {
    throw new Damaged(`${path} holds no certificate with its key; remove it, and the next start makes a new one`, { cause });
  }
}

async function makeCertificate(host: string, clock: Clock): Promise<string> {
  const nowMs = clock.nowMs();
  const names = [...new Set(['localhost', '127.0.0.1', '::1', host])].filter((name) => name !== '0.0.0.0' && name !== '::');
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(nowMs - BACKDATED_MS),
    notAfterDate: new Date(nowMs + VALID_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })) },
    ],
  });
  return `${made.private.trim()}\n${made.cert.trim()}\n`;
}

import type { Readable } from 'node:stream';
import { UsageError } from '../options';

const BYTES_MAX = 4096;

/** All of standard input but the line end at its end. Throws UsageError if there is nothing, too much, or no UTF-8. */
export async function readPassword(input: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > BYTES_MAX) throw new UsageError('standard input holds more than a password');
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new UsageError('the password on standard input is not UTF-8', { cause });
  }
  const password = text.replace(/\r?\n$/, '');
  if (password === '') throw new UsageError('--password-stdin: standard input is empty');
  return password;
}

// Reads every body that a live message names, once, and compares it with what the log says of it.
import { createHash } from 'node:crypto';
import type { AccountState } from '../../core/account/account-state';
import { mailboxById } from '../../core/account/account-state';
import type { Row } from '../../core/account/chunk';
import { sameBytes } from '../../core/log/entry';
import { decodeSummary } from '../../core/message/summary';
import { blobKey, blobPrefix } from '../../core/store/blob-key';
import { BlobMissing, type BlobStore } from '../../core/store/blob-store';
import type { Finding } from './finding';
import { messageOf } from '../../core/runtime/error-facts';

const AT_ONCE = 8;

interface Named {
  readonly row: Row;
  readonly where: string;
}

export interface BodyCheck {
  readonly messages: number;
  readonly bytes: number;
  readonly findings: readonly Finding[];
}

export async function checkBodies(blobs: BlobStore, accountId: string, state: AccountState, onChecked: () => void): Promise<BodyCheck> {
  const findings: Finding[] = [];
  const seen = new Map<string, Pick<Row, 'digest' | 'sizeBytes'>>();
  let messages = 0;
  let bytes = 0;
  const rows = rowsOf(state);
  const worker = async (): Promise<void> => {
    for (const { row, where } of rows) {
      messages += 1;
      findings.push(...summaryFindings(row, where));
      const key = blobKey(accountId, row.blobId);
      const known = seen.get(key);
      if (!known) {
        seen.set(key, row);
        bytes += row.sizeBytes;
        findings.push(...(await bodyFindings(blobs, key, row, where)));
      } else if (known.sizeBytes !== row.sizeBytes || !sameBytes(known.digest, row.digest)) {
        findings.push({ kind: 'digest', where, what: `another message says otherwise of blob ${key}` });
      }
      onChecked();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { messages, bytes, findings };
}

function* rowsOf(state: AccountState): Generator<Named> {
  for (const [name, { id }] of state.tree.walk()) {
    for (const chunk of mailboxById(state, id)?.chunks ?? []) {
      for (let i = 0; i < chunk.length; i += 1) yield { row: chunk.row(i), where: `${name} UID ${chunk.uidAt(i)}` };
    }
  }
}

function summaryFindings({ summary }: Row, where: string): Finding[] {
  try {
    decodeSummary(summary);
    return [];
  } catch (error) {
    return [{ kind: 'summary', where, what: messageOf(error) }];
  }
}

async function bodyFindings(blobs: BlobStore, key: string, { sizeBytes, digest }: Row, where: string): Promise<Finding[]> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of blobs.read(key)) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    if (error instanceof BlobMissing) return [{ kind: 'missing', where, what: `there is no blob ${key}` }];
    return [{ kind: 'unreadable', where, what: `${key}: ${messageOf(error)}` }];
  }
  if (bytes !== sizeBytes) return [{ kind: 'size', where, what: `blob ${key} has ${bytes} bytes, not ${sizeBytes}` }];
  return sameBytes(hash.digest(), digest) ? [] : [{ kind: 'digest', where, what: `blob ${key} is not what was stored` }];
}

export interface Unnamed {
  readonly blobs: number;
  readonly bytes: number;
}

/** Blobs that neither a live message nor a spilled entry names: of expunged messages, or of a write that was cut off. No harm. */
export async function countUnnamed(blobs: BlobStore, accountId: string, state: AccountState, spills: ReadonlySet<string>): Promise<Unnamed> {
  const named = new Set(spills);
  for (const { row } of rowsOf(state)) named.add(blobKey(accountId, row.blobId));
  const unnamed = { blobs: 0, bytes: 0 };
  for await (const { key, sizeBytes } of blobs.list(blobPrefix(accountId))) {
    if (named.has(key)) continue;
    unnamed.blobs += 1;
    unnamed.bytes += sizeBytes;
  }
  return unnamed;
}

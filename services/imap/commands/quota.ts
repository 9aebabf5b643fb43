// GETQUOTA, GETQUOTAROOT and SETQUOTA: RFC 9208 §4.1. An account with limits has one quota root, which its mailboxes share, those to
// come too; one without has none, as a QUOTA response names at least one resource (§7).
import type { AccountState } from '../../core/account/account-state';
import { Refusal } from '../../core/runtime/errors';
import { ByteWriter } from '../../core/wire/byte-writer';
import type { Command } from '../grammar/command';
import { AUTHENTICATED, type Handler } from '../handler';
import { writeQuota, writeQuotaRoots, type QuotaResource } from '../responses/quota';

/** The name that clients have met most often: §4.2.1 has it too. */
const ROOT = '';
const STORAGE_UNIT_BYTES = 1024;

const common = { states: AUTHENTICATED, reads: 'fresh', syncs: 'all', tellsAtEnd: true } as const;

export const getquota: Handler<Extract<Command, { kind: 'getquota' }>> = {
  ...common,
  async *run({ root }, { session }) {
    const resources = limitedResources(session.account.state);
    if (root !== ROOT || resources.length === 0) throw new Refusal('NONEXISTENT', 'no such quota root');
    const writer = new ByteWriter();
    writeQuota(writer, ROOT, resources);
    yield writer.take();
    return { text: 'GETQUOTA completed' };
  },
};

export const getquotaroot: Handler<Extract<Command, { kind: 'getquotaroot' }>> = {
  ...common,
  async *run({ mailbox }, { session }) {
    const resources = limitedResources(session.account.state);
    const isLimited = resources.length > 0;
    const writer = new ByteWriter();
    writeQuotaRoots(writer, mailbox, isLimited ? [ROOT] : []);
    if (isLimited) writeQuota(writer, ROOT, resources);
    yield writer.take();
    return { text: 'GETQUOTAROOT completed' };
  },
};

/** QUOTASET is not offered; clients of RFC 2087, which knew no such word, are told why not. */
export const setquota: Handler = {
  ...common,
  reads: 'none',
  // eslint-disable-next-line require-yield
  async *run() {
    throw new Refusal('NOPERM', 'quotas are set by the administrator');
  },
};

function limitedResources({ quotaBytes, usedBytes, quotaMessages, usedMessages }: AccountState): QuotaResource[] {
  const resources: QuotaResource[] = [];
  if (quotaBytes !== null) resources.push({ name: 'STORAGE', usage: storageUnits(usedBytes), limit: storageUnits(quotaBytes) });
  if (quotaMessages !== null) resources.push({ name: 'MESSAGE', usage: usedMessages, limit: quotaMessages });
  return resources;
}

/** §5.1. Both rounded up, so that what is within its limit is shown so. */
function storageUnits(bytes: number): number {
  return Math.ceil(bytes / STORAGE_UNIT_BYTES);
}

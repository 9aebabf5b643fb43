// QUOTA and QUOTAROOT (RFC 9208 §4.2).
import type { ByteWriter } from '../../core/wire/byte-writer';
import { writeMailbox } from './mailbox-name';
import { writeAstring, writeList } from './strings';

export interface QuotaResource {
  readonly name: 'STORAGE' | 'MESSAGE';
  readonly usage: number;
  readonly limit: number;
}

/** quota-response = "QUOTA" SP quota-root-name SP quota-list. `resources`: those that are limited, at least one. */
export function writeQuota(out: ByteWriter, root: string, resources: readonly QuotaResource[]): void {
  out.ascii('* QUOTA ');
  writeAstring(out, root);
  out.ascii(' ');
  writeList(out, resources, ({ name, usage, limit }) => out.ascii(`${name} `).number(usage).ascii(' ').number(limit));
  out.crlf();
}

/** quotaroot-response = "QUOTAROOT" SP mailbox *(SP quota-root-name) */
export function writeQuotaRoots(out: ByteWriter, mailbox: string, roots: readonly string[]): void {
  out.ascii('* QUOTAROOT ');
  writeMailbox(out, mailbox);
  for (const root of roots) {
    out.ascii(' ');
    writeAstring(out, root);
  }
  out.crlf();
}

// `isomail check`: whether what is stored of an account is what was stored.
import type { DirectoryEntry } from '../core/store/directory';
import type { AccountState } from '../core/account/account-state';
import { checkBodies, countUnnamed } from './check/bodies';
import type { Finding } from './check/finding';
import { replay } from './check/replay';
import { jsonOption, type CliCommand } from './command';
import { startProgress } from './progress';

export const checkCommand: CliCommand = {
  name: 'check',
  args: ['LOGIN'],
  summary: 'verify an account at rest: its log, and every body',
  details: 'Reads everything, changes nothing. Exit code 1 and a report if anything is not what it must be.',
  options: [jsonOption],
  async run({ node, args, switches, out }) {
    const entry = await node.users.find(args[0]!);
    const { accountId } = entry;
    const replayed = await replay({ log: node.log, blobs: node.blobs, logId: accountId }, node.inTime);
    const { state, position, spills } = replayed;
    const total = state.mailboxes.reduce((sum, mailbox) => sum + (mailbox?.exists ?? 0), 0);
    const progress = startProgress(total, 'messages');
    const bodies = await checkBodies(node.blobs, accountId, state, () => progress.advance(1)).finally(() => progress.stop());
    const unnamed = await countUnnamed(node.blobs, accountId, state, spills);
    const findings = [...replayed.findings, ...(replayed.findings.length > 0 ? [] : directoryFindings(entry, state)), ...bodies.findings];
    const facts = { login: entry.login, accountId, position, messages: bodies.messages, bytes: bodies.bytes, unnamedBlobs: unnamed.blobs, unnamedBytes: unnamed.bytes };
    if (switches.has('json')) await out.json({ ...facts, findings });
    else {
      await out.line(`log       ${position} entries replayed`);
      await out.line(`messages  ${bodies.messages}, with ${bodies.bytes} bytes of bodies`);
      await out.line(`unnamed   ${unnamed.blobs} blobs with ${unnamed.bytes} bytes, of expunged messages or writes that were cut off`);
      for (const { kind, where, what } of findings) await out.line(`FOUND     ${kind}: ${where}: ${what}`);
      await out.line(findings.length === 0 ? 'all is as it must be' : `${findings.length} found`);
    }
    return findings.length === 0 ? 0 : 1;
  },
};

function directoryFindings({ login, disabled }: DirectoryEntry, state: AccountState): Finding[] {
  const where = `directory entry ${login}`;
  const findings: Finding[] = [];
  if (state.deleted) findings.push({ kind: 'directory', where, what: 'the account was removed: finish it with user remove' });
  if (state.login !== login) findings.push({ kind: 'directory', where, what: `it leads to the account of '${state.login}'` });
  if (state.disabled !== disabled) findings.push({ kind: 'directory', where, what: `it says ${disabled ? 'disabled' : 'enabled'}, the log does not: repeat user ${disabled ? 'disable' : 'enable'}` });
  return findings;
}

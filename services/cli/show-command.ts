// `isomail show`: an account as its log has made it.
import type { AccountState } from '../core/account/account-state';
import { mailboxById } from '../core/account/account-state';
import { formatTable } from '../table';
import { jsonOption, type CliCommand } from './command';

export const showCommand: CliCommand = {
  name: 'show',
  args: ['LOGIN'],
  summary: 'show an account: its folders, and where its log stands',
  options: [jsonOption],
  async run({ node, args, switches, out }) {
    const entry = await node.users.find(args[0]!);
    await node.users.withAccount(entry.accountId, async (account) => {
      await account.refresh();
      const { state, position } = account;
      const folders = foldersOf(state);
      const { quotaBytes, usedBytes, quotaMessages, usedMessages, disabled } = state;
      const facts = { login: entry.login, accountId: entry.accountId, disabled: disabled || entry.disabled, position, usedBytes, quotaBytes, usedMessages, quotaMessages };
      if (switches.has('json')) return out.json({ ...facts, folders });
      await out.line(`login     ${facts.login}${facts.disabled ? ' (disabled)' : ''}`);
      await out.line(`account   ${facts.accountId}`);
      await out.line(`position  ${position}`);
      await out.line(`bytes     ${usedBytes} of ${quotaBytes ?? 'no limit'}`);
      await out.line(`messages  ${usedMessages} of ${quotaMessages ?? 'no limit'}\n`);
      const columns = [{ title: 'folder' }, ...['UIDVALIDITY', 'UIDNEXT', 'messages', 'unseen', 'bytes'].map((title) => ({ title, align: 'right' as const }))];
      await out.line(formatTable(columns, folders.map(({ name, ...numbers }) => [name, ...Object.values(numbers).map((number) => number?.toString() ?? '-')])));
    });
    return 0;
  },
};

/** Null: only a name for the folders below it. */
function foldersOf(state: AccountState) {
  return [...state.tree.walk()].map(([name, { id }]) => {
    const mailbox = mailboxById(state, id);
    return {
      name,
      uidValidity: mailbox?.uidValidity ?? null,
      uidNext: mailbox?.uidNext ?? null,
      messages: mailbox?.exists ?? null,
      unseen: mailbox?.totals.unseen ?? null,
      bytes: mailbox?.totals.bytes ?? null,
    };
  });
}

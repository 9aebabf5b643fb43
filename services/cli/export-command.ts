// `isomail export`: an account as files that any mail server reads.
import { MessageBodies } from '../core/account/message-bodies';
import { jsonOption, type CliCommand, type ExitCode } from './command';
import { claimFolder, explained } from './export/export-folder';
import { Exporter } from './export/exporter';
import { startProgress } from './progress';

export const exportCommand: CliCommand = {
  name: 'export',
  args: ['LOGIN', 'DIR'],
  summary: 'write an account into a new folder, as a Maildir++',
  details: `Dovecot serves it as it is: folders, flags, dates, UIDs, POP3 unique-ids, subscriptions. import --keep-uids brings it back exactly.
The account as it is at one moment, while it is used. A message whose body is damaged is reported and left out: exit code 1.`,
  options: [jsonOption],
  async run({ node, args, switches, out }) {
    const [login, path] = args as [string, string];
    const entry = await node.users.find(login);
    await claimFolder(path);
    return node.users.withAccount(entry.accountId, async (account): Promise<ExitCode> => {
      await account.refresh();
      const { state, position } = account;
      const total = state.mailboxes.reduce((sum, mailbox) => sum + (mailbox?.exists ?? 0), 0);
      const progress = startProgress(total, 'messages');
      const bodies = new MessageBodies(node.blobs, node.clock, account.id);
      const exporter = new Exporter(bodies, account.id, state, { onMessage: () => progress.advance(1), say: (line) => progress.say(line) });
      const { folders, messages, bytes, leftOut } = await explained(path, exporter.run(path)).finally(() => progress.stop());
      if (switches.has('json')) await out.json({ login: entry.login, accountId: entry.accountId, position, folders, messages, bytes, leftOut });
      else await out.line(`${messages} messages with ${bytes} bytes in ${folders} folders exported, ${leftOut.length} left out`);
      return leftOut.length === 0 ? 0 : 1;
    });
  },
};

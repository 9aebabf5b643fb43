// `isomail import`: mail from files.
import { requireName } from '../core/account/decide/folder-name';
import { Refusal, Unavailable } from '../core/runtime/errors';
import type { CliCommand, ExitCode } from './command';
import { Importer } from './import/importer';
import { openSource } from './import/open-source';
import { keptUids, newUids } from './import/placement';
import { SourceProblem } from './import/source';
import { startProgress } from './progress';

export const importCommand: CliCommand = {
  name: 'import',
  args: ['LOGIN', 'PATH'],
  summary: 'import an mbox, a Maildir or a folder of .eml files',
  details: `Flags, dates and folders are kept; what has no folder goes to INBOX. Started again on the same files within seven days it goes on
where it was: what is in the account already is not added twice. Messages over 64 MiB, and what cannot be read, are reported and left out.
--keep-uids goes into mailboxes that never had a message: import before the account gets mail.`,
  options: [
    { name: 'mailbox', value: 'NAME', help: 'where the top goes, and folders below it', inEnvironment: false },
    { name: 'keep-uids', value: null, help: 'of a Maildir: keep UIDVALIDITY, UIDs and UIDNEXT, so that\nmail programs need not download anything again' },
  ],
  async run({ node, args, values, switches, out }) {
    const [login, path] = args as [string, string];
    const { accountId } = await node.users.find(login);
    const mailbox = values.get('mailbox')?.normalize('NFC').replace(/^inbox(?=\/|$)/i, 'INBOX') ?? null;
    if (mailbox !== null) requireName(mailbox);
    const reports: string[] = [];
    const source = await openSource(path, mailbox, (place, reason) => void reports.push(`skipped ${place}: ${reason}`));
    const unfollowed = reports.length;
    const placement = switches.has('keep-uids') ? keptUids(source, node.clock) : newUids;
    const progress = startProgress(source.total, source.unit);
    for (const line of reports) progress.say(line);
    const report = (place: string, reason: string): void => progress.say(`skipped ${place}: ${reason}`);
    try {
      return await node.users.withAccount(accountId, async (account): Promise<ExitCode> => {
        await account.refresh();
        const { added, known, skipped } = await new Importer(node, account, report, (weight) => progress.advance(weight), placement).run(source);
        progress.stop();
        await out.line(`${added} imported, ${known} were there already, ${skipped + unfollowed} skipped`);
        return skipped + unfollowed > 0 ? 1 : 0;
      });
    } catch (error) {
      const isOutside = error instanceof Refusal || error instanceof Unavailable || error instanceof SourceProblem;
      if (isOutside) progress.say('What was imported stays; the same command goes on from there.');
      if (!(error instanceof SourceProblem)) throw error;
      progress.say(`cannot read ${path}: ${error.message}`);
      return 1;
    } finally {
      progress.stop();
    }
  },
};

// `isomail alias …`: other addresses under which somebody gets mail.
import { Aliases } from '../provision/aliases';
import { formatTable } from '../table';
import { jsonOption, type CliCommand } from './command';

const add: CliCommand = {
  name: 'alias add',
  args: ['ADDRESS', 'LOGIN'],
  summary: 'deliver mail for an address to an account',
  details: 'Only deliveries by LMTP follow aliases: nobody signs in by one. An alias leads to one account, never to another alias.',
  options: [],
  async run({ node, args, out }) {
    const { address, login } = await new Aliases(node).add(args[0]!, args[1]!);
    await out.line(`mail for ${address} goes to ${login}`);
    return 0;
  },
};

const list: CliCommand = {
  name: 'alias list',
  args: [],
  summary: 'list the aliases',
  options: [jsonOption],
  async run({ node, switches, out }) {
    const aliases = await new Aliases(node).list();
    if (switches.has('json')) await out.json(aliases);
    else {
      const rows = aliases.map(({ address, login, leadsSomewhere }) => [address, login, leadsSomewhere ? 'delivers' : 'refuses: no such user']);
      await out.line(formatTable([{ title: 'alias' }, { title: 'login' }, { title: 'state' }], rows));
    }
    return 0;
  },
};

const remove: CliCommand = {
  name: 'alias remove',
  args: ['ADDRESS'],
  summary: 'refuse mail for an address again',
  options: [],
  async run({ node, args, out }) {
    await new Aliases(node).remove(args[0]!);
    await out.line(`removed the alias ${args[0]!}`);
    return 0;
  },
};

export const aliasCommands: readonly CliCommand[] = [add, list, remove];

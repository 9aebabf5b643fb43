// `isomail user …`: who may sign in.
import { randomPassword } from '../provision/random-password';
import { formatTable } from '../table';
import { jsonOption, passwordOption, type CliCommand, type Invocation } from './command';
import { quotaCommand, quotaOf, quotaOptions } from './quota-command';
import { readPassword } from './read-password';

const add: CliCommand = {
  name: 'user add',
  args: ['LOGIN'],
  summary: 'make an account',
  options: [passwordOption, ...quotaOptions],
  mayMakeStore: true,
  async run(invocation) {
    const quota = quotaOf(invocation.values);
    const { password, isMadeUp } = await chosenPassword(invocation);
    const { login } = await invocation.node.users.add(invocation.args[0]!, password, quota);
    await invocation.out.line(`added ${login}`);
    if (isMadeUp) await invocation.out.line(`password: ${password}`);
    return 0;
  },
};

const list: CliCommand = {
  name: 'user list',
  args: [],
  summary: 'list the accounts',
  options: [jsonOption],
  async run({ node, switches, out }) {
    const users = (await node.users.list()).map(({ login, accountId, disabled }) => ({ login, accountId, disabled }));
    if (switches.has('json')) await out.json(users);
    else {
      const rows = users.map(({ login, accountId, disabled }) => [login, accountId, disabled ? 'disabled' : 'enabled']);
      await out.line(formatTable([{ title: 'login' }, { title: 'account' }, { title: 'state' }], rows));
    }
    return 0;
  },
};

const password: CliCommand = {
  name: 'user password',
  args: ['LOGIN'],
  summary: 'give an account another password',
  details: 'Acts at once for new sign-ins, on every frontend; sessions that are open stay.',
  options: [passwordOption],
  async run(invocation) {
    const [login] = invocation.args as [string];
    await invocation.node.users.find(login);
    const chosen = await chosenPassword(invocation);
    await invocation.node.users.setPassword(login, chosen.password);
    await invocation.out.line(`changed the password of ${login}`);
    if (chosen.isMadeUp) await invocation.out.line(`password: ${chosen.password}`);
    return 0;
  },
};

const disable: CliCommand = {
  name: 'user disable',
  args: ['LOGIN'],
  summary: 'keep an account out, its sessions too; nothing is lost',
  options: [],
  async run({ node, args, out }) {
    await node.users.disable(args[0]!);
    await out.line(`disabled ${args[0]!}`);
    return 0;
  },
};

const enable: CliCommand = {
  name: 'user enable',
  args: ['LOGIN'],
  summary: 'let a disabled account in again',
  options: [],
  async run({ node, args, out }) {
    await node.users.enable(args[0]!);
    await out.line(`enabled ${args[0]!}`);
    return 0;
  },
};

const remove: CliCommand = {
  name: 'user remove',
  args: ['LOGIN'],
  summary: 'end an account for good',
  details: 'Its sessions end and its messages can be reached no more. If the login is added again, it gets a new and empty account.',
  options: [],
  async run({ node, args, out }) {
    await node.users.remove(args[0]!);
    await out.line(`removed ${args[0]!}`);
    return 0;
  },
};

export const userCommands: readonly CliCommand[] = [add, list, password, quotaCommand, disable, enable, remove];

async function chosenPassword({ switches, node }: Invocation): Promise<{ password: string; isMadeUp: boolean }> {
  if (switches.has('password-stdin')) return { password: await readPassword(process.stdin), isMadeUp: false };
  return { password: randomPassword(node.random), isMadeUp: true };
}

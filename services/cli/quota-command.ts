// `isomail user quota`: what an account may hold, shown and set; and the options that say so.
import { setQuota, type Quota } from '../core/account/decide/folders';
import { UsageError, type Option } from '../options';
import { jsonOption, type CliCommand } from './command';

/** Each with the part of the quota that it sets. */
const limits = [
  { option: 'quota', field: 'quotaBytes', unit: 'bytes' },
  { option: 'quota-messages', field: 'quotaMessages', unit: 'messages' },
] as const satisfies readonly { option: string; field: keyof Quota; unit: string }[];

export const quotaOptions: readonly Option[] = [
  { name: 'quota', value: 'BYTES', help: 'what its messages may take together; none: no limit', inEnvironment: false },
  { name: 'quota-messages', value: 'N', help: 'how many messages it may hold; none: no limit', inEnvironment: false },
];

/** What was said of the quota; what was not said is missing. Throws UsageError. */
export function quotaOf(values: ReadonlyMap<string, string>): Partial<Quota> {
  const said: { -readonly [Field in keyof Quota]?: Quota[Field] } = {};
  for (const { option, field, unit } of limits) {
    const text = values.get(option);
    if (text === undefined) continue;
    const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (text !== 'none' && !Number.isSafeInteger(number)) throw new UsageError(`--${option}: '${text}' is no number of ${unit}`);
    said[field] = text === 'none' ? null : number;
  }
  return said;
}

export const quotaCommand: CliCommand = {
  name: 'user quota',
  args: ['LOGIN'],
  summary: 'show what an account may hold, or set it',
  details: 'Without an option it is only shown. A limit below what is there loses nothing: no message is taken until others are gone.',
  options: [...quotaOptions, jsonOption],
  async run({ node, args, values, switches, out }) {
    const edit = quotaOf(values);
    const { login, accountId } = await node.users.find(args[0]!);
    await node.users.withAccount(accountId, async (account) => {
      if (Object.keys(edit).length > 0) await account.commit(setQuota(edit));
      else await account.refresh();
      const { quotaBytes, quotaMessages, usedBytes, usedMessages } = account.state;
      if (switches.has('json')) return out.json({ login, usedBytes, quotaBytes, usedMessages, quotaMessages });
      await out.line(`bytes     ${usedBytes} of ${quotaBytes ?? 'no limit'}`);
      await out.line(`messages  ${usedMessages} of ${quotaMessages ?? 'no limit'}`);
    });
    return 0;
  },
};

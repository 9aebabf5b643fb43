// The shape of a command of the command line tool. A command prints what it is asked for to `out`, and says by its exit code how it went.
import type { Option } from '../options';
import type { Node } from '../wiring';
import type { Output } from './output';

/** 0: done. 1: the work failed, or found something wrong. (2, bad usage, is thrown as UsageError.) */
export type ExitCode = 0 | 1;

export interface Invocation {
  readonly node: Node;
  readonly args: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  readonly switches: ReadonlySet<string>;
  readonly out: Output;
}

export interface CliCommand {
  /** One word or two, as typed. */
  readonly name: string;
  /** Names of its arguments, all required. */
  readonly args: readonly string[];
  readonly summary: string;
  /** More for its own --help. */
  readonly details?: string;
  readonly options: readonly Option[];
  /** False: there must be data already, so that a mistyped --data makes no empty store. */
  readonly mayMakeStore?: boolean;
  run(invocation: Invocation): Promise<ExitCode>;
}

export const jsonOption: Option = { name: 'json', value: null, help: 'print JSON instead of a table' };

export const passwordOption: Option = { name: 'password-stdin', value: null, help: 'read the password from standard input;\nwithout it one is made up and printed' };

// A server that is measured: where it listens, who may log in there, and what else the bench may ask of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { ImapSession } from './wire/imap-session';
import { LineSocket, closedUnless, type Address } from './wire/line-socket';

export interface Server {
  /** As the table calls it. */
  readonly name: string;
  readonly imap: Address;
  readonly pop3: Address | null;
  readonly lmtp: Address | null;
  /** IMAP of another process, or another machine, that serves the same accounts. */
  readonly second: Address | null;
  /** Logins are made of it: `%d` becomes 1, 2, 3 … */
  readonly userPattern: string;
  readonly password: string;
  readonly accounts: number;
  /** The process whose tree holds the sessions' memory; null: it is somewhere else. */
  readonly pid: (() => Promise<number>) | null;
  /** Makes the server forget what it has read: it resolves when the server serves again. */
  readonly cold: (() => Promise<void>) | null;
}

/** A restart that takes longer has failed. */
const SHELL_MS = 120_000;

/** What the bench cannot start with: one line, exit code 2. */
export class CannotMeasure extends Error {
  override readonly name = 'CannotMeasure';
}

/** The login of account 1, 2, 3 …; beyond the last one it begins again. */
export function loginOf({ userPattern, accounts }: Server, number: number): string {
  return userPattern.replace('%d', String(((number - 1) % accounts) + 1));
}

/** A session of an account. */
export async function openImap(server: Server, account: number, at: Address = server.imap): Promise<ImapSession> {
  const session = await ImapSession.open(at);
  await closedUnless(session.login(loginOf(server, account), server.password), session);
  return session;
}

/** Rejects with CannotMeasure unless the first and the last account can log in. */
export async function requireLogins(server: Server): Promise<void> {
  for (const account of new Set([1, server.accounts])) {
    try {
      await (await openImap(server, account)).logout();
    } catch (cause) {
      throw new CannotMeasure(`${server.name}: cannot log in as ${loginOf(server, account)}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
}

/** Whether somebody listens there. */
export async function listens(address: Address): Promise<boolean> {
  return LineSocket.open(address, false, ignored, ignored).then(
    (socket) => {
      socket.destroy();
      return true;
    },
    () => false,
  );
}

function ignored(): void {
  // Only whether there is an answer matters.
}

/** Runs a command of the user's, in a shell. Rejects with what it said on standard error unless it ends with 0 in time. */
export async function runShell(command: string): Promise<void> {
  const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'ignore', 'pipe'], timeout: SHELL_MS });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
  // Not 'close': a server that the command leaves running may keep the pipe.
  const [code] = (await once(child, 'exit')) as [number | null];
  child.stderr.destroy();
  if (code !== 0) throw new Error(`'${command}' ended with ${String(code)}: ${said.trim()}`);
}

/** A process id, or the file that holds it. */
export function pidOf(text: string): () => Promise<number> {
  return async () => {
    const pid = /^\d+$/.test(text) ? text : (await readFile(text, 'utf8')).trim();
    if (!/^[1-9]\d{0,9}$/.test(pid)) throw new Error(`${text} holds no process id`);
    return Number(pid);
  };
}

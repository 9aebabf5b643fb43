// The Isomail that the bench starts when it is given no server: two frontends on one temporary folder, gone afterwards.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openNode } from '../../services/wiring';
import { freePort } from '../processes/free-port';
import { loginOf, type Server } from './server';
import type { Address } from './wire/line-socket';

const root = join(__dirname, '../..');
const HOST = '127.0.0.1';

export interface OwnTier {
  readonly server: Server;
  /** Stops the frontends and removes their data. */
  stop(): Promise<void>;
}

/** `profileDir`: where each frontend leaves a CPU profile when it ends; null: none. */
export async function startOwnTier(accounts: number, profileDir: string | null): Promise<OwnTier> {
  const dataDir = await mkdtemp(join(tmpdir(), 'isomail-bench-'));
  const nodeArguments = profileDir === null ? [] : ['--cpu-prof', '--cpu-prof-dir', profileDir];
  const [first, second] = [await OwnFrontend.on(dataDir, nodeArguments), await OwnFrontend.on(dataDir, nodeArguments)];
  const stop = async (): Promise<void> => {
    await Promise.all([first.stop(), second.stop()]);
    await rm(dataDir, { recursive: true, force: true });
  };
  const cold = async (): Promise<void> => {
    await first.stop();
    await first.start();
  };
  const identity = { name: 'Isomail', userPattern: 'bench%d@bench.example', password: 'a password for benches', accounts };
  const server: Server = { ...identity, imap: first.imap, pop3: first.pop3, lmtp: first.lmtp, second: second.imap, pid: async () => first.pid, cold };
  try {
    await makeAccounts(server, dataDir);
    await first.start();
    await second.start();
    return { server, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function makeAccounts(server: Server, dataDir: string): Promise<void> {
  const node = await openNode({ dataDir, logLevel: 'warn', nodeName: 'bench' });
  try {
    for (let number = 1; number <= server.accounts; number += 1) await node.users.add(loginOf(server, number), server.password);
  } finally {
    await node.close();
  }
}

class OwnFrontend {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly dataDir: string,
    private readonly nodeArguments: readonly string[],
    readonly imap: Address,
    readonly pop3: Address,
    readonly lmtp: Address,
  ) {}

  static async on(dataDir: string, nodeArguments: readonly string[]): Promise<OwnFrontend> {
    const [imap, pop3, lmtp] = [await freePort(), await freePort(), await freePort()];
    return new OwnFrontend(dataDir, nodeArguments, { host: HOST, port: imap }, { host: HOST, port: pop3 }, { host: HOST, port: lmtp });
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error('the frontend does not run');
    return this.child.pid;
  }

  /** Resolves when it serves. */
  async start(): Promise<void> {
    const { dataDir, imap, pop3, lmtp } = this;
    const ports = ['--imap', `${imap.port}`, '--pop3', `${pop3.port}`, '--lmtp', `${lmtp.port}`, '--imaps', '0', '--pop3s', '0', '--http', '0'];
    const options = ['--data', dataDir, ...ports, '--demo=false', '--log-level', 'warn'];
    const child = spawn(process.execPath, [...this.nodeArguments, '--import', 'tsx', 'services/main.ts', ...options], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    const killed = (): void => void child.kill('SIGKILL');
    process.once('exit', killed);
    child.once('exit', () => process.off('exit', killed));
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4_000)));
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`Isomail ended with ${String(code)}: ${said}`);
    });
    // It greets when all its ports are open.
    await Promise.race([once(child.stdout, 'data'), ended]);
    child.stdout.resume();
    ended.catch(() => undefined); // Its sessions tell.
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
}

// A real frontend in a process of its own, as `npm start` runs it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(__dirname, '../..');

export interface FrontendPorts {
  readonly imap: number;
  readonly http: number;
  /** Missing: not served. */
  readonly pop3?: number;
  readonly lmtp?: number;
}

const NODE = [process.execPath, '--import', 'tsx', 'services/main.ts'];
/** As the README says. */
export const NPM_START = ['npm', 'start', '--'];

export class Frontend {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts it and waits until it says that it is ready. */
  static async start(dataDir: string, ports: FrontendPorts, command: readonly string[] = NODE): Promise<Frontend> {
    const { imap, http, pop3 = 0, lmtp = 0 } = ports;
    const listening = { imap, imaps: 0, pop3, pop3s: 0, lmtp, http };
    const options = ['--data', dataDir, '--demo=false', '--log-level', 'warn', ...Object.entries(listening).flatMap(([name, port]) => [`--${name}`, `${port}`])];
    const child = spawn(command[0]!, [...command.slice(1), ...options], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the frontend ended with ${String(code)}:\n${said}`);
    });
    await Promise.race([ready(ports.http), ended]);
    ended.catch(() => {}); // From here on its end is the test's own doing.
    return new Frontend(child);
  }

  /** kill -9: nothing is flushed, nobody is told. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** SIGTERM, as an orchestrator sends it; answers the exit code. */
  stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }
}

/** Polls /ready until it answers 200. */
async function ready(httpPort: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${httpPort}/ready`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Runs the command line tool to its end; rejects if it does not end with 0. */
export async function isomail(args: readonly string[], stdin = ''): Promise<string> {
  const child = spawn(process.execPath, ['services/cli/isomail.js', ...args], { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdin.end(stdin);
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`isomail ${args.join(' ')} ended with ${code}:\n${out}${errors}`);
  return out;
}

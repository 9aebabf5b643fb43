// What a process and its descendants hold in memory, as Linux tells it.
import { readFile, readdir } from 'node:fs/promises';
import { codeOf } from '../../services/core/runtime/error-facts';

/** RSS counts a page that processes share once for each of them; PSS divides it among them. */
export interface Memory {
  readonly rssKb: number;
  readonly pssKb: number;
}

/** Rejects where there is no /proc, or the process is gone or somebody else's. */
export async function memoryOfTree(pid: number): Promise<Memory> {
  const children = await childrenOf();
  const pids = [pid];
  for (const each of pids) pids.push(...(children.get(each) ?? []));
  const all = await Promise.all(pids.map((each) => memoryOf(each, each !== pid)));
  return { rssKb: sum(all.map(({ rssKb }) => rssKb)), pssKb: sum(all.map(({ pssKb }) => pssKb)) };
}

async function memoryOf(pid: number, mayBeGone: boolean): Promise<Memory> {
  const text = await readProcess(pid, 'smaps_rollup', mayBeGone);
  const field = (name: string): number => Number(new RegExp(String.raw`^${name}:\s+(\d+) kB`, 'm').exec(text)?.[1] ?? 0);
  return { rssKb: field('Rss'), pssKb: field('Pss') };
}

/** The children of every process. */
async function childrenOf(): Promise<Map<number, number[]>> {
  const children = new Map<number, number[]>();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)) {
    // `pid (name) state ppid …`: the name may hold anything, so count from its last parenthesis.
    const stat = await readProcess(pid, 'stat', true);
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 1).trim().split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  return children;
}

async function readProcess(pid: number, file: string, mayBeGone: boolean): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'latin1');
  } catch (error) {
    const isGone = codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH';
    if (mayBeGone && isGone) return '';
    throw error;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

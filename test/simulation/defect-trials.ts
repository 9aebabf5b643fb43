// Runs the simulation on copies of the source into which a defect was planted: each in a process of its own.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';
import type { Defect } from './defects';

export interface Trial {
  readonly exitCode: number | null;
  readonly output: string;
}

const root = join(__dirname, '..', '..');
/** A defect may also hang: that is no violation found. */
const TRIAL_MAX_MS = 60_000;
const parts = ['services/core', 'test/simulation'];

/** Copies of the sound source as JavaScript: compiled once, so that each trial starts quickly. */
export class DefectTrials {
  private readonly sound = mkdtempSync(join(tmpdir(), 'isomail-sound-'));

  constructor() {
    for (const part of parts) {
      for (const file of readdirSync(join(root, part), { recursive: true, encoding: 'utf8' })) {
        if (file.endsWith('.ts')) write(join(this.sound, part, file), readFileSync(join(root, part, file), 'utf8'));
      }
    }
  }

  /** Plants the defect in a copy of the source and runs the simulation there, with these options of run.ts. */
  async run(defect: Defect, options: readonly string[]): Promise<Trial> {
    const folder = mkdtempSync(join(tmpdir(), 'isomail-defect-'));
    try {
      cpSync(this.sound, folder, { recursive: true });
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
      write(join(folder, 'services/core', defect.file), planted(defect));
      return await runNode(folder, ['test/simulation/run.js', ...options]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  end(): void {
    rmSync(this.sound, { recursive: true, force: true });
  }
}

function planted({ name, file, find, replace }: Defect): string {
  const around = readFileSync(join(root, 'services/core', file), 'utf8').split(find);
  if (around.length !== 2) throw new Error(`"${name}": its place occurs ${around.length - 1} times in ${file}`);
  return around.join(replace);
}

function write(path: string, source: string): void {
  const { code } = transformSync(source, { filename: path, jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path.replace(/ts$/, 'js'), code);
}

function runNode(folder: string, args: readonly string[]): Promise<Trial> {
  return new Promise((resolve, reject) => {
    const { SEED: _seed, ...env } = process.env;
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: TRIAL_MAX_MS });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output }));
  });
}

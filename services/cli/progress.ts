// A progress bar on standard error; silent when nobody looks at it.
import { SingleBar } from 'cli-progress';

export interface Progress {
  advance(units: number): void;
  /** Prints a line above the bar. */
  say(line: string): void;
  stop(): void;
}

/** `unit`: what is counted, such as `messages`. */
export function startProgress(total: number, unit: string): Progress {
  if (!process.stderr.isTTY) return { advance: () => {}, say: write, stop: () => {} };
  const format = `{bar} {percentage} %  {value} of {total} ${unit}  {eta_formatted} to go`;
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true, etaBuffer: 100, formatTime: duration });
  bar.start(total, 0);
  return {
    advance: (units) => bar.increment(units),
    say: (line) => {
      process.stderr.write('\r\u001B[K');
      write(line);
      bar.updateETA();
    },
    stop: () => bar.stop(),
  };
}

/** How long, roughly. `seconds`: of the bar, which says 'INF' or 'NULL' where it cannot know. */
export function duration(seconds: unknown): string {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return '?';
  const minutes = Math.ceil(seconds / 60);
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function write(line: string): void {
  process.stderr.write(`${line}\n`);
}

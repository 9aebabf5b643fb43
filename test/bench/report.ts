// What a run has shown: medians, and where two servers ran, how many times the first is better, with the spread over the rounds.
import { formatTable, type Column } from '../../services/table';
import type { Outcome, Showing } from './contest';
import type { Figure } from './rows/row';
import { median } from './measuring';

/** Less apart than this, two servers are equal: so much is noise on a machine that they share with the bench. */
export const TIE = 1.4;

/** How many times the first server is better than the second: above 1 it is ahead, whatever the unit. */
export interface Comparison {
  readonly ratio: number;
  readonly least: number;
  readonly most: number;
}

export interface Line {
  readonly row: string;
  readonly figure: Figure;
  /** For each server, what each round showed. */
  readonly values: readonly (readonly number[])[];
  /** For each server, why it has none; null: it has. */
  readonly missing: readonly (string | null)[];
  readonly comparison: Comparison | null;
}

export function linesOf(outcomes: readonly Outcome[]): Line[] {
  return outcomes.flatMap(({ row, showings }) =>
    row.figures.map((figure, f): Line => {
      const values = showings.map(({ figures }) => figures[f]!);
      return { row: row.name, figure, values, missing: showings.map(reason), comparison: compare(figure, values) };
    }),
  );
}

function reason({ leftOut, failure }: Showing): string | null {
  return failure === null ? leftOut : `failed: ${failure}`;
}

/** Null unless both servers have numbers. */
export function compare({ better }: Figure, [first = [], second = []]: readonly (readonly number[])[]): Comparison | null {
  const rounds = Math.min(first.length, second.length);
  if (rounds === 0) return null;
  const ratio = (a: number, b: number): number => (better === 'more' ? a / b : b / a);
  const each = Array.from({ length: rounds }, (_, i) => ratio(first[i]!, second[i]!));
  return { ratio: ratio(median(first), median(second)), least: Math.min(...each), most: Math.max(...each) };
}

export function isTie({ ratio }: Comparison): boolean {
  return ratio < TIE && ratio > 1 / TIE;
}

/** The table for people, then the reasons of what is not in it. */
export function tableOf(lines: readonly Line[], names: readonly string[]): string {
  const [first = '', second] = names;
  const columns: Column[] = [{ title: '' }, { title: 'unit' }, { title: first, align: 'right' }];
  if (second === undefined) columns.push({ title: 'spread', align: 'right' });
  else columns.push({ title: second, align: 'right' }, { title: `${first} better`, align: 'right' }, { title: 'spread', align: 'right' }, { title: 'ahead' });
  const rows = lines.map((line) => [line.figure.title, line.figure.unit, ...line.values.map(shown), ...(second === undefined ? [spread(line.values[0]!)] : compared(line, first, second))]);
  return [formatTable(columns, rows), ...notes(lines, names)].join('\n');
}

function compared({ comparison }: Line, first: string, second: string): string[] {
  if (!comparison) return ['', '', ''];
  const { ratio, least, most } = comparison;
  const ahead = isTie(comparison) ? 'tie' : ratio > 1 ? first : second;
  return [`${short(ratio)} ×`, `${short(least)}–${short(most)}`, ahead];
}

function spread(values: readonly number[]): string {
  return values.length === 0 ? '' : `${short(Math.min(...values))}–${short(Math.max(...values))}`;
}

function shown(values: readonly number[]): string {
  return values.length === 0 ? '–' : short(median(values));
}

function notes(lines: readonly Line[], names: readonly string[]): string[] {
  const told = new Set(lines.flatMap(({ row, missing }) => missing.flatMap((why, i) => (why === null ? [] : [`${row} on ${names[i]}: ${why}`]))));
  return told.size === 0 ? [] : ['', ...told];
}

/** Three digits that matter. */
export function short(number: number): string {
  const digits = Math.abs(number) >= 100 ? 0 : Math.abs(number) >= 10 ? 1 : 2;
  return number.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** For programs. */
export function jsonOf(lines: readonly Line[], names: readonly string[], rounds: number, scale: string): string {
  const rows = lines.map(({ row, figure, values, missing, comparison }) => {
    const servers = names.map((name, i) => ({ server: name, median: values[i]!.length === 0 ? null : median(values[i]!), values: values[i]!, missing: missing[i]! }));
    return { row, ...figure, servers, comparison: comparison && { ...comparison, isTie: isTie(comparison) } };
  });
  return JSON.stringify({ rounds, scale, servers: names, rows }, null, 2);
}

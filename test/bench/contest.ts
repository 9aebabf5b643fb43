// The order of a run: round by round, row by row, each row on every server in turn, so that what the machine does meanwhile befalls all alike.
import { Stage, type Need, type Row } from './rows/row';
import type { Scale } from './scale';
import type { Server } from './server';

/** What one server showed in one row. */
export interface Showing {
  /** For each figure, one number a round. */
  readonly figures: readonly number[][];
  /** Why there are no numbers, and that nothing is wrong; null: it was measured. */
  readonly leftOut: string | null;
  /** Why there are no more numbers. */
  failure: string | null;
}

export interface Outcome {
  readonly row: Row;
  /** In the order of the servers. */
  readonly showings: readonly Showing[];
}

/** So many new messages no row makes. */
const MESSAGES_PER_ROW = 1_000_000;

const lacks: Readonly<Record<Need, { readonly lacks: (server: Server) => boolean; readonly why: string }>> = {
  pop3: { lacks: ({ pop3 }) => !pop3, why: 'no POP3 port' },
  lmtp: { lacks: ({ lmtp }) => !lmtp, why: 'no LMTP port' },
  second: { lacks: ({ second }) => !second, why: 'no second frontend' },
  pid: { lacks: ({ pid }) => !pid, why: 'no process id' },
  cold: { lacks: ({ cold }) => !cold, why: 'no command that makes it cold' },
};

/** Why a row cannot be measured on a server; null: it can. */
export function leftOut(row: Row, server: Server): string | null {
  const need = row.needs.find((each) => lacks[each].lacks(server));
  return need === undefined ? null : lacks[need].why;
}

/** `onMeasured` hears of each row on each server. A row that fails once on a server is not tried there again. */
export async function contest(servers: readonly Server[], rows: readonly Row[], scale: Scale, rounds: number, seed: number, onMeasured: () => void): Promise<Outcome[]> {
  const outcomes = rows.map((row) => ({
    row,
    showings: servers.map((server): Showing => ({ figures: row.figures.map(() => []), leftOut: leftOut(row, server), failure: null })),
  }));
  let turn = seed;
  for (let round = 0; round < rounds; round += 1) {
    for (const { row, showings } of outcomes) {
      turn += 1;
      for (const [i, server] of servers.entries()) {
        await measure(row, new Stage(server, scale, turn * MESSAGES_PER_ROW), showings[i]!);
        onMeasured();
      }
    }
  }
  return outcomes;
}

async function measure(row: Row, stage: Stage, showing: Showing): Promise<void> {
  if (showing.leftOut !== null || showing.failure !== null) return;
  try {
    const numbers = await row.measure(stage);
    for (const [i, number] of numbers.entries()) showing.figures[i]!.push(number);
  } catch (error) {
    showing.failure = error instanceof Error ? error.message : String(error);
  } finally {
    stage.close();
  }
}

// Bounds each request to a store: silence is an answer too.
import { withDeadline, type Clock } from './core/runtime/clock';
import { Damaged, Unavailable } from './core/runtime/errors';
import { limits } from './core/runtime/limits';
import type { InTime } from './core/log/tail';

/** What the store answers within limits.storeRequestMs. Throws Unavailable for silence and for whatever else stores throw, Damaged. */
export function inTimeBy(clock: Clock): InTime {
  return async (request) => {
    try {
      return await withDeadline(clock, limits.storeRequestMs, request, silence);
    } catch (error) {
      if (error instanceof Unavailable || error instanceof Damaged) throw error;
      throw new Unavailable('the store failed', { cause: error });
    }
  };
}

const silence = (): Unavailable => new Unavailable('the store does not answer');

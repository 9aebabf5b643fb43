// Bounds each request to a store: silence is an answer too.
import { withDeadline, type Clock } from './clock';
import { Damaged, Unavailable } from './errors';
import { limits } from './limits';

/** Bounds one request to a store: a long tail takes many, and is not the slower for it. */
export type InTime = <T>(request: Promise<T>) => Promise<T>;

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

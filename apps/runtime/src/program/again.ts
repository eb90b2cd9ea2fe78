/**
 * What the log does not take just now is kept in hand and tried again: what it cost, the answer of a step for one, is not
 * paid for twice because a broker was full or away for a while.
 */
import { isFault } from '@soloist/kernel';
import type { Again } from './carried.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;

/** Until the worker is told to give the run up. */
export function untilAbandoned(pause: (ms: number) => Promise<void>, signal: AbortSignal): Again {
  return async (error, failures) => {
    if (signal.aborted || !isPassing(error)) throw error;
    await pause(pauseAfter(error, failures));
  };
}

/** Doubling from a tenth of a second to half a minute, or what the fault asks for. */
export function pauseAfter(error: unknown, failures: number): number {
  const wanted = isFault(error) ? error.retryAfterMs : undefined;
  return Math.min(wanted ?? FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
}

function isPassing(error: unknown): boolean {
  return isFault(error) && error.kind !== 'invalid' && error.kind !== 'unauthorized';
}

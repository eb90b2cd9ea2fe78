/** Rounds by the timers of this process. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Rounds } from '../ports/runtime.ports.js';

/** @param onFailure told of every round that failed */
export function intervalRounds(onFailure: (error: unknown) => void): Rounds {
  return {
    now: () => new Date().toISOString(),
    every: (everyMs, round) => {
      const stopping = new AbortController();
      const going = (async () => {
        while (!stopping.signal.aborted) {
          await round().catch(onFailure);
          await delay(everyMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
        }
      })();
      return {
        stop: async () => {
          stopping.abort();
          await going;
        },
      };
    },
  };
}

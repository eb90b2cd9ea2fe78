/**
 * Time is a port. A decision sees one moment, the `at` of the commit it makes, so that a replay can give it the same
 * moment again; order never comes from it.
 */
export interface DecisionClock {
  /** RFC 3339 in UTC for the commit with this id. */
  now(commitId: string): string;
}

let last = { ms: Number.NaN, text: '' };

export const systemClock: DecisionClock = {
  now: () => {
    const ms = Date.now();
    if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString() };
    return last.text;
  },
};

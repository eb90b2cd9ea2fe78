/** Time for what nothing is delivered for: work that is done again and again. */
import type { Subscription } from '@soloist/eventlog';

export interface Rounds {
  /** RFC 3339, UTC, with milliseconds. Chooses what a round looks at; a decision has the moment of its own commit. */
  now(): string;
  /** Runs `round` soon and then again `everyMs` after each end, never twice at a time. One that fails is followed by the next. */
  every(everyMs: number, round: () => Promise<void>): Subscription;
}

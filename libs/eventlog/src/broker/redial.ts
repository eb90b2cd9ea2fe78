/**
 * When a lost connection is dialled again.
 *
 * I1 pauses are measured by a clock that only runs forwards: the client's own wait ends at a time of day, so one step
 *    back of the system's clock (NTP, a virtual machine that moved) keeps it away from the broker for as long as the step
 */
import type { ConnectionOptions } from '@nats-io/nats-core';

export type Redial = Required<Pick<ConnectionOptions, 'reconnectDelayHandler' | 'reconnectToServer'>>;

export interface RedialPause {
  readonly pauseMs: number;
  readonly jitterMs: number;
}

/** At once the first time; then `pauseMs`, and up to `jitterMs` more, lie between two tries. One for each connection. */
export function redial({ pauseMs, jitterMs }: RedialPause, monotonicMs: () => number = () => performance.now()): Redial {
  let dialledAtMs = Number.NEGATIVE_INFINITY;
  return {
    // "Waited long enough", whatever the time of day is.
    reconnectDelayHandler: () => Number.NEGATIVE_INFINITY,
    reconnectToServer: ([server]) => {
      if (server === undefined) return null;
      const nowMs = monotonicMs();
      const delay = Math.max(0, Math.ceil(dialledAtMs + pauseMs + Math.random() * jitterMs - nowMs));
      dialledAtMs = nowMs + delay;
      return { server, delay };
    },
  };
}

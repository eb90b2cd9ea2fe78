/**
 * What a chaos run leaves behind, as plain values: the log as it was read back, what the broker had acknowledged, what
 * really happened outside. Checkers are pure functions over it, so that they can be tried on planted violations.
 */
import type { Commit } from '@soloist/eventlog';

/** A PubAck of an event stream that reached its writer. */
export interface Acknowledged {
  readonly stream: number;
  readonly sequence: number;
  readonly subject: string;
  readonly commitId: string;
  /** `Soloist-Types` as it was published: all events of the decision. */
  readonly types: string;
}

/** One mail that the outside world accepted, whatever it answered. */
export interface Delivered {
  readonly messageId: string;
}

/** One call that the model's provider put on its bill. */
export interface Charge {
  readonly runId: string;
  readonly micros: number;
}

/** A mail that our own intake answered 250 for: from here on it is ours to bring to an end. */
export interface Accepted {
  readonly inputId: string;
  readonly runId: string;
}

export interface History {
  /** In log order within each stream. */
  readonly commits: readonly Commit[];
  readonly acknowledged: readonly Acknowledged[];
  readonly delivered: readonly Delivered[];
  readonly charges: readonly Charge[];
  readonly accepted: readonly Accepted[];
}

export type ViolationKind = 'lost' | 'doubled' | 'stuck' | 'broken';

export interface Violation {
  readonly kind: ViolationKind;
  /** Which promise it breaks, as in `G4`. */
  readonly guarantee: string;
  readonly because: string;
}

export type Checker = (history: History) => readonly Violation[];

/** The codec has checked every event against its contract. */
export function eventsOf<Event>(commit: Commit): readonly Event[] {
  return commit.events as readonly unknown[] as readonly Event[];
}

export function commitsOf(history: History, entity: string): readonly Commit[] {
  return history.commits.filter((commit) => commit.address.entity === entity);
}

/**
 * A reactor: one verb phrase, one reason to exist. Deliveries are at least once and in no promised order across
 * entities, so a reactor folds before it decides, and doing its work twice changes nothing.
 */
import type { Address, AnyEvent } from '@soloist/contracts';
import type { Command, Commit, Due, EventLog, WorkingMemory } from '@soloist/eventlog';
import type { CommitOptions, Decide, Loaded, Outcome } from './committer.js';
import type { Entity } from './entity.js';

/** One event with the commit that carries it. Its id is `<commit>/<index>`. */
export interface Recorded<Event extends AnyEvent = AnyEvent> {
  readonly id: string;
  readonly index: number;
  readonly event: Event;
  readonly commit: Commit;
}

/** What code that reacts may do: fold, decide and commit own entities, read what the access matrix allows. */
export interface Work<Ports> {
  readonly ports: Ports;
  /** Id of the delivered commit or command. */
  readonly cause: string;
  /** How often this delivery has been handed out; 1 the first time. The delivery is the lease. */
  readonly deliveryCount: number;
  /**
   * Another worker may still be at this delivery and does not answer. What it has not claimed may be done; what it has
   * is taken over later, when it is known to be gone or was silent for long (ADR 0012).
   */
  readonly mayBeHeld?: boolean;
  readonly log: EventLog;
  readonly working: WorkingMemory;
  load<State, Event extends AnyEvent>(entity: Entity<State, Event>, key: string): Promise<Loaded<State>>;
  /** `step` names the decision within the reactor; it makes commit ids of several commits on one subject differ. */
  commit<State, Event extends AnyEvent>(
    entity: Entity<State, Event>,
    key: string,
    step: string,
    decide: Decide<State, Event>,
    options?: CommitOptions<State>,
  ): Promise<Outcome<State>>;
  head(address: Address): Promise<Commit | null>;
}

export interface Reactor<Ports> {
  readonly name: string;
  /** Wire types without version. */
  readonly on: readonly string[];
  readonly react: (recorded: Recorded, work: Work<Ports>) => Promise<void>;
}

/** Ties a reactor to the events of one type, so that `react` sees the exact shape. */
export function reactor<Ports, Event extends AnyEvent, T extends Event['type']>(definition: {
  readonly name: string;
  readonly on: readonly T[];
  readonly react: (recorded: Recorded<Extract<Event, { type: T }>>, work: Work<Ports>) => Promise<void>;
}): Reactor<Ports> {
  return definition as unknown as Reactor<Ports>;
}

export interface CommandReactor<Ports> {
  readonly name: string;
  /** The `type` field of the command's body. */
  readonly on: string;
  readonly react: (command: Command, work: Work<Ports>) => Promise<void>;
}

/** Looks at what a timer was armed for. A due message carries no authority and may come twice. */
export interface TimerReactor<Ports> {
  readonly name: string;
  /** The entity whose timers these are. */
  readonly on: string;
  readonly react: (due: Due, work: Work<Ports>) => Promise<void>;
}

/**
 * A reactor: one verb phrase, one reason to exist. Deliveries are at least once and in no promised order across
 * entities, so a reactor folds before it decides, and doing its work twice changes nothing.
 */
import type { Address, AnyEvent } from '@soloist/contracts';
import type { Command, Commit, CommitOutline, Due, EventLog, WorkingMemory } from '@soloist/eventlog';
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
  /**
   * An entity as this process's own last commit left it, undefined when it is not kept. Others may have written since: what
   * is done on it must be refused by the log, or change nothing, when they have.
   */
  remembered?<State, Event extends AnyEvent>(entity: Entity<State, Event>, key: string): Loaded<State> | undefined;
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

/**
 * Sees the outline of every commit of one entity that is delivered here, those that no reactor wants included, each before
 * its reactors and in the order of deliveries. It keeps what spares a later reaction a read, and does nothing else.
 */
export interface Witness<Ports> {
  readonly name: string;
  /** `<context>.<entity>` */
  readonly of: string;
  readonly see: (key: string, outline: CommitOutline, ports: Ports) => void;
}

export interface CommandReactor<Ports> {
  readonly name: string;
  /** The `type` field of the command's body. */
  readonly on: string;
  /** It waits for no other command of its key: for wishes that interrupt what an earlier one has begun, and for those that begin much. */
  readonly mayOvertake?: boolean;
  readonly react: (command: Command, work: Work<Ports>) => Promise<void>;
}

/** Looks at what a timer was armed for. A due message carries no authority and may come twice. */
export interface TimerReactor<Ports> {
  readonly name: string;
  /** The entity whose timers these are. */
  readonly on: string;
  readonly react: (due: Due, work: Work<Ports>) => Promise<void>;
}

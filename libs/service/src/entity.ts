/**
 * An entity: rules and a history. `evolve` is pure and total over the entity's events; the compiler asks for a case
 * when an event is added. The idea is the decider of functional event sourcing (J. Chassaing); see ARCHITECTURE.md.
 *
 * I1 state = fold(evolve, initial, events): nothing else ever holds the truth
 * I2 a snapshot is an event whose evolve replaces the state, so that replay and snapshot + tail agree
 */
import type { AnyEvent, Context } from '@soloist/contracts';

export interface Entity<State, Event extends AnyEvent> {
  readonly context: Context;
  readonly entity: string;
  readonly initial: State;
  readonly evolve: (state: State, event: Event) => State;
  /** Adds a snapshot event to every `every`-th commit, counted from the last one. */
  readonly snapshot?: { readonly every: number; readonly of: (state: State) => Event };
}

export function defineEntity<State, Event extends AnyEvent>(entity: Entity<State, Event>): Entity<State, Event> {
  return entity;
}

/** Folds events that the codec has already checked against the entity's contract. */
export function fold<State, Event extends AnyEvent>(
  entity: Entity<State, Event>,
  events: Iterable<AnyEvent>,
  from: State = entity.initial,
): State {
  let state = from;
  for (const event of events) state = entity.evolve(state, event as Event);
  return state;
}

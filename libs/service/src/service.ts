/**
 * A service is a value (DESIGN section 1). Nest starts it in production, the simulator starts several in one process
 * on an in-memory log, replay starts it with fenced ports: same value, other ports.
 */
import type { Context } from '@soloist/contracts';
import type { Commit, LogConnection, Subscription } from '@soloist/eventlog';
import type { z } from 'zod';
import type { DecisionClock } from './clock.js';
import type { CommitOptions, Decide, Outcome } from './committer.js';
import type { Entity } from './entity.js';
import type { CommandReactor, Reactor, TimerReactor, Witness } from './reactor.js';
import type { AnyEvent } from '@soloist/contracts';

/** Something that brings facts in from outside on its own, not because a fact was delivered. */
export interface Source<Ports> {
  readonly name: string;
  readonly start: (work: SourceWork<Ports>) => Promise<Subscription>;
}

export interface SourceWork<Ports> {
  readonly ports: Ports;
  readonly connection: LogConnection;
  /**
   * Hands a commit to this service's reactors as if it were delivered again, unless it is in hand here or elsewhere: for
   * deliveries that will not come any more.
   */
  redo(commit: Commit): Promise<void>;
  /** Whether a worker of this service, this one or another, has any delivery of a key in hand; `unclear` while one does not answer. */
  holderOf(key: string): Promise<'nobody' | 'another' | 'unclear'>;
  /** `seed` is the outside's own id of what came in; it makes a repeat the same commit. */
  commit<State, Event extends AnyEvent>(
    seed: string,
    entity: Entity<State, Event>,
    key: string,
    step: string,
    decide: Decide<State, Event>,
    options?: CommitOptions<State>,
  ): Promise<Outcome<State>>;
}

/** Follows the log into a database of its own. Started before reactors, so that they can wait for it. */
export interface ProjectionFollower {
  readonly name: string;
  start(connection: LogConnection): Promise<Subscription>;
}

export interface ServiceSurroundings<Config> {
  readonly config: Config;
  readonly connection: LogConnection;
  readonly clock: DecisionClock;
}

/** Ports as the service runs with them, and how to let go of them. */
export interface OpenPorts<Ports> {
  readonly ports: Ports;
  readonly projections?: readonly ProjectionFollower[];
  close(): Promise<void>;
}

export interface Service<Config, Ports> {
  readonly name: Context;
  /** Reads the environment; every key has a default or is named in the error. */
  readonly config: z.ZodType<Config>;
  // The state types differ from entity to entity; only the committer looks inside.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly entities: readonly Entity<any, any>[];
  readonly reactors: readonly Reactor<Ports>[];
  readonly witnesses?: readonly Witness<Ports>[];
  readonly commands: readonly CommandReactor<Ports>[];
  /** Absent: the service arms no timers. */
  readonly timers?: readonly TimerReactor<Ports>[];
  readonly sources: readonly Source<Ports>[];
  /** Opens the live ports. Replay and simulation pass their own instead and never call this. */
  readonly open: (surroundings: ServiceSurroundings<Config>) => Promise<OpenPorts<Ports>>;
  /** A Nest module class with HTTP controllers, for the one service that has a public API. */
  readonly http?: (running: { config: Config; ports: Ports; connection: LogConnection }) => HttpSurface;
}

export interface HttpSurface {
  readonly host: string;
  readonly port: number;
  /** The Nest module (or dynamic module). Typed loosely here because only Nest looks inside. */
  readonly module: unknown;
  /** Called with the created Nest application before it listens. */
  readonly prepare?: (application: unknown) => Promise<void> | void;
  readonly onListening?: (address: { host: string; port: number }) => void;
}

export function defineService<Config, Ports>(service: Service<Config, Ports>): Service<Config, Ports> {
  return service;
}

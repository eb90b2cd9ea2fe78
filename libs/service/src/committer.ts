/**
 * Folds an entity, lets a pure function decide, appends one commit; on a conflict folds and decides again.
 *
 * I1 the id of a commit follows from cause, decider and subject, so a repeat of the same work is recognised
 * I2 "nothing to do" is never concluded from a state that was not read: a cached one, or that of an entity taken for new
 * I3 a state is kept only with the head it was folded up to: a decision found already on the log says nothing of what else is there
 * I4 a fenced commit is never retried here: its caller must look at what moved
 */
import { commitIdOf, type Commit, type EventLog, type Fence, type Head } from '@soloist/eventlog';
import { Fault, isRejection, type Rejection } from '@soloist/kernel';
import { subjectOf, type AnyEvent } from '@soloist/contracts';
import type { DecisionClock } from './clock.js';
import { crashPoint } from './crash-point.js';
import { fold, type Entity } from './entity.js';

/** Tries before a hot entity is given back to redelivery. */
const MAX_CONFLICTS = 8;
/** Entities kept folded between commits; each is guarded by the expectation of its next append. */
const CACHED_ENTITIES = 2_000;

export interface Loaded<State> {
  readonly state: State;
  readonly head: Head | null;
  /** Commits since the first or the latest snapshot. */
  readonly tail: number;
}

export type Outcome<State> =
  | { readonly kind: 'committed'; readonly state: State; readonly commit: Commit }
  | { readonly kind: 'unchanged'; readonly state: State }
  | { readonly kind: 'rejected'; readonly state: State; readonly rejection: Rejection }
  /** `lastSequence`: where the broker said the fence stands now, when it did. Look at what moved before expecting it. */
  | { readonly kind: 'fenced'; readonly state: State; readonly lastSequence: number | null };

interface Conflict {
  readonly kind: 'conflict';
  readonly lastSequence: number | null;
}

export type Decide<State, Event> = (state: State, now: string) => readonly Event[] | Rejection;

export interface CommitOptions<State> {
  readonly fence?: (loaded: Loaded<State>) => Fence;
  readonly policy?: string;
  /** Who acts, when it is not the service itself: the operator of a command. */
  readonly actor?: string;
  /** True when the events say everything a reader needs, so that cold reads may start at this commit. */
  readonly startsHistory?: boolean;
  /** True when nothing of the entity is on the log as far as anybody knows: not read first, and found out by the append. */
  readonly isNew?: boolean;
  /** The entity as this very delivery has just read it: decided on first, in place of another read. */
  readonly seen?: Loaded<State>;
}

/** What a commit follows from. `id` is the delivered commit or command; null cause for what nothing inside caused. */
export interface Origin {
  readonly cause: string | null;
  /** Stands in for the cause in commit ids when there is none: the outside's own id. */
  readonly seed: string;
  readonly decider: string;
  readonly traceparent: string | null;
}

export class Committer {
  private readonly cache = new Map<string, Loaded<unknown>>();

  constructor(
    private readonly log: EventLog,
    private readonly service: string,
    private readonly clock: DecisionClock,
  ) {}

  async load<State, Event extends AnyEvent>(entity: Entity<State, Event>, key: string): Promise<Loaded<State>> {
    const address = { context: entity.context, entity: entity.entity, key };
    // An entity that snapshots in every commit needs its head only, and with it no right to read the whole log.
    const commits = entity.snapshot?.every === 1 ? await this.headOnly(address) : await this.log.read(address);
    return loadedFrom(entity, commits);
  }

  /** An entity's state as this process's own last commit left it; others may have written since. */
  remembered<State, Event extends AnyEvent>(entity: Entity<State, Event>, key: string): Loaded<State> | undefined {
    return this.cache.get(subjectOf('evt', { context: entity.context, entity: entity.entity, key })) as Loaded<State> | undefined;
  }

  private async headOnly(address: Parameters<EventLog['head']>[0]): Promise<readonly Commit[]> {
    const head = await this.log.head(address);
    return head === null ? [] : [head];
  }

  async commit<State, Event extends AnyEvent>(
    origin: Origin,
    entity: Entity<State, Event>,
    key: string,
    step: string,
    decide: Decide<State, Event>,
    options: CommitOptions<State> = {},
  ): Promise<Outcome<State>> {
    const subject = subjectOf('evt', { context: entity.context, entity: entity.entity, key });
    const id = commitIdOf(origin.cause ?? origin.seed, `${this.service}.${origin.decider}.${step}`, subject);
    let cached = options.fence === undefined ? this.unread(entity, subject, options.isNew === true) : undefined;
    let seen = options.seen;
    if (seen !== undefined) cached = undefined;
    for (let tries = 0; tries < MAX_CONFLICTS; tries += 1) {
      const loaded = seen ?? cached ?? (await this.load(entity, key));
      const now = this.clock.now(id);
      const decision = decide(loaded.state, now);
      const settled = isRejection(decision) || decision.length === 0;
      if (settled && cached !== undefined) {
        cached = undefined;
        continue;
      }
      if (isRejection(decision)) return { kind: 'rejected', state: loaded.state, rejection: decision };
      if (decision.length === 0) return { kind: 'unchanged', state: loaded.state };
      const result = await this.append(origin, entity, key, { id, step, now, decision, loaded, options });
      if (result.kind !== 'conflict') return result;
      this.cache.delete(subject);
      cached = undefined;
      seen = undefined;
      if (options.fence !== undefined) return { kind: 'fenced', state: loaded.state, lastSequence: result.lastSequence };
    }
    throw new Fault('transient', 'service.entity-contended', `${subject} was written by others ${MAX_CONFLICTS} times in a row`);
  }

  /** What is taken for the entity's state unread; the expectation of the append tells whether it is. */
  private unread<State, Event extends AnyEvent>(entity: Entity<State, Event>, subject: string, isNew: boolean): Loaded<State> | undefined {
    const known = this.cache.get(subject) as Loaded<State> | undefined;
    return known ?? (isNew ? { state: entity.initial, head: null, tail: 0 } : undefined);
  }

  private async append<State, Event extends AnyEvent>(
    origin: Origin,
    entity: Entity<State, Event>,
    key: string,
    made: { id: string; step: string; now: string; decision: readonly Event[]; loaded: Loaded<State>; options: CommitOptions<State> },
  ): Promise<Outcome<State> | Conflict> {
    const { loaded, options } = made;
    const next = fold(entity, made.decision, loaded.state);
    const isDue = entity.snapshot !== undefined && loaded.tail + 1 >= entity.snapshot.every;
    const snapshots = isDue || options.startsHistory === true;
    const events = isDue && entity.snapshot !== undefined ? [...made.decision, entity.snapshot.of(next)] : made.decision;
    const label = `${entity.context}.${entity.entity}.${made.step}`;
    crashPoint(`before:${label}`);
    const appended = await this.log.append({
      address: { context: entity.context, entity: entity.entity, key },
      id: made.id,
      cause: origin.cause,
      actor: options.actor ?? this.service,
      policy: options.policy ?? null,
      at: made.now,
      traceparent: origin.traceparent,
      events,
      after: loaded.head,
      snapshot: snapshots,
      ...(options.fence === undefined ? {} : { fence: options.fence(loaded) }),
    });
    if (appended.outcome === 'conflict') return { kind: 'conflict', lastSequence: appended.lastSequence };
    crashPoint(`after:${label}`);
    const { commit } = appended;
    // An earlier try of this very decision may stand on the log behind commits that this one has not read.
    if (commit.prev !== (loaded.head?.hash ?? null)) return { kind: 'committed', state: (await this.load(entity, key)).state, commit };
    this.remember(commit.subject, { state: next, head: headOf(commit), tail: snapshots ? 1 : loaded.tail + 1 });
    return { kind: 'committed', state: next, commit };
  }

  private remember(subject: string, loaded: Loaded<unknown>): void {
    this.cache.delete(subject);
    this.cache.set(subject, loaded);
    if (this.cache.size > CACHED_ENTITIES) this.cache.delete(this.cache.keys().next().value as string);
  }
}

/** An entity as its commits tell it, from its first or its latest snapshot to its head. */
export function loadedFrom<State, Event extends AnyEvent>(entity: Entity<State, Event>, commits: readonly Commit[]): Loaded<State> {
  const last = commits.at(-1);
  const state = fold(entity, commits.flatMap((commit) => commit.events));
  return { state, head: last === undefined ? null : headOf(last), tail: commits.length };
}

export function headOf(commit: Commit): Head {
  return { sequence: commit.position.sequence, hash: commit.hash, from: commit.from };
}

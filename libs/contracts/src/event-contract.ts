/**
 * How an event is declared. One entity's events stand in one file, `contracts/<context>/<entity>.ts`; the type is
 * `<context>.<entity>.<name>` and stands with its version in the header `Soloist-Types`, never in the subject.
 *
 * I1 a released version never changes; a new shape is a new version with an `upcast` from the one before
 * I2 the fields named `personal` are top-level fields of the data; they are sealed for the subject of data named by
 *    the event's `dataSubject` field before the event leaves the process (ADR 0004)
 */
import type { z } from 'zod';
import type { Context } from './subject.js';

export interface EventContract<Schema extends z.ZodType = z.ZodType> {
  readonly version: number;
  readonly schema: Schema;
  /** Top-level fields to seal. When not empty, the schema must have a `dataSubject` field. */
  readonly personal: readonly string[];
  /** Lifts the data of any earlier version into this one's shape; `fromVersion` says which. Required from version 2 on. */
  readonly upcast?: (before: unknown, fromVersion: number) => unknown;
}

export function event<Schema extends z.ZodType>(
  version: number,
  schema: Schema,
  options: { personal?: readonly string[]; upcast?: (before: unknown, fromVersion: number) => unknown } = {},
): EventContract<Schema> {
  return {
    version,
    schema,
    personal: options.personal ?? [],
    ...(options.upcast === undefined ? {} : { upcast: options.upcast }),
  };
}

export interface EntityContract<C extends Context, N extends string, Events extends Record<string, EventContract>> {
  readonly context: C;
  readonly entity: N;
  readonly events: Events;
}

export function entityContract<C extends Context, N extends string, Events extends Record<string, EventContract>>(
  context: C,
  entity: N,
  events: Events,
): EntityContract<C, N, Events> {
  return { context, entity, events };
}

/** The union of an entity's events: `{ type: 'runtime.loop.claimed', data: … } | …`. */
export type EventOf<E> =
  E extends EntityContract<infer C, infer N, infer Events>
    ? { [K in keyof Events & string]: { readonly type: `${C}.${N}.${K}`; readonly data: z.output<Events[K]['schema']> } }[keyof Events & string]
    : never;

/** An event of which only the form is known. */
export interface AnyEvent {
  readonly type: string;
  readonly data: unknown;
}

/**
 * The company stop of one event stream: its generation counts how often it was raised.
 *
 * I1 raising what is raised, and lifting what is not, changes nothing: the operator may press again at any time
 * I2 a raise counts one up and a lift keeps the count, so that whatever was authorized before a stop is void behind it
 * I3 a company that is stopped in part counts as stopped: a raise or a lift that died half way ends in a stop
 */
import type { HaltEvent } from '@soloist/contracts';

export interface Halt {
  readonly isRaised: boolean;
  readonly generation: number;
}

/** Who presses, and why. */
export interface Press {
  readonly by: string;
  readonly because: string;
}

export const neverHalted: Halt = { isRaised: false, generation: 0 };

export function evolveHalt(_halt: Halt, event: HaltEvent): Halt {
  return { isRaised: event.type === 'governance.halt.raised', generation: event.data.generation };
}

export function raiseHalt(halt: Halt, { by, because }: Press): readonly HaltEvent[] {
  return halt.isRaised ? [] : [{ type: 'governance.halt.raised', data: { generation: halt.generation + 1, by, because } }];
}

export function liftHalt(halt: Halt, { by, because }: Press): readonly HaltEvent[] {
  return halt.isRaised ? [{ type: 'governance.halt.lifted', data: { generation: halt.generation, by, because } }] : [];
}

export function isStopped(halts: readonly Halt[]): boolean {
  return halts.some((halt) => halt.isRaised);
}


/** The company stop of one event stream: its generation counts how often it was raised. */
import type { HaltEvent } from '@soloist/contracts';

export interface Halt {
  readonly isRaised: boolean;
  readonly generation: number;
}

export const neverHalted: Halt = { isRaised: false, generation: 0 };

export function evolveHalt(_halt: Halt, event: HaltEvent): Halt {
  return { isRaised: event.type === 'governance.halt.raised', generation: event.data.generation };
}

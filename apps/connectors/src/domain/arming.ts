/**
 * Permission to touch the wire. Only whoever has just claimed an effect asks for it, once.
 *
 * I1 it has no state: decided on anything and landing behind anything, it says and overwrites nothing but itself
 */
import type { ArmingEvent } from '@soloist/contracts';
import type { EffectId } from './effect.js';

/** Nothing is ever decided on it. */
export type Arming = null;

export const initialArming: Arming = null;

export function evolveArming(arming: Arming, event: ArmingEvent): Arming {
  switch (event.type) {
    case 'connectors.arming.armed':
      return arming;
  }
}

/** To be written where the company stop stood at `haltSequence`; the wire may be touched after this commit only. */
export function arm({ effectId, generation }: EffectId, haltSequence: number): readonly ArmingEvent[] {
  return [{ type: 'connectors.arming.armed', data: { effectId, generation, haltSequence } }];
}

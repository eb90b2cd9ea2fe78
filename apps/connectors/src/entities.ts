/** The connectors' entities: rules from `domain/`, told to the service library. */
import type { EffectEvent, IntakeEvent } from '@soloist/contracts';
import { defineEntity } from '@soloist/service';
import { evolveEffects, initialEffects, snapshotOfEffects, type EffectTable } from './domain/effect.js';
import { evolveIntake, initialIntake, type IntakeState } from './domain/intake.js';

export const effectEntity = defineEntity<EffectTable, EffectEvent>({
  context: 'connectors',
  entity: 'effect',
  initial: initialEffects,
  evolve: evolveEffects,
  snapshot: { every: 1, of: snapshotOfEffects },
});

/** One commit in its life, so its head is its history. */
export const intakeEntity = defineEntity<IntakeState, IntakeEvent>({
  context: 'connectors',
  entity: 'intake',
  initial: initialIntake,
  evolve: evolveIntake,
});

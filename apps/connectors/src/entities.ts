/** The connectors' entities: rules from `domain/`, told to the service library. */
import type { ArmingEvent, EffectEvent, IntakeEvent, PostingEvent } from '@soloist/contracts';
import { defineEntity } from '@soloist/service';
import { evolveArming, initialArming, type Arming } from './domain/arming.js';
import { evolveEffects, initialEffects, snapshotOfEffects, type EffectTable } from './domain/effect.js';
import { evolveIntake, initialIntake, type IntakeState } from './domain/intake.js';
import { evolvePosting, noPostings, snapshotOfPosting, type Posting } from './domain/posting.js';

export const effectEntity = defineEntity<EffectTable, EffectEvent>({
  context: 'connectors',
  entity: 'effect',
  initial: initialEffects,
  evolve: evolveEffects,
  snapshot: { every: 1, of: snapshotOfEffects },
});

/** Commits of it start a history each (`claim.ts`): there is no state that the one before could add. */
export const armingEntity = defineEntity<Arming, ArmingEvent>({
  context: 'connectors',
  entity: 'arming',
  initial: initialArming,
  evolve: evolveArming,
});

/** One commit in its life, so its head is its history. */
export const intakeEntity = defineEntity<IntakeState, IntakeEvent>({
  context: 'connectors',
  entity: 'intake',
  initial: initialIntake,
  evolve: evolveIntake,
});

/** Its head suffices, as with effects. */
export const postingEntity = defineEntity<Posting, PostingEvent>({
  context: 'connectors',
  entity: 'posting',
  initial: noPostings,
  evolve: evolvePosting,
  snapshot: { every: 1, of: snapshotOfPosting },
});

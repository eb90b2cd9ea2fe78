/** The entities that memory owns: the pure rules of domain/, tied to their subjects. */
import type { FactEvent, RecallEvent } from '@soloist/contracts';
import { defineEntity } from '@soloist/service';
import { evolveFact, noFact, type FactState } from './domain/fact.js';
import { evolveRecall, noRecall, type RecallState } from './domain/recall.js';

export const factEntity = defineEntity<FactState, FactEvent>({ context: 'memory', entity: 'fact', initial: noFact, evolve: evolveFact });

export const recallEntity = defineEntity<RecallState, RecallEvent>({ context: 'memory', entity: 'recall', initial: noRecall, evolve: evolveRecall });

/**
 * The first commit of a run's loop.
 *
 * I1 a run is claimed once; a repeated admission changes nothing
 * I2 a run whose brief cannot be read ends at once and says why
 */
import type { LoopEvent } from '@soloist/contracts';
import { isRejection, type Rejection } from '@soloist/kernel';
import { loopEntity, recallIdOf, type Claim, type LoopState } from './loop.js';
import { finished } from './plan.js';
import { recallQueryOf, type RunBrief } from './run-brief.js';

export function beginRun(state: LoopState, claim: Claim, brief: RunBrief | Rejection): readonly LoopEvent[] {
  if (state.claim !== null) return [];
  const claimed: LoopEvent = { type: 'runtime.loop.claimed', data: { ...claim, epoch: 1 } };
  if (isRejection(brief)) return [claimed, finished(loopEntity.evolve(state, claimed), 'refused', brief.code, brief.because)];
  const recallId = recallIdOf(claim.runId);
  const { inputId, dataSubject } = claim;
  const limit = brief.definition.memory.recallLimit;
  return [
    claimed,
    { type: 'runtime.loop.recall-requested', data: { recallId, query: recallQueryOf(brief.input), limit, inputId, dataSubject } },
    { type: 'runtime.loop.suspended', data: { waitingFor: 'recall', id: recallId } },
  ];
}

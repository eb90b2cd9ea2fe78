/**
 * Commits a decision that may open a gate, with the gate's first timer.
 *
 * I1 the timer is armed before the gate is on record; one that fires for a gate that never came looks and finds nothing
 * I2 one that was foreseen too late (the clock of the request runs ahead of ours) is armed anew for its own moment
 */
import type { GateEvent } from '@soloist/contracts';
import { isRejection } from '@soloist/kernel';
import type { Decide, Work } from '@soloist/service';
import { nextRung } from '../domain/gate-ladder.js';
import { evolveGates, type GateState } from '../domain/gate-state.js';
import { gates } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';
import { armRung } from './gate-timer.js';
import type { FullTerms } from './terms.js';

/** @param at the moment of what is reacted to: the first rung is armed by it, and looked at by the gate's own */
export async function commitWithLadder(work: Work<GovernancePorts>, runId: string, step: string, at: string, terms: FullTerms, decide: Decide<GateState, GateEvent>): Promise<void> {
  const { state } = await work.load(gates, runId);
  const foreseen = decide(state, at);
  const armed = await armOpened(work, runId, terms, state, isRejection(foreseen) ? [] : foreseen, new Map());
  const outcome = await work.commit(gates, runId, step, decide, { policy: terms.policyVersion });
  // Another gate of the run may have taken the number meanwhile.
  if (outcome.kind === 'committed') await armOpened(work, runId, terms, outcome.state, outcome.commit.events as readonly GateEvent[], armed);
}

/** @param armed the moments that timers of gates are armed for already */
async function armOpened(work: Work<GovernancePorts>, runId: string, { document }: FullTerms, before: GateState, events: readonly GateEvent[], armed: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const state = events.reduce(evolveGates, before);
  const now = new Map(armed);
  for (const event of events) {
    if (event.type !== 'governance.gate.opened') continue;
    const { gateId } = event.data;
    const record = state.gates.get(gateId);
    const rung = record === undefined ? null : nextRung(record, document);
    const known = armed.get(gateId);
    if (rung === null || (known !== undefined && known <= rung.dueAt)) continue;
    await armRung(work.log, runId, gateId, rung);
    now.set(gateId, rung.dueAt);
  }
  return now;
}

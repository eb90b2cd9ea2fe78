/**
 * A run's admission and life, keyed by the run. What it does in between is the loop's story.
 *
 * I1 requested → admitted → closed, or requested → deferred and closed; nothing leaves `closed`
 * I2 admitted only with what governance granted: the envelope and the pinned versions are the hold's, word for word
 * I3 every step repeated changes nothing
 * I4 a run that somebody wants to end is closed at once before its loop exists; after that by the end of its loop, which
 *    alone knows what was spent
 */
import { reject, type Rejection } from '@soloist/kernel';
import type { HoldEvent, LoopEvent, RunEvent } from '@soloist/contracts';

type Requested = Extract<RunEvent, { type: 'orchestrator.run.requested' }>['data'];
type Granted = Extract<HoldEvent, { type: 'governance.hold.granted' }>['data'];
type Refused = Extract<HoldEvent, { type: 'governance.hold.refused' }>['data'];
type LoopOutcome = Extract<LoopEvent, { type: 'runtime.loop.finished' }>['data']['outcome'];

type Cancelled = Extract<RunEvent, { type: 'orchestrator.run.cancelled' }>['data'];

export type RunState =
  | { readonly phase: 'absent' }
  | { readonly phase: 'requested' | 'admitted'; readonly requested: Requested; readonly cancellations: readonly Cancelled[] }
  | { readonly phase: 'closed' };

export const initialRun: RunState = { phase: 'absent' };

export function evolveRun(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'orchestrator.run.requested':
      return { phase: 'requested', requested: event.data, cancellations: [] };
    case 'orchestrator.run.admitted':
      return state.phase === 'requested' ? { ...state, phase: 'admitted' } : state;
    case 'orchestrator.run.cancelled':
      return state.phase === 'requested' || state.phase === 'admitted' ? { ...state, cancellations: [...state.cancellations, event.data] } : state;
    case 'orchestrator.run.deferred':
      return state;
    case 'orchestrator.run.closed':
      return { phase: 'closed' };
  }
}

export function requestRun(state: RunState, wanted: Requested): readonly RunEvent[] {
  return state.phase === 'absent' ? [{ type: 'orchestrator.run.requested', data: wanted }] : [];
}

export function admitRun(state: RunState, hold: Granted): readonly RunEvent[] | Rejection {
  if (state.phase === 'absent') return notRequested(hold.runId);
  if (state.phase !== 'requested') return [];
  const { inputId, agent, dataSubject } = state.requested;
  if (hold.agent !== agent) {
    return reject('run.other-agent', `The hold of run ${hold.runId} was granted for ${hold.agent}, but the run was requested for ${agent}.`);
  }
  const { runId, definitionVersion, policyVersion, envelopeMicros, currency } = hold;
  return [
    {
      type: 'orchestrator.run.admitted',
      data: { runId, inputId, agent, definitionVersion, policyVersion, envelopeMicros, currency, dataSubject },
    },
  ];
}

export function deferRun(state: RunState, hold: Refused): readonly RunEvent[] | Rejection {
  if (state.phase === 'absent') return notRequested(hold.runId);
  if (state.phase !== 'requested') return [];
  const { runId, code, because } = hold;
  return [
    { type: 'orchestrator.run.deferred', data: { runId, code, because } },
    { type: 'orchestrator.run.closed', data: { runId, outcome: 'refused', because } },
  ];
}

/** The loop's summary is personal, so the run says only how it ended; the words stand in the loop. */
export function closeRun(state: RunState, runId: string, outcome: LoopOutcome): readonly RunEvent[] | Rejection {
  if (state.phase === 'closed') return [];
  if (state.phase !== 'admitted') return reject('run.not-admitted', `Run ${runId} finished its loop without having been admitted.`);
  const cancelled = state.cancellations.at(-1);
  if (cancelled !== undefined && outcome === 'failed') return [closedByWish(cancelled)];
  return [{ type: 'orchestrator.run.closed', data: { runId, outcome, because: `The loop finished: ${outcome}.` } }];
}

/**
 * @param loopEnded how the loop ended, when it has: then its word is only to be written down
 */
export function cancelRun(state: RunState, wish: Cancelled, loopEnded: LoopOutcome | null): readonly RunEvent[] | Rejection {
  if (state.phase === 'absent') return reject('run.unknown', `There is no run ${wish.runId}. List the runs: ./soloist run list.`);
  if (state.phase === 'closed') return [];
  if (loopEnded !== null) return closeRun(state, wish.runId, loopEnded);
  if (state.cancellations.some(({ commandId }) => commandId === wish.commandId)) return [];
  const cancelled: RunEvent = { type: 'orchestrator.run.cancelled', data: wish };
  return state.phase === 'requested' ? [cancelled, closedByWish(wish)] : [cancelled];
}

function closedByWish({ runId, by, because }: Cancelled): RunEvent {
  return { type: 'orchestrator.run.closed', data: { runId, outcome: 'cancelled', because: `Cancelled by ${by}: ${because}` } };
}

function notRequested(runId: string): Rejection {
  return reject('run.not-requested', `Governance answered for run ${runId}, which was never requested.`);
}

/**
 * What reaches a run, and whether it still counts.
 *
 * I1 something counts only if the run is waiting for exactly it; anything else is stale and changes nothing
 * I2 an open ask is taken over only by the delivery that made it, and only the ask that was seen: a second worker of
 *    another delivery never asks again, a zombie never writes [G10]
 * I3 a fault is tried again a bounded number of times, each time as a new ask on the log [R5]
 */
import type { LoopEvent, ToolCall } from '@soloist/contracts';
import { canonicalJson, type FaultKind } from '@soloist/kernel';
import { claimOf, giveUpOpenAsk, loopEntity, openAsk, type LoopState, type Observation } from './loop.js';
import { cutToJsonBytes, utf8Bytes } from './text-size.js';

/** What a model call brought, with its cost. */
export interface PricedAnswer {
  readonly model: string;
  readonly rehearsal: boolean;
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicros: number;
}

export type Arrival =
  | { readonly kind: 'recalled'; readonly recallId: string }
  | { readonly kind: 'observed'; readonly effectId: string; readonly observation: Observation }
  | { readonly kind: 'resumed'; readonly commandId: string; readonly by: string; readonly because: string }
  | { readonly kind: 'operator-answered'; readonly commandId: string; readonly by: string; readonly text: string }
  | { readonly kind: 'takeover'; readonly askId: string }
  | { readonly kind: 'answered'; readonly askId: string; readonly answer: PricedAnswer }
  | { readonly kind: 'faulted'; readonly askId: string; readonly fault: { readonly kind: FaultKind; readonly code: string; readonly because: string } };

/** What is kept of an outcome's detail, in bytes of canonical JSON: it shares its commit with the next prompt. */
export const MAX_DETAIL_BYTES = 48 * 1024;
/** What is kept of the reason a provider gave. */
const MAX_REASON_BYTES = 2_000;

/** Asks of one step that may end without an answer before the run gives up. */
export const MAX_ASKS_PER_STEP = 4;

export interface Accepted {
  readonly events: readonly LoopEvent[];
  readonly state: LoopState;
}

/** Null when it does not count (any more). */
export function accept(state: LoopState, arrival: Arrival): Accepted | null {
  if (state.claim === null || state.finished !== null) return null;
  switch (arrival.kind) {
    case 'recalled':
      return state.waiting?.waitingFor === 'recall' && state.waiting.id === arrival.recallId ? { events: [], state } : null;
    case 'observed':
      return observed(state, arrival);
    case 'takeover':
      return openAsk(state)?.askId === arrival.askId ? after(state, { type: 'runtime.loop.claimed', data: { ...claimOf(state), epoch: state.epoch + 1 } }) : null;
    case 'resumed':
      return state.pausedBy === null ? null : after(state, resumedBy(state, arrival));
    case 'operator-answered':
      return operatorAnswered(state, arrival);
    case 'answered':
      return answered(state, arrival);
    case 'faulted':
      return faulted(state, arrival);
  }
}

/** Whether a delivery that is not the one that made the open ask still brings something new. */
export function isAwaited(state: LoopState, arrival: Extract<Arrival, { kind: 'recalled' | 'observed' }>): boolean {
  return accept(state, arrival) !== null;
}

function observed(state: LoopState, { effectId, observation }: Extract<Arrival, { kind: 'observed' }>): Accepted | null {
  const call = state.calls.find((one) => one.effectId === effectId);
  if (call === undefined || !call.isRequested || call.observed !== null) return null;
  const { dataSubject } = claimOf(state);
  return after(state, { type: 'runtime.loop.effect-observed', data: { effectId, outcome: observation.outcome, detail: fitDetail(observation.detail), dataSubject } });
}

/** What is cut says so. */
function fitDetail(detail: Observation['detail']): Observation['detail'] {
  const whole = canonicalJson(detail);
  const bytes = utf8Bytes(whole);
  // The beginning stands as text in the detail, where its quotation marks are escaped.
  return bytes <= MAX_DETAIL_BYTES ? detail : { cut: cutToJsonBytes(whole, MAX_DETAIL_BYTES - 100), bytes };
}

function resumedBy(state: LoopState, { commandId, by, because }: { readonly commandId: string; readonly by: string; readonly because: string }): LoopEvent {
  return { type: 'runtime.loop.resumed', data: { commandId, by, because, epoch: state.epoch } };
}

/** Only of a run that rests: what is under way would be answered twice. */
function operatorAnswered(state: LoopState, { commandId, by, text }: Extract<Arrival, { kind: 'operator-answered' }>): Accepted | null {
  if (state.pausedBy === null || openAsk(state) !== null || state.waiting?.waitingFor === 'effect') return null;
  const { dataSubject } = claimOf(state);
  const answered: LoopEvent = { type: 'runtime.loop.operator-answered', data: { commandId, by, text: text.toWellFormed(), dataSubject } };
  const resumed = resumedBy(state, { commandId, by, because: 'The operator has done the step.' });
  return { events: [answered, resumed], state: [answered, resumed].reduce(loopEntity.evolve, state) };
}

function answered(state: LoopState, { askId, answer }: Extract<Arrival, { kind: 'answered' }>): Accepted | null {
  if (openAsk(state)?.askId !== askId) return null;
  const { dataSubject } = claimOf(state);
  return after(state, { type: 'runtime.loop.model-answered', data: { askId, ...answer, toolCalls: [...answer.toolCalls], dataSubject } });
}

function faulted(state: LoopState, { askId, fault }: Extract<Arrival, { kind: 'faulted' }>): Accepted | null {
  if (openAsk(state)?.askId !== askId) return null;
  if (isRetried(state, { fault })) return { events: [], state: giveUpOpenAsk(state) };
  const { kind: faultKind, code } = fault;
  const because = cutToJsonBytes(fault.because.toWellFormed(), MAX_REASON_BYTES);
  return after(state, { type: 'runtime.loop.model-failed', data: { askId, faultKind, code, because } });
}

/** Whether the open ask is made again after this fault. */
export function isRetried(state: LoopState, { fault }: Pick<Extract<Arrival, { kind: 'faulted' }>, 'fault'>): boolean {
  const step = openAsk(state)?.step;
  const tries = state.asks.filter((ask) => ask.step === step).length;
  return (fault.kind === 'transient' || fault.kind === 'throttled') && tries < MAX_ASKS_PER_STEP;
}

function after(state: LoopState, event: LoopEvent): Accepted {
  return { events: [event], state: loopEntity.evolve(state, event) };
}

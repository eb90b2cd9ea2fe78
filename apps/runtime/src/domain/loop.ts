/**
 * The loop: the history of one run, on one subject, so that one expectation fences every zombie. Keyed by the run.
 *
 * I1 at most one ask is open; a new one gives up the one before, whose ceiling stays spent
 * I2 every tool call has an effect id from its place in the history, so that every worker names it alike
 * I3 the state follows from the events alone: who folds the same prefix decides the same
 * I4 every history folds, also one whose data subject was erased: what is gone is empty, and the state says that it is
 */
import { isProgramEvent, type LoopEvent, type ProgramEvent, type ToolCall } from '@soloist/contracts';
import { hasErased, isErased } from './erased.js';

export interface Claim {
  readonly runId: string;
  readonly inputId: string;
  readonly agent: string;
  readonly definitionVersion: string;
  readonly envelopeMicros: number;
  readonly currency: string;
  readonly dataSubject: string;
}

export interface Answer {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: string;
  readonly costMicros: number;
}

export interface Ask {
  readonly askId: string;
  readonly step: number;
  readonly epoch: number;
  readonly model: string;
  readonly ceilingMicros: number;
  /** What it used by the provider's figures, or may have used at most. */
  readonly tokens: number;
  readonly promptDigest: string;
  /** `given-up`: another ask took its place; nobody knows whether the provider has charged for it. */
  readonly standing: 'open' | 'answered' | 'failed' | 'given-up';
  readonly answer: Answer | null;
}

export interface Observation {
  readonly outcome: 'succeeded' | 'failed' | 'refused' | 'unknown';
  readonly detail: ToolCall['args'];
}

/** One tool call of the model and what became of it. */
export interface Call {
  readonly effectId: string;
  readonly step: number;
  readonly callId: string;
  readonly tool: string;
  readonly args: ToolCall['args'];
  readonly isRequested: boolean;
  readonly observed: Observation | null;
}

export interface Failure {
  readonly code: string;
  readonly because: string;
}

export interface LoopState {
  readonly claim: Claim | null;
  readonly epoch: number;
  readonly recallId: string | null;
  readonly asks: readonly Ask[];
  readonly calls: readonly Call[];
  readonly waiting: { readonly waitingFor: 'recall' | 'effect'; readonly id: string } | null;
  /** The command that paused the run; null while it is not paused. */
  readonly pausedBy: string | null;
  readonly failure: Failure | null;
  /** Something personal of the history is gone with its data subject. */
  readonly isErased: boolean;
  readonly finished: { readonly outcome: 'done' | 'refused' | 'failed'; readonly summary: string } | null;
}

/** Stands for the model in a step that the operator has done. */
export const BY_OPERATOR = 'operator';

const initial: LoopState = { claim: null, epoch: 0, recallId: null, asks: [], calls: [], waiting: null, pausedBy: null, failure: null, isErased: false, finished: null };

export const loopEntity = { context: 'runtime' as const, entity: 'loop', initial, evolve };

function evolve(state: LoopState, event: LoopEvent): LoopState {
  // A run is told in an agent's events or in a program's; program/domain/program.ts folds those.
  if (isProgramEvent(event)) return state;
  const next = follow(state, event);
  return hasErased(event) ? { ...next, isErased: true } : next;
}

function follow(state: LoopState, event: Exclude<LoopEvent, ProgramEvent>): LoopState {
  switch (event.type) {
    case 'runtime.loop.claimed': {
      const { epoch, ...claim } = event.data;
      return { ...giveUpOpenAsk(state), claim, epoch };
    }
    case 'runtime.loop.recall-requested':
      return { ...state, recallId: event.data.recallId };
    case 'runtime.loop.model-asked':
      return asked(giveUpOpenAsk(state), event.data);
    case 'runtime.loop.model-answered':
      return answered(state, event.data);
    case 'runtime.loop.model-failed': {
      const { askId, code, because } = event.data;
      return { ...withAsk(state, askId, { standing: 'failed' }), failure: { code, because } };
    }
    case 'runtime.loop.effect-requested':
      return requested(state, event.data);
    case 'runtime.loop.effect-observed': {
      const { effectId, outcome, detail } = event.data;
      return { ...withCall(state, effectId, { observed: { outcome, detail: isErased(detail) ? {} : detail } }), waiting: null };
    }
    case 'runtime.loop.paused':
      return { ...state, pausedBy: event.data.commandId };
    case 'runtime.loop.claim-unsupported':
      return state;
    case 'runtime.loop.held-back':
      return giveUpOpenAsk(state);
    case 'runtime.loop.resumed':
      return { ...state, pausedBy: null };
    case 'runtime.loop.operator-answered':
      return answeredByOperator(state, event.data);
    case 'runtime.loop.suspended':
      return { ...state, waiting: event.data };
    case 'runtime.loop.finished':
      return { ...state, waiting: null, finished: { outcome: event.data.outcome, summary: isErased(event.data.summary) ? '' : event.data.summary } };
  }
}

type FactOf<Name extends string> = Extract<LoopEvent, { type: `runtime.loop.${Name}` }>['data'];

function asked(state: LoopState, data: FactOf<'model-asked'>): LoopState {
  const { askId, step, epoch, model, ceilingMicros, ceilingTokens, maxOutputTokens, promptDigest } = data;
  const ask: Ask = { askId, step, epoch, model, ceilingMicros, tokens: ceilingTokens ?? maxOutputTokens, promptDigest, standing: 'open', answer: null };
  return { ...state, waiting: null, asks: [...state.asks, ask] };
}

function answered(state: LoopState, data: FactOf<'model-answered'>): LoopState {
  const { askId, finishReason, costMicros } = data;
  const text = isErased(data.text) ? '' : data.text;
  const toolCalls = isErased(data.toolCalls) ? [] : data.toolCalls;
  const step = state.asks.find((ask) => ask.askId === askId)?.step ?? 0;
  const calls = toolCalls.map((call, index): Call => {
    const effectId = `${idPrefix(state)}-e${state.calls.length + index + 1}`;
    return { effectId, step, callId: call.callId, tool: call.tool, args: call.args, isRequested: false, observed: null };
  });
  const answer: Answer = { text, toolCalls, finishReason, costMicros };
  const tokens = data.inputTokens + data.outputTokens;
  return { ...withAsk(state, askId, { standing: 'answered', answer, ...(tokens > 0 ? { tokens } : {}) }), calls: [...state.calls, ...calls] };
}

/** A step like any other, which cost nothing and asks for nothing. */
function answeredByOperator(state: LoopState, data: FactOf<'operator-answered'>): LoopState {
  const answer: Answer = { text: isErased(data.text) ? '' : data.text, toolCalls: [], finishReason: 'operator', costMicros: 0 };
  const step = (state.asks.at(-1)?.step ?? 0) + 1;
  const ask: Ask = { askId: nextAskId(state), step, epoch: state.epoch, model: BY_OPERATOR, ceilingMicros: 0, tokens: 0, promptDigest: '', standing: 'answered', answer };
  return { ...state, waiting: null, asks: [...state.asks, ask] };
}

/** Of an erased answer the calls are gone; that one of them was asked for is not, and its outcome still counts. */
function requested(state: LoopState, { effectId, callId, action }: FactOf<'effect-requested'>): LoopState {
  if (state.calls.some((call) => call.effectId === effectId)) return withCall(state, effectId, { isRequested: true });
  const call: Call = { effectId, step: state.asks.at(-1)?.step ?? 0, callId, tool: action, args: {}, isRequested: true, observed: null };
  return { ...state, calls: [...state.calls, call] };
}

/** An ask whose answer nobody waits for any more. */
export function giveUpOpenAsk(state: LoopState): LoopState {
  const open = openAsk(state);
  return open === null ? state : withAsk(state, open.askId, { standing: 'given-up' });
}

export function openAsk(state: LoopState): Ask | null {
  const last = state.asks.at(-1);
  return last?.standing === 'open' ? last : null;
}

export function nextAskId(state: LoopState): string {
  return `${idPrefix(state)}-a${state.asks.length + 1}`;
}

export function recallIdOf(runId: string): string {
  return `${runId.slice(0, 24)}-r1`;
}

/** @throws Error when the loop was never claimed: a defect of the caller */
export function claimOf(state: LoopState): Claim {
  if (state.claim === null) throw new Error('the loop was never claimed');
  return state.claim;
}

function idPrefix(state: LoopState): string {
  return claimOf(state).runId.slice(0, 24);
}

function withAsk(state: LoopState, askId: string, change: Partial<Ask>): LoopState {
  return { ...state, asks: state.asks.map((ask) => (ask.askId === askId ? { ...ask, ...change } : ask)) };
}

function withCall(state: LoopState, effectId: string, change: Partial<Call>): LoopState {
  return { ...state, calls: state.calls.map((call) => (call.effectId === effectId ? { ...call, ...change } : call)) };
}

/**
 * One step of a run as one commit: what arrived, and everything that follows from it up to the next thing that must
 * come from outside. A pure function, so the commit can be decided again on whatever state the log is in.
 *
 * I1 the result of step i and the claim of step i+1 lie in one commit
 * I2 a step ends in an ask, in a request, or in the end of the run; never in between
 * I3 a claim names its ceiling, and is made only when the ceiling fits into the envelope
 */
import type { BlobRef, LoopEvent, PromptMessage } from '@soloist/contracts';
import { canonicalJson, formatMoney } from '@soloist/kernel';
import { accept, type Arrival } from './arrival.js';
import { markUnsupported, unsupportedActs } from './claimed-acts.js';
import { BY_OPERATOR, claimOf, loopEntity, nextAskId, type LoopState } from './loop.js';
import { nextMove, type CheckArgs, type Move } from './next-move.js';
import { heldBack } from './pause.js';
import { buildPrompt, trustOfRun, type Prompt } from './prompt.js';
import type { RunBrief } from './run-brief.js';
import { refuseAsk, refuseUse, spentMicros, type Quote } from './spend.js';
import { cutToJsonBytes, utf8Bytes } from './text-size.js';

/** Pure functions and values of the outside that a plan needs. */
export interface Means {
  readonly digestOf: (text: string) => string;
  readonly checkArgs: CheckArgs;
  /** The model the definition's alias stands for; null when the table has no such alias. */
  readonly model: string | null;
  readonly windowTokens: number;
  readonly quote: (model: string, inputTokens: number, maxOutputTokens: number) => Quote | null;
  /** The blob of a large prompt, by the prompt's digest; null while it was not put yet. */
  readonly storedPrompt: (promptDigest: string) => BlobRef | null;
}

/** The call to be made once the commit is on the log. */
export interface PlannedAsk {
  readonly askId: string;
  readonly epoch: number;
  readonly step: number;
  readonly model: string;
  readonly prompt: Prompt;
  readonly maxOutputTokens: number;
  readonly temperature: number;
  readonly ceilingMicros: number;
  readonly ceilingTokens: number;
}

export type Plan =
  /** What arrived does not count (any more). */
  | { readonly kind: 'stale' }
  /** The prompt is large: put these bytes as a blob and plan again. */
  | { readonly kind: 'store-prompt'; readonly promptDigest: string; readonly text: string }
  | { readonly kind: 'commit'; readonly events: readonly LoopEvent[]; readonly ask: PlannedAsk | null };

/** Up to sixteen refusals lie in one commit. */
const MAX_REFUSAL_BYTES = 1_500;
/** Prompts above this go into a blob. */
export const INLINE_PROMPT_BYTES = 48 * 1024;
/** More moves without anything from outside than any run can make: each refused call is one. */
const MAX_MOVES = 10_000;

export function planStep(state: LoopState, brief: RunBrief, arrival: Arrival, means: Means): Plan {
  const accepted = accept(state, arrival);
  if (accepted === null) return { kind: 'stale' };
  const events = [...accepted.events];
  const rest = heldBack(accepted.state);
  if (rest !== null) return { kind: 'commit', events: [...events, rest], ask: null };
  let now = accepted.state;
  for (let moves = 0; moves < MAX_MOVES; moves += 1) {
    const move = nextMove(now, brief, means.checkArgs);
    if (move.kind === 'rest') return { kind: 'commit', events, ask: null };
    const made = move.kind === 'ask' ? planAsk(now, brief, move.step, means) : { kind: 'events' as const, events: eventsOf(now, brief, move, means), ask: null };
    if (made.kind === 'store-prompt') return made;
    for (const event of made.events) {
      now = loopEntity.evolve(now, event);
      events.push(event);
    }
    if (made.ask !== null) return { kind: 'commit', events, ask: made.ask };
  }
  throw new Error(`a step of run ${claimOf(state).runId} does not come to rest`);
}

type Made = Extract<Plan, { kind: 'store-prompt' }> | { readonly kind: 'events'; readonly events: readonly LoopEvent[]; readonly ask: PlannedAsk | null };

function planAsk(state: LoopState, brief: RunBrief, step: number, means: Means): Made {
  const refused = (code: string, because: string): Made => ({ kind: 'events', events: [finished(state, 'refused', code, because)], ask: null });
  const { alias, maxOutputTokens, temperature } = brief.definition.model;
  const { model } = means;
  if (model === null) return refused('model.alias-unknown', `No model has the alias ${alias}. Name it in SOLOIST_MODEL_ALIASES, or correct model.alias of the agent.`);
  const prompt = buildPrompt(state, brief, means.windowTokens);
  if (prompt === null) {
    return refused('prompt.window-too-small', `The prompt does not fit into a window of ${means.windowTokens} tokens. Shorten the agent's instructions or use a model with a larger window.`);
  }
  const quote = means.quote(model, prompt.tokenBound, maxOutputTokens);
  const ceilingTokens = prompt.tokenBound + maxOutputTokens;
  const refusal = refuseAsk(state, model, quote) ?? refuseUse(state, ceilingTokens, brief.definition.budget);
  if (refusal !== null || quote === null) return refused(refusal?.code ?? 'price.unknown', refusal?.because ?? '');
  const text = canonicalJson(prompt.messages);
  const promptDigest = means.digestOf(text);
  const isLarge = utf8Bytes(text) > INLINE_PROMPT_BYTES;
  const blob = isLarge ? means.storedPrompt(promptDigest) : null;
  if (isLarge && blob === null) return { kind: 'store-prompt', promptDigest, text };
  const { epoch } = state;
  const ask: PlannedAsk = { askId: nextAskId(state), epoch, step, model, prompt, maxOutputTokens, temperature, ceilingMicros: quote.ceilingMicros, ceilingTokens };
  return { kind: 'events', events: [modelAsked(state, ask, promptDigest, blob, quote)], ask };
}

function modelAsked(state: LoopState, ask: PlannedAsk, promptDigest: string, messagesBlob: BlobRef | null, { ceilingMicros, price }: Quote): LoopEvent {
  const { askId, step, epoch, model, maxOutputTokens, ceilingTokens, prompt } = ask;
  const messages: PromptMessage[] | null = messagesBlob === null ? [...prompt.messages] : null;
  const tools = prompt.tools.map((tool) => tool.name);
  const { dataSubject } = claimOf(state);
  return {
    type: 'runtime.loop.model-asked',
    data: { askId, step, epoch, model, messages, messagesBlob, tools, promptDigest, maxOutputTokens, ceilingMicros, ceilingTokens, price, dataSubject },
  };
}

function eventsOf(state: LoopState, brief: RunBrief, move: Exclude<Move, { kind: 'rest' | 'ask' }>, means: Means): readonly LoopEvent[] {
  const { dataSubject } = claimOf(state);
  switch (move.kind) {
    case 'refuse-call': {
      const { code } = move;
      const because = cutToJsonBytes(move.because.toWellFormed(), MAX_REFUSAL_BYTES);
      return [{ type: 'runtime.loop.effect-observed', data: { effectId: move.call.effectId, outcome: 'refused', detail: { code, because }, dataSubject } }];
    }
    case 'request-effect': {
      const { effectId, callId, args } = move.call;
      const action = move.tool.name;
      const digest = means.digestOf(canonicalJson({ action, args }));
      const { effectClass } = move.tool;
      const trust = trustOfRun(state, brief);
      return [
        { type: 'runtime.loop.effect-requested', data: { effectId, callId, epoch: state.epoch, action, args, digest, effectClass, trust, dataSubject } },
        { type: 'runtime.loop.suspended', data: { waitingFor: 'effect', id: effectId } },
      ];
    }
    case 'finish':
      return finish(state, brief, move);
  }
}

/** What the agent says at its end is held against the receipts; the operator's own words are not. */
function finish(state: LoopState, brief: RunBrief, { outcome, code, because }: Extract<Move, { kind: 'finish' }>): readonly LoopEvent[] {
  const last = state.asks.at(-1);
  const claimed = outcome === 'done' && last?.model !== BY_OPERATOR ? unsupportedActs(because, state, brief.definition) : [];
  if (claimed.length === 0) return [finished(state, outcome, code, because)];
  return [{ type: 'runtime.loop.claim-unsupported', data: { actions: [...claimed], step: last?.step ?? 0 } }, finished(state, outcome, code, markUnsupported(because, claimed))];
}

/** The end, with what was spent until then. */
export function finished(state: LoopState, outcome: 'done' | 'refused' | 'failed', code: string, because: string): LoopEvent {
  const spent = spentMicros(state);
  const { dataSubject, currency } = claimOf(state);
  const steps = state.asks.at(-1)?.step ?? 0;
  const tally = `Spent ${formatMoney({ micros: spent, currency })} in ${steps} ${steps === 1 ? 'step' : 'steps'}.`;
  const told = because.slice(0, 4_000).toWellFormed();
  const summary = outcome === 'done' ? told : `${code}: ${told} ${tally}`;
  return { type: 'runtime.loop.finished', data: { outcome, summary, spentMicros: spent, steps, dataSubject } };
}

/**
 * What a run does next: a pure state machine over its history and its brief.
 *
 * I1 a question is asked once: nothing is done while an answer is awaited
 * I2 calls are dealt with one after the other, in the order the model made them
 * I3 an action outside the definition, with wrong arguments, or whose words claim an act that has no receipt, never leaves the loop: the model is told instead [D2]
 * I4 a run ends: by its answer, by its step limit, by the third identical call, or by too many wrong arguments
 * I5 a run about somebody who was erased ends as soon as nothing is under way for it
 */
import { canonicalJson } from '@soloist/kernel';
import { CUT_CALL, MAX_ANSWER_BYTES, UNPARSED } from './answer.js';
import { actsClaimedIn } from './claimed-acts.js';
import { SUBJECT_ERASED } from './erased.js';
import { openAsk, type Call, type LoopState } from './loop.js';
import type { RunBrief } from './run-brief.js';
import { toolsOf, type Tool } from './tools.js';

export type Move =
  | { readonly kind: 'rest' }
  | { readonly kind: 'ask'; readonly step: number }
  | { readonly kind: 'refuse-call'; readonly call: Call; readonly code: string; readonly because: string }
  | { readonly kind: 'request-effect'; readonly call: Call; readonly tool: Tool }
  | { readonly kind: 'finish'; readonly outcome: 'done' | 'refused' | 'failed'; readonly code: string; readonly because: string };

/** Null when the arguments fit the tool's schema, else what is wrong with them. Must be pure. */
export type CheckArgs = (tool: Tool, args: Call['args']) => string | null;

/** The call that makes it this often ends the run. */
export const MAX_IDENTICAL_CALLS = 3;
/** How often wrong arguments are sent back to the model. */
export const MAX_REPAIRS = 2;

export const ARGS_INVALID = 'args.invalid';
export const ACTION_NOT_ALLOWED = 'action.not-allowed';

export function nextMove(state: LoopState, brief: RunBrief, checkArgs: CheckArgs): Move {
  if (state.claim === null || state.finished !== null || openAsk(state) !== null) return { kind: 'rest' };
  if (state.failure !== null) return { kind: 'finish', outcome: 'failed', ...state.failure };
  if (state.waiting?.waitingFor === 'effect') return { kind: 'rest' };
  if (state.waiting?.waitingFor === 'recall' && brief.recall?.recallId !== state.waiting.id) return { kind: 'rest' };
  if (state.isErased) return { kind: 'finish', outcome: 'refused', code: 'subject.erased', because: SUBJECT_ERASED };
  const last = state.asks.at(-1);
  if (last === undefined) return { kind: 'ask', step: 1 };
  if (last.answer === null) return { kind: 'ask', step: last.step };
  const ending = endingOf(state, last.answer.text);
  if (ending !== null) return ending;
  const open = state.calls.find((call) => call.observed === null);
  if (open !== undefined) return dealWith(open, state, brief, checkArgs);
  if (last.step >= brief.definition.limits.maxSteps) {
    return { kind: 'finish', outcome: 'failed', code: 'limit.max-steps', because: `The run has used its ${brief.definition.limits.maxSteps} steps without coming to an end.` };
  }
  return { kind: 'ask', step: last.step + 1 };
}

/** Whether the last answer ends the run by itself. */
function endingOf(state: LoopState, text: string): Move | null {
  const repeated = state.calls.find((call) => call.observed === null && timesMade(state, call) >= MAX_IDENTICAL_CALLS);
  if (repeated !== undefined) {
    return { kind: 'finish', outcome: 'failed', code: 'limit.repeated-call', because: `The model made the same call of ${repeated.tool} ${MAX_IDENTICAL_CALLS} times; it was not carried out again.` };
  }
  const repairs = state.calls.filter((call) => call.observed?.detail['code'] === ARGS_INVALID && !call.isRequested).length;
  if (repairs > MAX_REPAIRS) {
    return { kind: 'finish', outcome: 'failed', code: ARGS_INVALID, because: `The model gave wrong arguments ${repairs} times.` };
  }
  if (state.calls.some((call) => call.step === state.asks.at(-1)?.step)) return null;
  if (text.trim() === '') return { kind: 'finish', outcome: 'failed', code: 'model.empty-answer', because: 'The model answered nothing.' };
  return { kind: 'finish', outcome: 'done', code: 'run.done', because: text.trim() };
}

function dealWith(call: Call, state: LoopState, brief: RunBrief, checkArgs: CheckArgs): Move {
  if (call.tool === CUT_CALL) {
    return { kind: 'refuse-call', call, code: ARGS_INVALID, because: `The calls were longer than ${MAX_ANSWER_BYTES} bytes and were not kept; none was carried out. Make a shorter call.` };
  }
  const tool = toolsOf(brief.definition).find((one) => one.name === call.tool);
  if (tool === undefined) {
    return { kind: 'refuse-call', call, code: ACTION_NOT_ALLOWED, because: `${call.tool} is not among the actions of ${brief.definition.name} (${brief.definition.actions.join(', ') || 'none'}).` };
  }
  if (Object.hasOwn(call.args, UNPARSED)) {
    return { kind: 'refuse-call', call, code: ARGS_INVALID, because: `The arguments were no JSON object of finite numbers, text, lists and objects. Correct the arguments and call ${tool.name} again.` };
  }
  const wrong = checkArgs(tool, call.args);
  if (wrong !== null) return { kind: 'refuse-call', call, code: ARGS_INVALID, because: wrong };
  const claimed = actsClaimedIn(call, state, brief.definition);
  if (claimed.length > 0) return { kind: 'refuse-call', call, code: 'claim.unsupported', because: `Its words say that ${claimed.join(' and ')} was done, and there is no receipt for it in this run. Do that first, or do not say it.` };
  return { kind: 'request-effect', call, tool };
}

function timesMade(state: LoopState, call: Call): number {
  const form = canonicalJson([call.tool, call.args]);
  const upTo = state.calls.indexOf(call);
  return state.calls.filter((other, index) => index <= upTo && canonicalJson([other.tool, other.args]) === form).length;
}

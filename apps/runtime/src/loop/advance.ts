/**
 * The one way a run moves: decide what follows from what arrived, commit it with the claim of the next model call, make
 * the call, and go on with its answer in the same worker until something from outside is needed.
 *
 * I1 a model is called only after its claim is on the log, by the worker whose commit that was [R5]
 * I2 an open ask is taken over only by a later delivery of the commit that caused it, as a new epoch [G10]
 * I3 a worker that finds itself overtaken writes nothing more and lets the delivery come again: an ack by a zombie would
 *    take the message from the worker that has it now
 */
import { Fault, type Rejection } from '@soloist/kernel';
import { attempt, type Work } from '@soloist/service';
import { fitAnswer } from '../domain/answer.js';
import { SUBJECT_ERASED } from '../domain/erased.js';
import { isAwaited, isRetried, type Arrival, type PricedAnswer } from '../domain/arrival.js';
import { claimOf } from '../domain/loop.js';
import type { RunBrief } from '../domain/run-brief.js';
import type { ModelAnswer } from '../ports/model.port.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { commitStep, heldElsewhere, NotAtRest, readBehind, requireGone, type Claimed, type StepWhen } from './commit-step.js';
import { knownClaim, rememberClaim } from './known-claims.js';
import { readBrief } from './read-brief.js';
import { readLoop, type SeenLoop } from './read-loop.js';

export type FromOutside = Extract<Arrival, { kind: 'recalled' | 'observed' }>;

const FIRST_PAUSE_MS = 500;
/** A provider that wants a longer pause gets it from the delivery instead, so that no worker sleeps that long. */
const LONGEST_PAUSE_MS = 30_000;

/** @throws Fault transient when another worker has the run · Fault throttled when the provider wants a long pause */
export async function advance(work: Work<RuntimePorts>, runId: string, from: FromOutside): Promise<void> {
  const known = knownClaim(work.ports, runId);
  const early = known === null ? null : await readBrief(work.log, known);
  if (early !== null && (await goOn(work, runId, early, from))) return;
  const seen = await readLoop(work.log, runId);
  const arrival = arrivalOf(seen, work.cause, runId, from);
  if (arrival?.kind === 'takeover') requireGone(work, runId);
  if (arrival === null) return;
  const claim = claimOf(seen.state);
  rememberClaim(work.ports, claim);
  await takeTurns(work, runId, early ?? (await readBrief(work.log, claim)), arrival, 1);
}

/**
 * What comes for a run that rests as this worker left it is written on that state: the log refuses it when somebody was
 * there in between. False when the run does not rest or waits for something else; then it is read.
 */
async function goOn(work: Work<RuntimePorts>, runId: string, brief: RunBrief | Rejection, from: FromOutside): Promise<boolean> {
  let next: Arrival | null;
  try {
    next = await takeTurn(work, runId, brief, from, 1, 'at rest only');
  } catch (error) {
    if (error instanceof NotAtRest) return false;
    throw error;
  }
  await takeTurns(work, runId, brief, next, 2);
  return true;
}

export async function takeTurns(work: Work<RuntimePorts>, runId: string, brief: RunBrief | Rejection, first: Arrival | null, from: number): Promise<void> {
  for (let turn = from, arrival = first; arrival !== null; turn += 1) arrival = await takeTurn(work, runId, brief, arrival, turn);
}

/** Null when there is nothing (more) to do. */
function arrivalOf({ state, open }: SeenLoop, cause: string, runId: string, from: FromOutside): Arrival | null {
  if (state.finished !== null) return null;
  if (open !== null) {
    if (open.cause !== cause) throw heldElsewhere(runId);
    return { kind: 'takeover', askId: open.ask.askId };
  }
  if (isAwaited(state, from)) return from;
  const isKnown = from.kind === 'recalled' ? state.recallId === from.recallId : state.calls.some((call) => call.effectId === from.effectId && call.isRequested);
  if (!isKnown) throw readBehind(runId);
  return null;
}

/** One commit and, if it claims one, one model call. Answers what the call brought. */
async function takeTurn(work: Work<RuntimePorts>, runId: string, brief: RunBrief | Rejection, arrival: Arrival, turn: number, when: StepWhen = 'it counts'): Promise<Arrival | null> {
  let claimed: Claimed | null = null;
  let next: Arrival | null = null;
  await attempt<ModelAnswer>({
    label: 'model',
    claim: async () => {
      claimed = await commitStep(work, runId, brief, arrival, turn, when);
      return claimed !== null;
    },
    act: () => ask(work.ports, mine(claimed)),
    succeeded: async (answer) => {
      next = { kind: 'answered', askId: mine(claimed).ask.askId, answer: fitAnswer(priced(work.ports, mine(claimed), answer)) };
    },
    failed: async (fault) => {
      next = await afterFault(work.ports, mine(claimed), fault);
    },
  });
  return next;
}

async function ask(ports: RuntimePorts, claimed: Claimed): Promise<ModelAnswer> {
  if (claimed.isErased) throw new Fault('invalid', 'subject.erased', SUBJECT_ERASED);
  return ports.model.complete(requestOf(claimed));
}

function mine(claimed: Claimed | null): Claimed {
  if (claimed === null) throw new Error('a model call without a claim');
  return claimed;
}

function requestOf({ ask }: Claimed): Parameters<RuntimePorts['model']['complete']>[0] {
  const { model, prompt, maxOutputTokens, temperature } = ask;
  return { model, messages: prompt.messages, tools: prompt.tools, maxOutputTokens, temperature };
}

/** Without usage nobody knows what was charged: then the ceiling was. */
function priced(ports: RuntimePorts, { ask, at }: Claimed, answer: ModelAnswer): PricedAnswer {
  const cost = answer.usage === null ? null : ports.prices.costOf(ask.model, answer.usage, at);
  const { model, rehearsal, text, toolCalls, finishReason, usage } = answer;
  const tokens = { inputTokens: usage?.inputTokens ?? 0, outputTokens: usage?.outputTokens ?? 0 };
  // Counts that no price can be made of say nothing either.
  const costMicros = cost !== null && Number.isSafeInteger(cost.micros) ? cost.micros : ask.ceilingMicros;
  return { model, rehearsal, text, toolCalls, finishReason, ...tokens, costMicros };
}

async function afterFault(ports: RuntimePorts, { ask, state }: Claimed, fault: Fault): Promise<Arrival> {
  const arrival: Extract<Arrival, { kind: 'faulted' }> = { kind: 'faulted', askId: ask.askId, fault: { kind: fault.kind, code: fault.code, because: fault.message } };
  if (!isRetried(state, arrival)) return arrival;
  if ((fault.retryAfterMs ?? 0) > LONGEST_PAUSE_MS) throw fault;
  const tries = state.asks.filter((one) => one.step === ask.step).length;
  await ports.pause(fault.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (tries - 1));
  return arrival;
}

/**
 * The prompt of the next model call: a pure function of the run's history and brief, so that a replay asks with the
 * same bytes [G14].
 *
 * I1 order: instructions, facts, session, input, then the run's steps; what changes least comes first
 * I2 every message carries the label of its content; the label of the whole is their join
 * I3 no section exceeds its budget, and what was left out is told, in the message before the mail [B3]
 * I4 a step is left out whole or not at all: no tool result without its call
 */
import { canonicalJson, joinTrust, type Trust } from '@soloist/kernel';
import type { PromptMessage } from '@soloist/contracts';
import type { Ask, Call, LoopState } from './loop.js';
import { budgetsFor, describeLeftOut, type LeftOut, type SectionBudgets } from './prompt-budget.js';
import { FACTS_HEADING, factLine, GROUND_RULES, inputBlock, NO_FACTS, SESSION_HEADING, turnLine } from './prompt-text.js';
import type { RunBrief } from './run-brief.js';
import { cutToBytes, utf8Bytes } from './text-size.js';
import { toolsOf, type Tool } from './tools.js';

export interface Prompt {
  readonly messages: readonly PromptMessage[];
  readonly tools: readonly Tool[];
  readonly leftOut: LeftOut;
  readonly trust: Trust;
  /** No tokenizer makes more of it: bytes of messages and tools, and what a chat format may add to each message. */
  readonly tokenBound: number;
}

const CHAT_FORMAT_TOKENS = 32;
const SESSION_TRUST: Trust = 'third-party-text';
const RESULT_TRUST: Trust = 'connector-structured';

/** Null when the model's window is too small even for the instructions and a little of the mail. */
export function buildPrompt(state: LoopState, brief: RunBrief, windowTokens: number): Prompt | null {
  const tools = toolsOf(brief.definition);
  const system = message('system', `${brief.definition.instructions.toWellFormed().trim()}\n\n${GROUND_RULES}`, 'owner');
  const fixed = utf8Bytes(canonicalJson([system, ...tools.map(({ name, description, parameters }) => ({ name, description, parameters }))]));
  const budgets = budgetsFor(windowTokens, fixed, brief.definition.model.maxOutputTokens);
  if (budgets === null) return null;

  const facts = fitting(brief.recall?.facts.map(factLine) ?? [], budgets.facts);
  const session = fitting([...(brief.recall?.session ?? [])].reverse().map(turnLine), budgets.session);
  const inputText = cutToBytes(brief.input.text.toWellFormed(), budgets.input);
  const before = [system];
  const steps = stepsOf(state, budgets);
  const leftOut: LeftOut = {
    sessionTurns: session.dropped,
    facts: facts.dropped,
    steps: steps.dropped,
    resultBytes: steps.resultBytes,
    inputBytes: utf8Bytes(brief.input.text.toWellFormed()) - utf8Bytes(inputText),
  };
  const factTrust = (brief.recall?.facts ?? []).slice(0, facts.kept.length).map((fact) => fact.trust).reduce(joinTrust, 'owner');
  before.push(message('user', factsBlock(facts.kept, leftOut), factTrust));
  if (session.kept.length > 0) before.push(message('user', [SESSION_HEADING, ...[...session.kept].reverse()].join('\n'), SESSION_TRUST));
  before.push(message('user', inputBlock(brief.input, inputText), brief.input.trust));
  const prompt = finish([...before, ...labelled(steps.messages, trustOf(before))], tools, leftOut);
  // Quoting and escapes add bytes, most to a text of line ends only: rather no prompt than one that is too long.
  return prompt.tokenBound + brief.definition.model.maxOutputTokens > windowTokens ? null : prompt;
}

function factsBlock(lines: readonly string[], leftOut: LeftOut): string {
  const report = describeLeftOut(leftOut);
  const facts = lines.length === 0 ? [NO_FACTS] : [FACTS_HEADING, ...lines];
  return [...facts, ...(report === null ? [] : [report])].join('\n');
}

function finish(messages: readonly PromptMessage[], tools: readonly Tool[], leftOut: LeftOut): Prompt {
  const size = utf8Bytes(canonicalJson(messages)) + utf8Bytes(canonicalJson(tools));
  return { messages, tools, leftOut, trust: trustOf(messages), tokenBound: size + CHAT_FORMAT_TOKENS * (messages.length + tools.length) };
}

/** As many from the front as fit. */
function fitting(lines: readonly string[], budget: number): { readonly kept: readonly string[]; readonly dropped: number } {
  let used = 0;
  let kept = 0;
  for (const line of lines) {
    used += utf8Bytes(line) + 1;
    if (used > budget) break;
    kept += 1;
  }
  return { kept: lines.slice(0, kept), dropped: lines.length - kept };
}

interface Steps {
  readonly messages: readonly PromptMessage[];
  readonly dropped: number;
  readonly resultBytes: number;
}

/** The newest steps that fit; the very last one always stays, its results cut. */
function stepsOf(state: LoopState, budgets: SectionBudgets): Steps {
  const answered = state.asks.filter((ask) => ask.answer !== null);
  const steps = answered.map((ask) => stepMessages(ask, state.calls.filter((call) => call.step === ask.step), budgets.result));
  let used = 0;
  let from = steps.length;
  while (from > 0) {
    const bytes = utf8Bytes(canonicalJson(steps[from - 1]?.messages ?? []));
    if (used + bytes > budgets.steps && from < steps.length) break;
    used += bytes;
    from -= 1;
  }
  const kept = steps.slice(from);
  return { messages: kept.flatMap((step) => step.messages), dropped: from, resultBytes: kept.reduce((sum, step) => sum + step.cutBytes, 0) };
}

function stepMessages(ask: Ask, calls: readonly Call[], resultBudget: number): { readonly messages: readonly PromptMessage[]; readonly cutBytes: number } {
  let cutBytes = 0;
  const results = calls.flatMap((call) => {
    if (call.observed === null) return [];
    const whole = canonicalJson({ outcome: call.observed.outcome, detail: call.observed.detail });
    const kept = cutToBytes(whole, resultBudget);
    cutBytes += utf8Bytes(whole) - utf8Bytes(kept);
    return [{ ...message('tool', kept, RESULT_TRUST), callId: call.callId }];
  });
  const spoken: PromptMessage = { ...message('assistant', ask.answer?.text ?? '', 'owner'), toolCalls: [...(ask.answer?.toolCalls ?? [])] };
  return { messages: [spoken, ...results], cutBytes };
}

/** What a model says is as little trusted as the least trusted text it had read. */
function labelled(messages: readonly PromptMessage[], before: Trust): readonly PromptMessage[] {
  let trust = before;
  return messages.map((one) => {
    if (one.role === 'assistant') return { ...one, trust };
    trust = joinTrust(trust, one.trust);
    return one;
  });
}

function trustOf(messages: readonly PromptMessage[]): Trust {
  return messages.map((one) => one.trust).reduce(joinTrust, 'owner');
}

/** Of everything a run has read so far, whether or not it still finds room in the prompt: labels only go down. */
export function trustOfRun(state: LoopState, brief: RunBrief): Trust {
  const facts = brief.recall?.facts.map((fact) => fact.trust) ?? [];
  const session: readonly Trust[] = (brief.recall?.session.length ?? 0) > 0 ? [SESSION_TRUST] : [];
  const results: readonly Trust[] = state.calls.some((call) => call.observed !== null) ? [RESULT_TRUST] : [];
  return [brief.input.trust, ...facts, ...session, ...results].reduce(joinTrust, 'owner');
}

function message(role: PromptMessage['role'], content: string, trust: Trust): PromptMessage {
  return { role, content, trust, toolCalls: [], callId: null };
}

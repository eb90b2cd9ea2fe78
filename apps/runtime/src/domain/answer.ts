/**
 * Makes what a provider sent fit to be recorded, before anything is decided about it.
 *
 * I1 an answer that was paid for can always be written down: text is well-formed, and bounded
 * I2 what is cut says so
 */
import type { ToolCall } from '@soloist/contracts';
import { canonicalJson } from '@soloist/kernel';
import type { PricedAnswer } from './arrival.js';
import { cutToBytes, utf8Bytes } from './text-size.js';

export const MAX_ANSWER_BYTES = 64 * 1024;
export const MAX_CALLS_PER_ANSWER = 16;
/** Stands for tool calls that were too large to be recorded; no tool has this name, so that the model is told. */
const CUT_CALL = 'calls-cut';

type ToolArgs = ToolCall['args'];

export function fitAnswer(answer: PricedAnswer): PricedAnswer {
  const text = answer.text.toWellFormed();
  const calls = answer.toolCalls.slice(0, MAX_CALLS_PER_ANSWER).map(fitCall);
  const bounded = utf8Bytes(canonicalJson(calls)) <= MAX_ANSWER_BYTES ? calls : calls.map((call) => ({ ...call, tool: CUT_CALL, args: {} }));
  const kept = cutToBytes(text, MAX_ANSWER_BYTES);
  return { ...answer, text: kept === text ? text : `${kept}\n[cut: the answer was longer than ${MAX_ANSWER_BYTES} bytes]`, toolCalls: bounded };
}

/** Call ids come from the provider and may repeat or be empty; ours pair a result with its call for certain. */
function fitCall(call: ToolCall, index: number): ToolCall {
  return { callId: `call-${index + 1}-${call.callId.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 24)}`, tool: call.tool.toWellFormed().slice(0, 100).toWellFormed(), args: wellFormed(call.args) as ToolArgs };
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key.toWellFormed(), wellFormed(member)]));
}

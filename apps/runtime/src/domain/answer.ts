/**
 * Makes what a provider sent fit to be recorded, before anything is decided about it.
 *
 * I1 an answer that was paid for can always be written down: text is well-formed, numbers are finite, and all of it is
 *    bounded as it lies in a commit, that is escaped in JSON, sealed, and in base64
 * I2 what is cut, or could not be kept, says so
 * I3 what was made fit once is fit: a replay that is given it again records the same
 */
import type { ToolCall } from '@soloist/contracts';
import { canonicalJson } from '@soloist/kernel';
import type { PricedAnswer } from './arrival.js';
import { isJsonObject } from './json-form.js';
import { cutToJsonBytes, jsonBytes, utf8Bytes } from './text-size.js';

/**
 * Room for the text of an answer, and as much again for its calls, in bytes of canonical JSON. Sealing makes 4 of 3. In
 * the worst commit an answer (64 + 64 KiB) stands beside the arguments of one call again (64 KiB), or beside the next
 * prompt (64 KiB, INLINE_PROMPT_BYTES); 64 of its 256 KiB are left for refusals and headings.
 */
export const MAX_ANSWER_BYTES = 48 * 1024;
export const MAX_CALLS_PER_ANSWER = 16;
/** Stands for tool calls that were too large to be recorded; no tool has this name, and the model is told. */
export const CUT_CALL = 'calls-cut';
/** Where arguments stand that are no JSON object; no tool has this field, and the model is told. */
export const UNPARSED = '$unparsed';
const CUT_NOTE = `\n[cut: the answer was longer than ${MAX_ANSWER_BYTES} bytes]`;

type ToolArgs = ToolCall['args'];

export function fitAnswer(answer: PricedAnswer): PricedAnswer {
  return {
    ...answer,
    model: nameOf(answer.model),
    finishReason: nameOf(answer.finishReason),
    text: fitText(answer.text.toWellFormed()),
    toolCalls: fitCalls(answer.toolCalls.slice(0, MAX_CALLS_PER_ANSWER).map(fitCall)),
  };
}

function fitText(text: string): string {
  if (jsonBytes(text) <= MAX_ANSWER_BYTES) return text;
  return `${cutToJsonBytes(text, MAX_ANSWER_BYTES - jsonBytes(CUT_NOTE))}${CUT_NOTE}`;
}

/** All or none: half of what the model wanted may be the opposite of it. */
function fitCalls(calls: readonly ToolCall[]): readonly ToolCall[] {
  const [first] = calls;
  if (first === undefined || utf8Bytes(canonicalJson(calls)) <= MAX_ANSWER_BYTES) return calls;
  return [{ callId: first.callId, tool: CUT_CALL, args: {} }];
}

/** Call ids come from the provider and may repeat or be empty; ours pair a result with its call for certain. */
function fitCall(call: ToolCall, index: number): ToolCall {
  return { callId: `call-${index + 1}-${call.callId.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 24)}`, tool: nameOf(call.tool), args: fitArgs(call.args) };
}

function fitArgs(args: ToolArgs): ToolArgs {
  return isJsonObject(args) ? (wellFormed(args) as ToolArgs) : { [UNPARSED]: 'not an object of JSON values' };
}

function nameOf(text: string): string {
  return text.toWellFormed().slice(0, 100).toWellFormed();
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  // A contract drops a member called __proto__: what is asked for would not be what is on record.
  const members = Object.entries(value).filter(([key]) => key !== '__proto__');
  return Object.fromEntries(members.map(([key, member]) => [key.toWellFormed(), wellFormed(member)]));
}

/**
 * Any server that speaks OpenAI's chat completions.
 *
 * I1 one `complete` is one HTTP request: the client's own retries are off, since they would hide calls from the books
 * I2 what the model sends is data: arguments that are no JSON object of finite numbers are handed on as such, and given
 *    back to the model
 * I3 compatible servers differ in the form of an answer: parts of text are joined; what cannot be read is `model.bad-answer`
 */
import OpenAI from 'openai';
import type { ChatCompletion, ChatCompletionCreateParamsNonStreaming, ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import type { PromptMessage, ToolCall } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import { UNPARSED } from '../domain/answer.js';
import { isJsonObject } from '../domain/json-form.js';
import type { Tool } from '../domain/tools.js';
import type { ModelAnswer, ModelPort, ModelRequest } from '../ports/model.port.js';
import { faultOf } from './openai.faults.js';

export interface OpenAiModelOptions {
  readonly apiKey: string;
  /** Null: OpenAI itself. */
  readonly baseUrl: string | null;
  readonly timeoutMs: number;
}

/** Models that think before they speak take no temperature. */
const REASONING_MODEL = /^(o\d|gpt-5)/;
/** As much of unreadable arguments as is kept. */
const MAX_UNPARSED = 2_000;

export function openAiModel(options: OpenAiModelOptions): ModelPort {
  const isOpenAi = options.baseUrl === null || new URL(options.baseUrl).hostname === 'api.openai.com';
  const client = new OpenAI({ apiKey: options.apiKey, baseURL: options.baseUrl, maxRetries: 0, timeout: options.timeoutMs, logLevel: 'off' });
  return {
    async complete(request) {
      const completion = await client.chat.completions.create(bodyOf(request, isOpenAi)).catch((error: unknown) => {
        throw faultOf(error) ?? error;
      });
      return answerOf(completion, request);
    },
  };
}

/** OpenAI has renamed the output limit; others know the old name only, and an unknown name would be no limit at all. */
function bodyOf(request: ModelRequest, isOpenAi: boolean): ChatCompletionCreateParamsNonStreaming {
  const { model, messages, tools, maxOutputTokens, temperature } = request;
  const isReasoning = REASONING_MODEL.test(model);
  return {
    model,
    messages: messages.map(messageParam),
    ...(tools.length === 0 ? {} : { tools: tools.map(toolParam) }),
    ...(isOpenAi || isReasoning ? { max_completion_tokens: maxOutputTokens } : { max_tokens: maxOutputTokens }),
    ...(isReasoning ? {} : { temperature }),
  };
}

function messageParam(message: PromptMessage): ChatCompletionMessageParam {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.content };
    case 'tool':
      return { role: 'tool', tool_call_id: message.callId ?? '', content: message.content };
    case 'assistant': {
      const calls = message.toolCalls.map((call) => ({
        id: call.callId,
        type: 'function' as const,
        function: { name: wireName(call.tool), arguments: JSON.stringify(call.args) },
      }));
      return { role: 'assistant', content: message.content === '' ? null : message.content, ...(calls.length === 0 ? {} : { tool_calls: calls }) };
    }
  }
}

function toolParam(tool: Tool): ChatCompletionTool {
  return { type: 'function', function: { name: wireName(tool.name), description: tool.description, parameters: { ...tool.parameters } } };
}

/** Function names on the wire have no dots; actions have exactly one and no underscore. */
function wireName(action: string): string {
  return action.replace('.', '_');
}

function actionName(name: string): string {
  return name.replace('_', '.');
}

/** What the server sent, of which nothing is believed. */
type Sent = Readonly<Record<string, unknown>>;

function answerOf(completion: ChatCompletion, request: ModelRequest): ModelAnswer {
  const sent: Sent = isSent(completion) ? { ...completion } : {};
  const [choice] = Array.isArray(sent['choices']) ? (sent['choices'] as readonly unknown[]) : [];
  const message = isSent(choice) ? choice['message'] : undefined;
  if (!isSent(choice) || !isSent(message)) throw badAnswer('without a choice');
  return {
    model: wordOr(sent['model'], request.model),
    rehearsal: false,
    text: textOf(message['content'] ?? message['refusal']),
    toolCalls: callsOf(message['tool_calls']),
    finishReason: wordOr(choice['finish_reason'], 'unknown'),
    usage: usageOf(sent['usage']),
  };
}

/** A text, its parts, or nothing. */
function textOf(content: unknown): string {
  if (content === null || content === undefined) return '';
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw badAnswer('with a content that is no text');
  return content.map(partOf).join('');
}

function partOf(part: unknown): string {
  if (typeof part === 'string') return part;
  const text = isSent(part) ? (part['text'] ?? part['refusal']) : undefined;
  if (typeof text !== 'string') throw badAnswer('with a part of content that is no text');
  return text;
}

function callsOf(calls: unknown): readonly ToolCall[] {
  if (calls === null || calls === undefined) return [];
  if (!Array.isArray(calls)) throw badAnswer('with tool calls that are no list');
  return calls.flatMap((call: unknown): ToolCall[] => {
    const called = isSent(call) ? call['function'] : undefined;
    if (!isSent(call)) throw badAnswer('with a tool call that is none');
    // Calls of another type are none of ours: no tool of that type was offered.
    if ((call['type'] ?? 'function') !== 'function') return [];
    if (!isSent(called) || typeof called['name'] !== 'string') throw badAnswer('with a tool call without a name');
    return [{ callId: wordOr(call['id'], ''), tool: actionName(called['name']), args: argsOf(called['arguments']) }];
  });
}

function usageOf(usage: unknown): ModelAnswer['usage'] {
  if (!isSent(usage)) return null;
  const details = usage['prompt_tokens_details'];
  const counts = [usage['prompt_tokens'], usage['completion_tokens'], (isSent(details) ? details['cached_tokens'] : null) ?? 0];
  if (!counts.every(isCount)) return null;
  const [inputTokens = 0, outputTokens = 0, cached = 0] = counts;
  return { inputTokens, cachedInputTokens: Math.min(cached, inputTokens), outputTokens };
}

/** Text as OpenAI documents it; some servers send the object itself. */
function argsOf(sent: unknown): ToolCall['args'] {
  const parsed = typeof sent === 'string' ? parseJson(sent) : sent;
  if (isJsonObject(parsed)) return parsed as ToolCall['args'];
  return { [UNPARSED]: typeof sent === 'string' ? sent.slice(0, MAX_UNPARSED) : '' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSent(value: unknown): value is Sent {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function wordOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

function badAnswer(how: string): Fault {
  return new Fault('transient', 'model.bad-answer', `The model provider answered ${how}.`);
}

/**
 * Any server that speaks OpenAI's chat completions.
 *
 * I1 one `complete` is one HTTP request: the client's own retries are off, since they would hide calls from the books
 * I2 what the model sends is data: arguments that are no JSON object are handed on as such, for the schema to refuse
 */
import OpenAI from 'openai';
import type { ChatCompletion, ChatCompletionCreateParamsNonStreaming, ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import type { PromptMessage, ToolCall } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
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
/** Where arguments stand that are no JSON object; no tool has this field. */
export const UNPARSED = '$unparsed';
const MAX_ARGS_DEPTH = 32;

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

function answerOf(completion: ChatCompletion, request: ModelRequest): ModelAnswer {
  const choice = Array.isArray(completion.choices) ? completion.choices[0] : undefined;
  if (choice?.message === undefined) throw new Fault('transient', 'model.bad-answer', 'The model provider answered without a choice.');
  const { message } = choice;
  const toolCalls = (message.tool_calls ?? []).flatMap((call): ToolCall[] =>
    call.type === 'function' ? [{ callId: String(call.id), tool: actionName(String(call.function.name)), args: argsOf(call.function.arguments) }] : [],
  );
  return {
    model: typeof completion.model === 'string' && completion.model !== '' ? completion.model : request.model,
    rehearsal: false,
    text: message.content ?? message.refusal ?? '',
    toolCalls,
    finishReason: String(choice.finish_reason ?? 'unknown'),
    usage: usageOf(completion),
  };
}

function usageOf({ usage }: ChatCompletion): ModelAnswer['usage'] {
  if (usage === undefined || usage === null) return null;
  const counts = [usage.prompt_tokens, usage.prompt_tokens_details?.cached_tokens ?? 0, usage.completion_tokens];
  const [inputTokens, cached, outputTokens] = counts;
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0) || inputTokens === undefined || outputTokens === undefined) return null;
  return { inputTokens, cachedInputTokens: Math.min(cached ?? 0, inputTokens), outputTokens };
}

function argsOf(text: string): ToolCall['args'] {
  const parsed = parseJson(text);
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) && depthOf(parsed) <= MAX_ARGS_DEPTH) return parsed as ToolCall['args'];
  return { [UNPARSED]: String(text).slice(0, 2_000) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Levels of nesting, counted no further than needed. */
function depthOf(value: unknown, level = 0): number {
  if (typeof value !== 'object' || value === null || level > MAX_ARGS_DEPTH) return level;
  return Object.values(value).reduce<number>((deepest, member) => Math.max(deepest, depthOf(member, level + 1)), level);
}

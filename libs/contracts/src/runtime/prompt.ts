import { z } from 'zod';
import { JsonObject, TrustLabel } from '../scalars.js';

export const ToolCall = z.strictObject({ callId: z.string(), tool: z.string(), args: JsonObject });
export type ToolCall = z.output<typeof ToolCall>;

/** One message of a prompt. `trust` is the taint label of its content; tool results and mail are data, never orders. */
export const PromptMessage = z.strictObject({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string(),
  trust: TrustLabel,
  toolCalls: z.array(ToolCall).default([]),
  callId: z.string().nullable().default(null),
});
export type PromptMessage = z.output<typeof PromptMessage>;

/** Where a price came from, so that a replay reproduces the same money. */
export const PriceSource = z.strictObject({ source: z.string(), version: z.string() });

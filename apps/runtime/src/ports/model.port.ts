/**
 * A model that answers chat prompts.
 *
 * I1 one `complete` is at most one charged call: no retries below this port
 * I2 what fails is a Fault: transient · throttled (with `retryAfterMs` when the provider said so) · unauthorized ·
 *    invalid. A model call may be repeated, so none is unknown-outcome; its ceiling stays charged
 */
import type { PromptMessage, ToolCall } from '@soloist/contracts';
import type { Tool } from '../domain/tools.js';

export interface ModelRequest {
  readonly model: string;
  readonly messages: readonly PromptMessage[];
  readonly tools: readonly Tool[];
  readonly maxOutputTokens: number;
  readonly temperature: number;
}

export interface ModelUsage {
  readonly inputTokens: number;
  /** Part of `inputTokens`. */
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
}

export interface ModelAnswer {
  /** As the provider names it; may be more exact than what was asked for. */
  readonly model: string;
  /** True for the scripted model only. */
  readonly rehearsal: boolean;
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: string;
  /** Null when the provider did not say; the call then costs its ceiling. */
  readonly usage: ModelUsage | null;
}

export interface ModelPort {
  complete(request: ModelRequest): Promise<ModelAnswer>;
}

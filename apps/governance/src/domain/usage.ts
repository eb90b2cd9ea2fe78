/**
 * What a run used besides money, from the history of its loop.
 *
 * I1 an answered ask counts with the provider's figures, any other with its bound: what may have been used was
 * I2 a run whose asks say no bound counts them by what their answers may have been at most
 */
import type { LoopEvent } from '@soloist/contracts';
import type { Usage } from './ledger.js';

const MINUTE_MS = 60_000;

/** An event of the loop with the moment of its commit. */
export interface LoopFact {
  readonly event: LoopEvent;
  readonly at: string;
}

export function usageOf(facts: readonly LoopFact[]): Usage {
  const tokens = new Map<string, number>();
  let from: number | null = null;
  let to = 0;
  for (const { event, at } of facts) {
    if (event.type === 'runtime.loop.claimed') from ??= Date.parse(at);
    if (event.type === 'runtime.loop.finished') to = Date.parse(at);
    if (event.type === 'runtime.loop.model-asked') tokens.set(event.data.askId, event.data.ceilingTokens ?? event.data.maxOutputTokens);
    if (event.type === 'runtime.loop.model-answered' && event.data.inputTokens + event.data.outputTokens > 0) tokens.set(event.data.askId, event.data.inputTokens + event.data.outputTokens);
  }
  const minutes = from === null ? 0 : Math.max(0, Math.ceil((to - from) / MINUTE_MS));
  return { tokens: [...tokens.values()].reduce((sum, one) => sum + one, 0), calls: tokens.size, minutes };
}

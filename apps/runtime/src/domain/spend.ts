/**
 * What a run has spent of its envelope.
 *
 * I1 an answered ask counts with its cost, any other with its ceiling: what may have been charged counts as charged
 * I2 no ask is made whose ceiling does not fit into what is left, in money, tokens and calls
 */
import { formatMoney, reject, type Rejection } from '@soloist/kernel';
import { claimOf, type LoopState } from './loop.js';

export interface Quote {
  readonly ceilingMicros: number;
  readonly price: { readonly source: string; readonly version: string };
}

/** Prices are in this currency; an envelope in another one cannot be compared. */
export const PRICE_CURRENCY = 'USD';

export function spentMicros(state: LoopState): number {
  return state.asks.reduce((sum, ask) => sum + (ask.answer?.costMicros ?? ask.ceilingMicros), 0);
}

/** What the agent's definition lets a run use at most; absent: as much as its money buys. */
export interface UsageBounds {
  readonly perRunTokens?: number | undefined;
  readonly perRunCalls?: number | undefined;
}

/** Null when there is room for one more call of at most so many tokens. */
export function refuseUse(state: LoopState, ceilingTokens: number, { perRunTokens, perRunCalls }: UsageBounds): Rejection | null {
  if (perRunCalls !== undefined && state.asks.length >= perRunCalls) {
    return reject('budget.calls-exhausted', `The run has made the ${perRunCalls} model calls it may make. Raise the agent's budget.perRunCalls to let it go on.`);
  }
  const used = state.asks.reduce((sum, ask) => sum + ask.tokens, 0);
  if (perRunTokens === undefined || used + ceilingTokens <= perRunTokens) return null;
  return reject('budget.tokens-exhausted', `The next model call may use ${ceilingTokens} tokens, ${used} of ${perRunTokens} are used. Raise the agent's budget.perRunTokens to let it go on.`);
}

/** Null when the ask may be made. */
export function refuseAsk(state: LoopState, model: string, quote: Quote | null): Rejection | null {
  const { envelopeMicros, currency } = claimOf(state);
  if (quote === null) {
    return reject('price.unknown', `Nobody knows what ${model} costs. Give its price in SOLOIST_MODEL_PRICES, or choose a model the price table knows.`);
  }
  if (currency !== PRICE_CURRENCY && quote.ceilingMicros > 0) {
    return reject('price.currency', `The envelope is in ${currency}, prices are in ${PRICE_CURRENCY}. Set the agent's budget.currency to ${PRICE_CURRENCY}.`);
  }
  const spent = spentMicros(state);
  if (spent + quote.ceilingMicros <= envelopeMicros) return null;
  const money = (micros: number): string => formatMoney({ micros, currency });
  return reject(
    'budget.envelope-exhausted',
    `The next model call may cost ${money(quote.ceilingMicros)}, ${money(spent)} of ${money(envelopeMicros)} are spent. Raise the agent's budget.perRunMicros to let it go on.`,
  );
}

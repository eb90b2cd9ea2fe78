/**
 * What a model call may cost at most, and what it did cost. Integers of micro-USD; floats never reach the books.
 *
 * I1 an unknown price is null, never 0: the caller refuses the call
 * I2 the ceiling for at most these tokens is never below the cost of a usage within them
 * I3 source and version travel with every amount, so that a replay reproduces the same money
 */
export interface PriceOrigin {
  readonly source: string;
  readonly version: string;
}

export interface PricedAmount {
  readonly micros: number;
  readonly price: PriceOrigin;
}

/** Upper bounds of a call that was not made yet. */
export interface CallBounds {
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
}

/** As the provider reports it. `cachedInputTokens` are part of `inputTokens`. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
}

export interface PriceBook {
  /** `at` (RFC 3339) chooses among dated prices. Null: unknown model. */
  ceilingOf(model: string, bounds: CallBounds, at: string): PricedAmount | null;
  costOf(model: string, usage: TokenUsage, at: string): PricedAmount | null;
}

/** The scripted model costs nothing, and its price says why. */
export const REHEARSAL_MODEL = 'rehearsal';
export const REHEARSAL_PRICE: PriceOrigin = { source: 'rehearsal', version: '1' };

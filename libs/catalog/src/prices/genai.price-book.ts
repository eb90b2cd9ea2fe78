/**
 * The price book over `@pydantic/genai-prices`, whose dated price table is part of the package: no network.
 *
 * I1 an operator's own price wins over the table; the rehearsal model costs 0 and says so
 * I2 a ceiling takes the dearest rate a call may meet: input as fresh, cached or written to a cache, any hour of the day
 *    from now on, with every token bound used up
 * I3 amounts are rounded up to the next micro-USD
 */
import { calcPrice, findProvider, type PriceCalculation, type PriceOptions, type Usage } from '@pydantic/genai-prices';
import { REHEARSAL_MODEL, REHEARSAL_PRICE, type CallBounds, type PriceBook, type PricedAmount, type PriceOrigin, type TokenUsage } from './price-book.js';

/** Of the package, which does not tell it itself; a test compares it with what is installed. */
export const PRICE_TABLE_VERSION = '0.1.8';

/** Prices in micro-USD for a million tokens. */
export interface OperatorPrice {
  readonly inputMicrosPerMillion: number;
  readonly outputMicrosPerMillion: number;
}

export interface PriceBookOptions {
  /** By model name; for self-hosted models the table cannot know. */
  readonly operatorPrices?: Readonly<Record<string, OperatorPrice>>;
  /** The provider's address, which tells apart providers that serve models of the same name. */
  readonly apiUrl?: string;
}

const HOUR_MS = 3_600_000;
const HOURS_A_CALL_MAY_MEET = 24;

export function genaiPriceBook(options: PriceBookOptions = {}): PriceBook {
  const lookup = lookupFor(options.apiUrl);
  const special = (model: string): SpecialPrice | null => specialPrice(model, options.operatorPrices);
  return {
    ceilingOf: (model, bounds, at) => special(model)?.amount(bounds.inputTokens, bounds.maxOutputTokens) ?? tableCeiling(lookup, model, bounds, at),
    costOf: (model, usage, at) => special(model)?.amount(usage.inputTokens, usage.outputTokens) ?? tableCost(lookup, model, usage, at),
  };
}

interface SpecialPrice {
  readonly amount: (inputTokens: number, outputTokens: number) => PricedAmount;
}

function specialPrice(model: string, operatorPrices: PriceBookOptions['operatorPrices']): SpecialPrice | null {
  if (model === REHEARSAL_MODEL) return { amount: () => ({ micros: 0, price: REHEARSAL_PRICE }) };
  const own = operatorPrices !== undefined && Object.hasOwn(operatorPrices, model) ? operatorPrices[model] : undefined;
  if (own === undefined) return null;
  const price: PriceOrigin = { source: `operator:${model}`, version: `${own.inputMicrosPerMillion}/${own.outputMicrosPerMillion}` };
  return {
    amount: (inputTokens, outputTokens) => ({
      micros: roundUp((inputTokens * own.inputMicrosPerMillion + outputTokens * own.outputMicrosPerMillion) / 1_000_000),
      price,
    }),
  };
}

/** Without an address of its own the client calls OpenAI; an address the table does not know is looked up by model name. */
function lookupFor(apiUrl: string | undefined): PriceOptions {
  if (apiUrl === undefined) return { providerId: 'openai' };
  return findProvider({ providerApiUrl: apiUrl }) === undefined ? {} : { providerApiUrl: apiUrl };
}

function tableCeiling(lookup: PriceOptions, model: string, bounds: CallBounds, at: string): PricedAmount | null {
  const start = Date.parse(at);
  const input = bounds.inputTokens;
  const usages: readonly Usage[] = [
    { input_tokens: input, output_tokens: bounds.maxOutputTokens },
    { input_tokens: input, cache_read_tokens: input, output_tokens: bounds.maxOutputTokens },
    { input_tokens: input, cache_write_tokens: input, output_tokens: bounds.maxOutputTokens },
  ];
  let dearest: PricedAmount | null = null;
  for (let hour = 0; hour <= HOURS_A_CALL_MAY_MEET; hour += 1) {
    for (const usage of usages) {
      const amount = amountOf(calcPrice(usage, model, { ...lookup, timestamp: new Date(start + hour * HOUR_MS) }));
      if (amount === null) return null;
      if (dearest === null || amount.micros > dearest.micros) dearest = amount;
    }
  }
  return dearest;
}

function tableCost(lookup: PriceOptions, model: string, usage: TokenUsage, at: string): PricedAmount | null {
  const counted: Usage = { input_tokens: usage.inputTokens, cache_read_tokens: usage.cachedInputTokens, output_tokens: usage.outputTokens };
  return amountOf(calcPrice(counted, model, { ...lookup, timestamp: new Date(at) }));
}

/** Null also where the table knows the model but not what its tokens cost: a missing rate is no free one. */
function amountOf(found: PriceCalculation | null): PricedAmount | null {
  if (found === null) return null;
  const rates = found.model_price;
  if (rates['input_mtok'] === undefined || rates['output_mtok'] === undefined || rates['requests_kcount'] !== undefined) return null;
  return {
    micros: roundUp(found.total_price * 1_000_000),
    price: { source: `genai-prices:${found.provider.id}/${found.model.id}`, version: PRICE_TABLE_VERSION },
  };
}

/** Up, after taking away what binary fractions add (0.00045 × 1 000 000 = 450.00000000000006). */
function roundUp(micros: number): number {
  return Math.ceil(Number(micros.toFixed(6)));
}

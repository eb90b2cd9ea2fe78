import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { genaiPriceBook, PRICE_TABLE_VERSION } from './genai.price-book.js';

const AT = '2026-11-22T10:00:00.000Z';
const MODELS = ['gpt-5', 'gpt-5-mini', 'gpt-4o-mini', 'gpt-4.1', 'o3'];

describe('prices', () => {
  it('[V2] are dated integers of micro-USD with source and version', () => {
    const book = genaiPriceBook();
    const price = { source: 'genai-prices:openai/gpt-5', version: PRICE_TABLE_VERSION };
    expect(book.costOf('gpt-5', { inputTokens: 1_000_000, cachedInputTokens: 0, outputTokens: 1_000_000 }, AT)).toEqual({ micros: 11_250_000, price });
    expect(book.costOf('gpt-5', { inputTokens: 1_000, cachedInputTokens: 1_000, outputTokens: 0 }, AT)).toEqual({ micros: 125, price });
    expect(book.costOf('gpt-5-mini', { inputTokens: 1_000, cachedInputTokens: 0, outputTokens: 100 }, AT)?.micros).toBe(450);
    expect(book.costOf('gpt-5', { inputTokens: 1, cachedInputTokens: 0, outputTokens: 0 }, AT)?.micros).toBe(2);
  });

  it('an unknown model has no price, not the price 0', () => {
    const book = genaiPriceBook();
    expect(book.ceilingOf('no-such-model', { inputTokens: 1, maxOutputTokens: 1 }, AT)).toBeNull();
    expect(book.costOf('no-such-model', { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 }, AT)).toBeNull();
    expect(book.ceilingOf('constructor', { inputTokens: 1, maxOutputTokens: 1 }, AT)).toBeNull();
  });

  it('a model without a price for its tokens is unknown too', () => {
    expect(genaiPriceBook({ apiUrl: 'http://127.0.0.1:1/v1' }).ceilingOf('whisper-large-v3', { inputTokens: 1, maxOutputTokens: 1 }, AT)).toBeNull();
  });

  it('the long-context tier counts', () => {
    const book = genaiPriceBook({ apiUrl: 'https://api.anthropic.com' });
    const at = (inputTokens: number) => book.costOf('claude-sonnet-4-5', { inputTokens, cachedInputTokens: 0, outputTokens: 1_000_000 }, AT)?.micros;
    expect(at(1_000)).toBe(15_003_000);
    expect(at(1_000_000)).toBe(6_000_000 + 22_500_000);
  });

  it('the operator’s own price wins, rounded up', () => {
    const book = genaiPriceBook({ operatorPrices: { 'gpt-5': { inputMicrosPerMillion: 1, outputMicrosPerMillion: 0 } } });
    expect(book.costOf('gpt-5', { inputTokens: 10, cachedInputTokens: 0, outputTokens: 5 }, AT)).toEqual({ micros: 1, price: { source: 'operator:gpt-5', version: '1/0' } });
  });

  it('the rehearsal model costs nothing and says so', () => {
    expect(genaiPriceBook().ceilingOf('rehearsal', { inputTokens: 9, maxOutputTokens: 9 }, AT)).toEqual({ micros: 0, price: { source: 'rehearsal', version: '1' } });
  });

  it('[V2] a ceiling is never below the cost of a usage within its bounds, at any hour', () => {
    const providers = [undefined, 'https://api.anthropic.com', 'https://api.deepseek.com'];
    const models = [MODELS, ['claude-sonnet-4-5', 'claude-haiku-4-5'], ['deepseek-chat', 'deepseek-reasoner']];
    fc.assert(
      fc.property(fc.nat(2), fc.nat(4), fc.nat(400_000), fc.nat(400_000), fc.nat(20_000), fc.nat(20_000), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(1_439), (which, model, input, less, output, lessOut, cached, minute) => {
        const apiUrl = providers[which];
        const book = genaiPriceBook(apiUrl === undefined ? {} : { apiUrl });
        const name = models[which]?.[model % models[which].length] ?? '';
        const ceiling = book.ceilingOf(name, { inputTokens: input, maxOutputTokens: output }, AT);
        const inputTokens = Math.max(0, input - less);
        const usage = { inputTokens, cachedInputTokens: Math.floor(inputTokens * cached), outputTokens: Math.max(0, output - lessOut) };
        const cost = book.costOf(name, usage, new Date(Date.parse(AT) + minute * 60_000).toISOString());
        expect(ceiling).not.toBeNull();
        expect(cost?.micros).toBeLessThanOrEqual(ceiling?.micros ?? -1);
        expect(Number.isSafeInteger(ceiling?.micros)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('name the version of the table that is installed', () => {
    const installed = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { dependencies: Record<string, string> };
    expect(installed.dependencies['@pydantic/genai-prices']).toBe(PRICE_TABLE_VERSION);
  });
});

import { canonicalJson } from '@soloist/kernel';
import { describe, expect, it } from 'vitest';
import { answerWith, callOf } from '../runtime.fixture.js';
import { fitAnswer, MAX_ANSWER_BYTES, MAX_CALLS_PER_ANSWER, UNPARSED } from './answer.js';
import { utf8Bytes } from './text-size.js';
import type { ToolCall } from '@soloist/contracts';

describe('an answer that was paid for can be recorded', () => {
  it('whatever its text', () => {
    const fitted = fitAnswer(answerWith({ text: '\ud800'.repeat(40_000), toolCalls: [callOf('x\udc00', { 'a\ud800': ['\udfff', { b: '\ud800' }] })] }));
    expect(() => canonicalJson(fitted)).not.toThrow();
    expect(utf8Bytes(fitted.text)).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
    expect(fitted.text).toContain('[cut: the answer was longer');
  });

  it('whatever its calls: too many are cut, too large ones lose their arguments and their name', () => {
    expect(fitAnswer(answerWith({ toolCalls: Array.from({ length: 50 }, (_, n) => callOf('mail.send', { n })) })).toolCalls).toHaveLength(MAX_CALLS_PER_ANSWER);
    expect(fitAnswer(answerWith({ toolCalls: [callOf('mail.send', { text: 'x'.repeat(70_000) })] })).toolCalls).toEqual([{ callId: 'call-1-c', tool: 'calls-cut', args: {} }]);
  });

  it.each([['"\n'.repeat(32_000)], ['\u0001'.repeat(60_000)], ['漢𝄞'.repeat(20_000)], ['\\'.repeat(24_577)]])('bounds a text as it lies in a commit, escaped', (text) => {
    const fitted = fitAnswer(answerWith({ text }));
    const bytes = utf8Bytes(canonicalJson(fitted.text)) - 2;
    expect(bytes).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
    expect(bytes).toBeGreaterThan(MAX_ANSWER_BYTES - 12);
    expect(fitted.text).toMatch(/\[cut: the answer was longer than 49152 bytes\]$/);
  });

  it('keeps a text that just fits, and what was fit once', () => {
    const text = '"'.repeat(MAX_ANSWER_BYTES / 2);
    expect(fitAnswer(answerWith({ text })).text).toBe(text);
    const fitted = fitAnswer(answerWith({ text: `${text}x`, toolCalls: [callOf('mail.send', { text: '"'.repeat(40_000) }), callOf('mail.send', {})] }));
    expect(fitted.toolCalls).toEqual([{ callId: 'call-1-c', tool: 'calls-cut', args: {} }]);
    const again = fitAnswer(fitted);
    expect({ ...again, toolCalls: [] }).toEqual({ ...fitted, toolCalls: [] });
    expect(again.toolCalls[0]?.tool).toBe('calls-cut');
  });

  it.each<[unknown]>([[{ n: Infinity }], [{ n: [NaN] }], [{ n: 1n }], [{ n: undefined }], [[1]], ['text'], [null], [nested(40)]])('arguments without a form in JSON are marked: %#', (args) => {
    const [call] = fitAnswer(answerWith({ toolCalls: [callOf('mail.send', args as ToolCall['args'])] })).toolCalls;
    expect(Object.keys(call?.args ?? {})).toEqual([UNPARSED]);
  });

  it('gives every call an id of its own', () => {
    expect(fitAnswer(answerWith({ toolCalls: [callOf('a.b', {}, 'same'), callOf('a.b', {}, 'same'), callOf('a.b', {}, '漢 ')] })).toolCalls.map((call) => call.callId)).toEqual(['call-1-same', 'call-2-same', 'call-3-']);
  });
});

function nested(levels: number): unknown {
  return Array.from({ length: levels }).reduce<unknown>((inner) => ({ inner }), 1);
}

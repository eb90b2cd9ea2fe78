import { canonicalJson } from '@soloist/kernel';
import { describe, expect, it } from 'vitest';
import { answerWith, callOf } from '../runtime.fixture.js';
import { fitAnswer, MAX_ANSWER_BYTES, MAX_CALLS_PER_ANSWER } from './answer.js';
import { utf8Bytes } from './text-size.js';

describe('an answer that was paid for can be recorded', () => {
  it('whatever its text', () => {
    const fitted = fitAnswer(answerWith({ text: '\ud800'.repeat(40_000), toolCalls: [callOf('x\udc00', { 'a\ud800': ['\udfff', { b: '\ud800' }] })] }));
    expect(() => canonicalJson(fitted)).not.toThrow();
    expect(utf8Bytes(fitted.text)).toBeLessThanOrEqual(MAX_ANSWER_BYTES + 100);
    expect(fitted.text).toContain('[cut: the answer was longer');
  });

  it('whatever its calls: too many are cut, too large ones lose their arguments and their name', () => {
    expect(fitAnswer(answerWith({ toolCalls: Array.from({ length: 50 }, (_, n) => callOf('mail.send', { n })) })).toolCalls).toHaveLength(MAX_CALLS_PER_ANSWER);
    expect(fitAnswer(answerWith({ toolCalls: [callOf('mail.send', { text: 'x'.repeat(70_000) })] })).toolCalls).toEqual([{ callId: 'call-1-c', tool: 'calls-cut', args: {} }]);
  });

  it('gives every call an id of its own', () => {
    expect(fitAnswer(answerWith({ toolCalls: [callOf('a.b', {}, 'same'), callOf('a.b', {}, 'same'), callOf('a.b', {}, '漢 ')] })).toolCalls.map((call) => call.callId)).toEqual(['call-1-same', 'call-2-same', 'call-3-']);
  });
});

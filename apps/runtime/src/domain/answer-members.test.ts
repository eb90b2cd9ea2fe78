import { canonicalJson } from '@soloist/kernel';
import { expect, it } from 'vitest';
import { callOf, answerWith } from '../runtime.fixture.js';
import { fitAnswer } from './answer.js';

it('an answer whose arguments have a member called __proto__ is kept without it, and can be recorded', () => {
  const args = JSON.parse('{"to":[{"__proto__":{"a":1},"b":2}],"__proto__":"x"}') as Parameters<typeof callOf>[1];
  const [call] = fitAnswer(answerWith({ toolCalls: [callOf('mail.send', args)] })).toolCalls;
  expect(canonicalJson(call?.args)).toBe('{"to":[{"b":2}]}');
});

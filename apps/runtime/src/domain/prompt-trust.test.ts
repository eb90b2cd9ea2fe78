import { TRUST_LEVELS, type Trust } from '@soloist/kernel';
import { describe, expect, test } from 'vitest';
import { brief } from '../runtime.fixture.js';
import { loopEntity } from './loop.js';
import { trustOfRun } from './prompt.js';
import type { RunBrief } from './run-brief.js';

const nothingRecalled = { ...brief, recall: null } as RunBrief;
const withInput = (trust: Trust): RunBrief => ({ ...nothingRecalled, input: { ...nothingRecalled.input, trust } });

describe('the label of what a run has read', () => {
  test.each(TRUST_LEVELS)('[R7] is that of its input when nothing else was read: %s', (trust) => {
    expect(trustOfRun(loopEntity.initial, withInput(trust))).toBe(trust);
  });

  test('[R7] is that of the least trusted text, wherever it came from', () => {
    const recall = brief.recall;
    if (recall === null) throw new Error('the fixture recalls something');
    const fact = recall.facts[0];
    if (fact === undefined) throw new Error('the fixture recalls a fact');
    const both = (input: Trust, recalled: Trust): Trust => trustOfRun(loopEntity.initial, { ...withInput(input), recall: { ...recall, session: [], facts: [{ ...fact, trust: recalled }] } });
    for (const input of TRUST_LEVELS) {
      for (const recalled of TRUST_LEVELS) {
        const least = TRUST_LEVELS[Math.max(TRUST_LEVELS.indexOf(input), TRUST_LEVELS.indexOf(recalled))];
        expect(both(input, recalled)).toBe(least);
      }
    }
  });
});

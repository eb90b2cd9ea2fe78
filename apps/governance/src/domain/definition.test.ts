import { AgentDefinition } from '@soloist/contracts';
import { expect, test } from 'vitest';
import { evolveDefinitions, noDefinitions, publishDefinition } from './definition.js';

const definition = AgentDefinition.parse({ name: 'desk', purpose: 'p', instructions: 'i', model: { alias: 'default', maxOutputTokens: 10 }, budget: { perRunMicros: 1 } });
const publish = (state: typeof noDefinitions, version: string) => publishDefinition(state, version, definition, 'catalog').reduce(evolveDefinitions, state);

test('[V3] a new version is published, stays readable, and is what new runs take', () => {
  const state = publish(publish(noDefinitions, 'a'.repeat(16)), 'b'.repeat(16));
  expect(state.latest).toBe('b'.repeat(16));
  expect([...state.versions.keys()]).toEqual(['a'.repeat(16), 'b'.repeat(16)]);
});

test('I2 what is the latest already is not published again; an earlier version can come back', () => {
  const state = publish(publish(noDefinitions, 'a'.repeat(16)), 'b'.repeat(16));
  expect(publishDefinition(state, 'b'.repeat(16), definition, 'catalog')).toEqual([]);
  expect(publish(state, 'a'.repeat(16)).latest).toBe('a'.repeat(16));
});

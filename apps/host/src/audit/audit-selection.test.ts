import { expect, test } from 'vitest';
import { isChosen, isInRange, momentOf } from './audit-selection.js';

test.each([
  ['2026-11-24', 'since', '2026-11-24T00:00:00.000Z'],
  ['2026-11-24', 'until', '2026-11-25T00:00:00.000Z'],
  ['2024-02-29', 'until', '2024-03-01T00:00:00.000Z'],
  ['2026-12-31', 'until', '2027-01-01T00:00:00.000Z'],
  ['2026-11-24T09:00:00Z', 'until', '2026-11-24T09:00:00.000Z'],
  ['2026-11-24T09:00:00.5Z', 'since', '2026-11-24T09:00:00.500Z'],
] as const)('%s as the %s of a range is %s: a day that ends a range is in it', (text, edge, moment) => {
  expect(momentOf(text, edge)).toBe(moment);
});

test.each(['', 'yesterday', '2026-02-30', '2026-13-01', '2026-11-24 09:00', '2026-11-24T25:00:00Z', '24.11.2026', '2026-11-24T09:00:00+01:00'])('%j is no moment', (text) => {
  expect(momentOf(text, 'since')).toBeNull();
});

test('a range has its first moment, and not its last', () => {
  const range = { since: '2026-11-24T00:00:00.000Z', until: '2026-11-25T00:00:00.000Z' };
  expect(['2026-11-23T23:59:59.999Z', '2026-11-24T00:00:00.000Z', '2026-11-24T23:59:59.999Z', '2026-11-25T00:00:00.000Z'].map((at) => isInRange(at, range))).toEqual([false, true, true, false]);
});

test('without names all acts are chosen; else those of a run that is named, and those that are', () => {
  const all = { since: null, until: null, runs: [], acts: [], isComplete: false };
  const act = { runId: 'r', effectId: 'r-e1' };
  expect([all, { ...all, runs: ['r'] }, { ...all, acts: ['r-e1'] }, { ...all, runs: ['q'] }, { ...all, runs: ['q'], acts: ['r-e2'] }].map((selection) => isChosen(act, selection))).toEqual([true, true, true, false, false]);
});

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { given, NOW, request, RUN, seal, terms, typesOf, verdictOf } from './gate.fixture.js';
import { judgeRequest } from './gate.js';
import { reviewEffect } from './gate-review.js';
import { noGates } from './gate-state.js';

const judged = (reviewShare: number | undefined, draw: number, effectId = request.effectId) =>
  judgeRequest(noGates, { ...request, effectId }, verdictOf('allow'), { ...terms, document: { ...terms.document, ...(reviewShare === undefined ? {} : { reviewShare }) } }, NOW, seal, {}, draw);
/** As the reactor draws. */
const drawOf = (effectId: string): number => Number.parseInt(createHash('sha256').update(`soloist.review ${effectId}`).digest('hex').slice(0, 8), 16) / 2 ** 32;

test('[V5] I1 the share of what is put up for review holds within two in a hundred', () => {
  const effects = Array.from({ length: 10_000 }, (_, number) => `${RUN.slice(0, 20)}-e${number}`);
  const asked = effects.filter((effectId) => judged(0.1, drawOf(effectId), effectId).length === 3);
  expect(Math.abs(asked.length / effects.length - 0.1)).toBeLessThan(0.02);
});

test('[V5] without a share nothing is put up, and what a gate or a refusal held back is not either', () => {
  expect(typesOf(judged(undefined, 0))).toEqual(['judged', 'authorized']);
  for (const verdict of ['gate', 'refuse'] as const) {
    expect(typesOf(judgeRequest(noGates, request, verdictOf(verdict), { ...terms, document: { ...terms.document, reviewShare: 1 } }, NOW, seal, {}, 0))).not.toContain('review-asked');
  }
});

test('I2 the first word counts', () => {
  const history = judged(1, 0);
  expect(typesOf(history)).toEqual(['judged', 'authorized', 'review-asked']);
  const wish = { type: 'governance.gate.review', runId: RUN, effectId: request.effectId, verdict: 'wrong', note: 'too early', by: 'operator' } as const;
  const said = reviewEffect(given(...history), 'c1', wish);
  expect(said).toEqual([{ type: 'governance.gate.reviewed', data: { effectId: request.effectId, commandId: 'c1', verdict: 'wrong', note: 'too early', by: 'operator' } }]);
  expect(reviewEffect(given(...history, ...(said as typeof history)), 'c2', { ...wish, verdict: 'right' })).toEqual([]);
  expect(reviewEffect(noGates, 'c1', wish)).toMatchObject({ code: 'review.unknown' });
});

import { describe, expect, test } from 'vitest';
import { deliver, disable, evolvePosting, fail, FAILING_AFTER, isSettled, MOST_ATTEMPTS, noPostings, noteTest, pauseAfter, snapshotOfPosting, type Posting } from './posting.js';
import type { PostingEvent } from '@soloist/contracts';

const endpointId = 'endpoint';
const attemptOf = (messageId: string, attempt = 1): { endpointId: string; messageId: string; attempt: number } => ({ endpointId, messageId, attempt });
const after = (state: Posting, events: readonly PostingEvent[]): Posting => events.reduce(evolvePosting, state);
const failed = (times: number, from = noPostings): Posting => Array.from({ length: times }, (_, number) => number).reduce((state, number) => after(state, fail(state, attemptOf(`m${number}`), 'webhook.late', false)), from);

describe('an endpoint', () => {
  test('is failing after so many failures in a row, said once, and good with the next delivery', () => {
    const almost = failed(FAILING_AFTER - 1);
    expect(almost.state).toBe('good');
    const marking = fail(almost, attemptOf('x'), 'webhook.late', false);
    expect(marking.map(({ type }) => type)).toEqual(['connectors.posting.failed', 'connectors.posting.marked-failing']);
    const failing = after(almost, marking);
    expect([failing.state, fail(failing, attemptOf('y'), 'webhook.late', false)]).toMatchObject(['failing', [{ type: 'connectors.posting.failed' }]]);
    expect(after(failing, deliver(failing, attemptOf('y')))).toMatchObject({ state: 'good', inARow: 0, lastCode: null });
  });

  test('I1 a message that was delivered or abandoned is settled and changes nothing more', () => {
    for (const settle of [deliver(noPostings, attemptOf('m')), fail(noPostings, attemptOf('m', MOST_ATTEMPTS), 'webhook.late', true)]) {
      const state = after(noPostings, settle);
      expect(isSettled(state, 'm')).toBe(true);
      expect([deliver(state, attemptOf('m', 2)), fail(state, attemptOf('m', 2), 'webhook.late', false)]).toEqual([[], []]);
      expect(isSettled(state, 'n')).toBe(false);
    }
  });

  test('I2 that is gone stays disabled, whatever comes in late', () => {
    const state = after(noPostings, disable(noPostings, endpointId, 'webhook.gone'));
    expect(isSettled(state, 'any')).toBe(true);
    expect([disable(state, endpointId, 'webhook.gone'), deliver(state, attemptOf('m')), fail(state, attemptOf('m'), 'x', true)]).toEqual([[], [], []]);
    expect(after(state, [{ type: 'connectors.posting.delivered', data: attemptOf('m') }]).state).toBe('disabled');
  });

  test('remembers a bounded number of messages and tests, and a test once', () => {
    let state = noPostings;
    for (let number = 0; number < 300; number += 1) state = after(after(state, deliver(state, attemptOf(`m${number}`))), noteTest(state, endpointId, `t${number}`, null));
    expect([state.settled.length, state.tests.length, isSettled(state, 'm299')]).toEqual([100, 10, true]);
    expect(noteTest(state, endpointId, 't299', 'webhook.late')).toEqual([]);
  });

  test('its snapshot is its state', () => {
    const state = after(failed(6), noteTest(noPostings, endpointId, 't', 'webhook.late'));
    expect(evolvePosting(noPostings, snapshotOfPosting(state))).toEqual(state);
  });
});

describe('the pause after a failure', () => {
  test('grows over days, ends, is spread, and is as long as the receiver asks for up to a day', () => {
    const pauses = Array.from({ length: MOST_ATTEMPTS }, (_, index) => pauseAfter(index + 1, 0, 0));
    expect(pauses.at(-1)).toBeNull();
    const waits = pauses.slice(0, -1) as number[];
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(2 * 86_400_000);
    expect(pauseAfter(1, 1, 0)).toBe(6_000);
    expect([pauseAfter(1, 0, 60_000), pauseAfter(1, 0, 1e12)]).toEqual([60_000, 86_400_000]);
  });
});

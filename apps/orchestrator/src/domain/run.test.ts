import type { RunEvent } from '@soloist/contracts';
import { isRejection } from '@soloist/kernel';
import { describe, expect, it } from 'vitest';
import { admitRun, cancelRun, closeRun, deferRun, evolveRun, initialRun, requestRun, type RunState } from './run.js';

const wanted = { runId: 'run-1', inputId: 'input-1', agent: 'client-desk', dataSubject: 'subject-1' };
const granted = {
  runId: 'run-1',
  agent: 'client-desk',
  definitionVersion: 'd'.repeat(16),
  policyVersion: 'e'.repeat(16),
  envelopeMicros: 250_000,
  currency: 'USD',
};
const refused = { runId: 'run-1', code: 'budget.exhausted', because: 'The day is spent.' };

function after(...events: readonly RunEvent[]): RunState {
  return events.reduce(evolveRun, initialRun);
}
const requested: RunEvent = { type: 'orchestrator.run.requested', data: wanted };
const admitted: RunEvent = { type: 'orchestrator.run.admitted', data: { ...granted, inputId: 'input-1', dataSubject: 'subject-1' } };
const closed: RunEvent = { type: 'orchestrator.run.closed', data: { runId: 'run-1', outcome: 'done', because: 'The loop finished: done.' } };

function codeOf(decision: unknown): string | null {
  return isRejection(decision) ? decision.code : null;
}

describe('requestRun', () => {
  it('given nothing, requests the run', () => expect(requestRun(initialRun, wanted)).toEqual([requested]));
  it('given a requested, admitted or closed run, changes nothing (I3)', () => {
    for (const state of [after(requested), after(requested, admitted), after(requested, admitted, closed)]) expect(requestRun(state, wanted)).toEqual([]);
  });
});

describe('admitRun', () => {
  it('given a requested run, admits it with exactly what was granted (I2)', () => expect(admitRun(after(requested), granted)).toEqual([admitted]));
  it('given an admitted or closed run, changes nothing (I3)', () => {
    expect(admitRun(after(requested, admitted), granted)).toEqual([]);
    expect(admitRun(after(requested, admitted, closed), granted)).toEqual([]);
  });
  it('refuses a hold for a run nobody requested', () => expect(codeOf(admitRun(initialRun, granted))).toBe('run.not-requested'));
  it('refuses a hold granted for another agent', () => expect(codeOf(admitRun(after(requested), { ...granted, agent: 'other' }))).toBe('run.other-agent'));
});

describe('deferRun', () => {
  it('given a requested run, defers and closes it in one commit, with the reason', () => {
    expect(deferRun(after(requested), refused)).toEqual([
      { type: 'orchestrator.run.deferred', data: refused },
      { type: 'orchestrator.run.closed', data: { runId: 'run-1', outcome: 'refused', because: 'The day is spent.' } },
    ]);
  });
  it('given an admitted or closed run, changes nothing (I1)', () => {
    expect(deferRun(after(requested, admitted), refused)).toEqual([]);
    expect(deferRun(after(requested, admitted, closed), refused)).toEqual([]);
  });
  it('refuses an answer for a run nobody requested', () => expect(codeOf(deferRun(initialRun, refused))).toBe('run.not-requested'));
});

describe('closeRun', () => {
  it.each(['done', 'refused', 'failed'] as const)('given an admitted run, closes it as the loop ended: %s', (outcome) => {
    expect(closeRun(after(requested, admitted), 'run-1', outcome)).toEqual([
      { type: 'orchestrator.run.closed', data: { runId: 'run-1', outcome, because: `The loop finished: ${outcome}.` } },
    ]);
  });
  it('given a closed run, changes nothing (I1)', () => expect(closeRun(after(requested, admitted, closed), 'run-1', 'failed')).toEqual([]));
  it('refuses to close a run that was never admitted', () => {
    expect(codeOf(closeRun(initialRun, 'run-1', 'done'))).toBe('run.not-admitted');
    expect(codeOf(closeRun(after(requested), 'run-1', 'done'))).toBe('run.not-admitted');
  });
});

describe('cancelRun', () => {
  const wish = { runId: 'run-1', commandId: 'c1', by: 'operator', because: 'It goes nowhere.' };
  const cancelled: RunEvent = { type: 'orchestrator.run.cancelled', data: wish };
  const closedByWish: RunEvent = { type: 'orchestrator.run.closed', data: { runId: 'run-1', outcome: 'cancelled', because: 'Cancelled by operator: It goes nowhere.' } };

  it('given a requested run, closes it at once: it has no loop and will get none (I4)', () => {
    expect(cancelRun(after(requested), wish, null)).toEqual([cancelled, closedByWish]);
    expect(admitRun(after(requested, cancelled, closedByWish), granted)).toEqual([]);
  });
  it('given an admitted run, says that it is to end, and closes it when its loop has (I4)', () => {
    expect(cancelRun(after(requested, admitted), wish, null)).toEqual([cancelled]);
    expect(closeRun(after(requested, admitted, cancelled), 'run-1', 'failed')).toEqual([closedByWish]);
    expect(closeRun(after(requested, admitted, cancelled), 'run-1', 'done')).toMatchObject([{ data: { outcome: 'done' } }]);
  });
  it('given an admitted run whose loop has ended unnoticed, writes down how it ended', () => {
    expect(cancelRun(after(requested, admitted), wish, 'refused')).toMatchObject([{ type: 'orchestrator.run.closed', data: { outcome: 'refused' } }]);
  });
  it('given the same command again, changes nothing; given another, tries again (I3)', () => {
    expect(cancelRun(after(requested, admitted, cancelled), wish, null)).toEqual([]);
    expect(cancelRun(after(requested, admitted, cancelled), { ...wish, commandId: 'c2' }, null)).toHaveLength(1);
  });
  it('given a closed run, changes nothing; refuses a run nobody requested', () => {
    expect(cancelRun(after(requested, admitted, closed), wish, null)).toEqual([]);
    expect(codeOf(cancelRun(initialRun, wish, null))).toBe('run.unknown');
  });
});

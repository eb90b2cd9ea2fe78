/** What a step's end comes to in its worker, when the worker itself cannot tell it, and over several workers. */
import { describe, expect, it } from 'vitest';
import type { Work } from '@soloist/service';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { CallBook } from './call-book.js';
import { stepForm } from './call-forms.js';
import type { Draft } from './drafts.js';
import { StepRunner, type LiveStep } from './step-runner.js';

const form = stepForm('s', null);
if (form === null) throw new Error('no form');
const step: LiveStep = { path: '1', form, run: () => { throw new Error('no'); }, args: null, retries: 2, idempotencyKey: () => 'k' };

function runner(pause: () => Promise<void>, failuresOf: (path: string) => number): { steps: StepRunner; drafts: Draft[] } {
  const drafts: Draft[] = [];
  const around = { runId: 'run-1', dataSubject: 'ada', epoch: 1, book: new CallBook(new Map()), draft: (draft: Draft) => void drafts.push(draft), failuresOf };
  return { steps: new StepRunner({ ports: { pause } } as unknown as Work<RuntimePorts>, around), drafts };
}

const failureIn = (draft: Draft | undefined) => draft?.event({ now: '2026-12-01T00:00:00Z', state: {} as never }).data;

describe('a step', () => {
  it('whose failure cannot be told ends the drive with the reason, and is under way until then', async () => {
    const { steps, drafts } = runner(() => Promise.reject(new Error('no clock')), () => 0);
    steps.claim(step, 1);
    const end = steps.nextEnd();
    drafts[0]?.committed?.();
    await expect(end).rejects.toMatchObject({ message: expect.stringContaining('step 1 of run run-1') as string, cause: { message: 'no clock' } });
    expect(steps.isBusy).toBe(true);
    expect(drafts).toHaveLength(1);
  });

  it.each([[0, false], [1, false], [2, true]])('with 2 retries that has failed %i times before fails for good: %s', async (before, isFinal) => {
    const { steps, drafts } = runner(() => Promise.resolve(), () => before);
    steps.claim(step, 20);
    const end = steps.nextEnd();
    drafts[0]?.committed?.();
    await end;
    expect(failureIn(drafts[1])).toMatchObject({ attempt: 20, isFinal });
    expect(drafts).toHaveLength(isFinal ? 2 : 3);
  });
});

/**
 * Claim first: the claim is on the log before the wire is touched, so that a crash in between leaves a claim without
 * an outcome, which nobody mistakes for "never tried". Used for model calls and for outward effects (DESIGN section 4).
 */
import { isFault, type Fault } from '@soloist/kernel';
import { crashPoint } from './crash-point.js';

export interface Attempt<Answer> {
  readonly label: string;
  /** Writes the claim. Answers false when somebody else holds it or it is already settled. */
  readonly claim: () => Promise<boolean>;
  readonly act: () => Promise<Answer>;
  readonly succeeded: (answer: Answer) => Promise<void>;
  /** Faults are outcomes and are recorded; defects are not caught here and reach the dispatcher. */
  readonly failed: (fault: Fault) => Promise<void>;
}

export async function attempt<Answer>(steps: Attempt<Answer>): Promise<'done' | 'not-claimed'> {
  if (!(await steps.claim())) return 'not-claimed';
  crashPoint(`claimed:${steps.label}`);
  let answer: Answer;
  try {
    answer = await steps.act();
  } catch (error) {
    if (!isFault(error)) throw error;
    await steps.failed(error);
    return 'done';
  }
  crashPoint(`acted:${steps.label}`);
  await steps.succeeded(answer);
  return 'done';
}

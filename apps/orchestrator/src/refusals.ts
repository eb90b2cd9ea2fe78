/** A fact of another service that our rules cannot follow is nobody's to retry: it is put where the operator sees it. */
import { Fault } from '@soloist/kernel';
import type { Outcome } from '@soloist/service';

/** @throws Fault invalid when the decision was refused, which makes the delivery a dead letter */
export function orDeadLetter(outcome: Outcome<unknown>): void {
  if (outcome.kind === 'rejected') throw new Fault('invalid', outcome.rejection.code, outcome.rejection.because);
}

/** All checkers over one history. Those of rest hold only when faults and load have stopped. */
import type { Checker, History, Violation } from '../history.js';
import { acknowledgedIsStored, commitsAreSingle } from './acknowledged.js';
import { billIsClaimed, budgetHolds } from './budget.js';
import { authorizationsAreUsedOnce, mailsAreAuthorized, mailsAreSingle } from './effects.js';
import { epochsOnlyRise } from './epochs.js';
import { entitiesAreChained, streamsHaveNoGap } from './order.js';
import { runsCloseOnce, runsComeToRest, somethingHappened } from './progress.js';

export const ALWAYS: readonly Checker[] = [
  acknowledgedIsStored,
  commitsAreSingle,
  streamsHaveNoGap,
  entitiesAreChained,
  mailsAreSingle,
  mailsAreAuthorized,
  authorizationsAreUsedOnce,
  budgetHolds,
  billIsClaimed,
  epochsOnlyRise,
  runsCloseOnce,
];

export const AT_REST: readonly Checker[] = [runsComeToRest, somethingHappened];

export function checkHistory(history: History, isAtRest: boolean): readonly Violation[] {
  return [...ALWAYS, ...(isAtRest ? AT_REST : [])].flatMap((check) => check(history));
}

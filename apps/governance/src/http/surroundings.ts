/** What the controllers answer from. */
import type { EventLog } from '@soloist/eventlog';
import type { GovernanceView } from '../ports/governance-view.port.js';
import type { DeadLetters } from './dead-letters.js';
import type { GateDecisions } from './gate-decisions.js';

export const SURROUNDINGS = Symbol('governance-api');

export interface Surroundings {
  readonly log: EventLog;
  readonly view: GovernanceView;
  readonly decisions: GateDecisions;
  readonly letters: DeadLetters;
}

/** What the controllers answer from. */
import type { EventLog } from '@soloist/eventlog';
import type { CompanyStop } from '../decisions/company-stop.js';
import type { ApiTokens } from '../ports/api-tokens.port.js';
import type { ApprovalLinks } from '../ports/approval-links.port.js';
import type { GovernanceView } from '../ports/governance-view.port.js';
import type { DeadLetters } from './dead-letters.js';
import type { GateDecisions } from './gate-decisions.js';

export const SURROUNDINGS = Symbol('governance-api');

export interface Surroundings {
  readonly log: EventLog;
  readonly view: GovernanceView;
  readonly decisions: GateDecisions;
  readonly letters: DeadLetters;
  readonly links: ApprovalLinks;
  /** RFC 3339, UTC. Decides nothing; a decision has the moment of its own commit. */
  readonly now: () => string;
  /** Where links to approval pages begin; null: with this machine's own address. */
  readonly approvalOrigin: string | null;
  readonly companyStop: CompanyStop;
  readonly tokens: ApiTokens;
}

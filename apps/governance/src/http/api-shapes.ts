/** The shapes of the API's answers, for whoever checks them. */
import { BudgetList, Correction, ExtensionList, ExtensionOutcome } from './budget-schemas.js';
import { Costs } from './cost-schemas.js';
import { OverrideOutcome } from './override-schemas.js';
import { CompanyStanding, StopAcknowledgement } from './stop-schemas.js';
import { WhyAnswer } from './why-schemas.js';
import { AgentList, CancelOutcome, DeadLetterCard, DeadLetterList, DecisionOutcome, Episode, ErrorAnswer, GateCard, GateList, Health, Inbox, RunDetail, RunList } from './schemas.js';

export const apiShapes = { AgentList, BudgetList, CancelOutcome, CompanyStanding, Correction, Costs, DeadLetterCard, DeadLetterList, DecisionOutcome, Episode, ErrorAnswer, ExtensionList, ExtensionOutcome, GateCard, GateList, Health, Inbox, OverrideOutcome, RunDetail, RunList, StopAcknowledgement, WhyAnswer } as const;

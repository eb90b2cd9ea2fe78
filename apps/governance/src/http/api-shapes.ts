/** The shapes of the API's answers, for whoever checks them. */
import { BudgetList, Correction, ExtensionList, ExtensionOutcome } from './budget-schemas.js';
import { Costs } from './cost-schemas.js';
import { NoticePage } from './event-schemas.js';
import { MailingCard } from './mailing-schemas.js';
import { OverrideOutcome } from './override-schemas.js';
import { PinOutcome } from './pin-schemas.js';
import { ProgramEventOutcome, ProgramList, ProgramStarted } from './program-schemas.js';
import { CompanyStanding, StopAcknowledgement } from './stop-schemas.js';
import { WebhookList } from './webhook-schemas.js';
import { WhyAnswer } from './why-schemas.js';
import { AgentList, CancelOutcome, DeadLetterCard, DeadLetterList, DecisionOutcome, Episode, ErrorAnswer, GateCard, GateList, Health, Inbox, RunDetail, RunList } from './schemas.js';

export const apiShapes = { AgentList, BudgetList, CancelOutcome, CompanyStanding, Correction, Costs, DeadLetterCard, DeadLetterList, DecisionOutcome, Episode, ErrorAnswer, ExtensionList, ExtensionOutcome, NoticePage, GateCard, GateList, Health, Inbox, MailingCard, OverrideOutcome, PinOutcome, ProgramEventOutcome, ProgramList, ProgramStarted, RunDetail, RunList, StopAcknowledgement, WebhookList, WhyAnswer } as const;

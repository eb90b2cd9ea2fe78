/** The shapes of the API's answers, for whoever checks them. */
import { AgentList, CancelOutcome, DeadLetterCard, DeadLetterList, DecisionOutcome, Episode, ErrorAnswer, GateCard, GateList, Health, Inbox, RunDetail, RunList } from './schemas.js';

export const apiShapes = { AgentList, CancelOutcome, DeadLetterCard, DeadLetterList, DecisionOutcome, Episode, ErrorAnswer, GateCard, GateList, Health, Inbox, RunDetail, RunList } as const;

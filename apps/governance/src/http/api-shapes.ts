/** The shapes of the API's answers, for whoever checks them. */
import { AgentList, DecisionOutcome, Episode, ErrorAnswer, GateCard, GateList, Health, Inbox, RunDetail, RunList } from './schemas.js';

export const apiShapes = { AgentList, DecisionOutcome, Episode, ErrorAnswer, GateCard, GateList, Health, Inbox, RunDetail, RunList } as const;

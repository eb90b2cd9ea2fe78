/** The orchestrator's entities: rules from `domain/`, told to the service library. */
import type { RequestEvent, RunEvent } from '@soloist/contracts';
import { defineEntity } from '@soloist/service';
import { evolveRequest, initialRequest, type RequestState } from './domain/request.js';
import { evolveRun, initialRun, type RunState } from './domain/run.js';

export const requestEntity = defineEntity<RequestState, RequestEvent>({
  context: 'orchestrator',
  entity: 'request',
  initial: initialRequest,
  evolve: evolveRequest,
});

export const runEntity = defineEntity<RunState, RunEvent>({
  context: 'orchestrator',
  entity: 'run',
  initial: initialRun,
  evolve: evolveRun,
});

/** A request routed to an agent asks for a run; its id follows from the input, so a repeat is the same run. */
import type { RequestEvent } from '@soloist/contracts';
import { derivedId } from '@soloist/eventlog';
import { reactor } from '@soloist/service';
import { requestRun } from '../domain/run.js';
import { runEntity } from '../entities.js';
import type { OrchestratorPorts } from '../ports/rulebook.port.js';

export const requestRunForAgent = reactor<OrchestratorPorts, RequestEvent, 'orchestrator.request.routed'>({
  name: 'request-run',
  on: ['orchestrator.request.routed'],
  react: async ({ event }, work) => {
    const { inputId, route, dataSubject } = event.data;
    if (route.kind !== 'agent') return;
    const runId = derivedId('run', inputId);
    await work.commit(runEntity, runId, 'request', (state) => requestRun(state, { runId, inputId, agent: route.agent, dataSubject }));
  },
});

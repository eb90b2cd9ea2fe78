/** The loop has ended, so the run is closed. */
import type { LoopEvent } from '@soloist/contracts';
import { reactor } from '@soloist/service';
import { closeRun } from '../domain/run.js';
import { runEntity } from '../entities.js';
import type { OrchestratorPorts } from '../ports/rulebook.port.js';
import { orDeadLetter } from '../refusals.js';

export const closeFinishedRun = reactor<OrchestratorPorts, LoopEvent, 'runtime.loop.finished'>({
  name: 'close-run',
  on: ['runtime.loop.finished'],
  react: async ({ event, commit }, work) => {
    const runId = commit.address.key;
    orDeadLetter(await work.commit(runEntity, runId, 'close', (state) => closeRun(state, runId, event.data.outcome)));
  },
});

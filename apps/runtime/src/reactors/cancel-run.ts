/** Somebody wants a run to end: its loop ends, with what may have been spent until then. */
import type { RunEvent } from '@soloist/contracts';
import { reactor } from '@soloist/service';
import { endCancelled } from '../loop/end-cancelled.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';

export const cancelRun = reactor<RuntimePorts, RunEvent, 'orchestrator.run.cancelled'>({
  name: 'cancel-run',
  on: ['orchestrator.run.cancelled'],
  react: ({ commit }, work) => endCancelled(work, commit.address.key),
});

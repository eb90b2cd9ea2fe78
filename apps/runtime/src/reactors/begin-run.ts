/** An admitted run is claimed, and memory is asked what it knows. */
import type { RunEvent } from '@soloist/contracts';
import { reactor } from '@soloist/service';
import { beginRun as begin } from '../domain/begin.js';
import { loopEntity } from '../entities.js';
import { rememberClaim } from '../loop/known-claims.js';
import { readBrief } from '../loop/read-brief.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';

export const beginRun = reactor<RuntimePorts, RunEvent, 'orchestrator.run.admitted'>({
  name: 'begin-run',
  on: ['orchestrator.run.admitted'],
  react: async ({ event }, work) => {
    const { runId, inputId, agent, definitionVersion, envelopeMicros, currency, dataSubject } = event.data;
    const claim = { runId, inputId, agent, definitionVersion, envelopeMicros, currency, dataSubject };
    const brief = await readBrief(work.log, claim);
    rememberClaim(work.ports, claim);
    await work.commit(loopEntity, runId, 'begin', (state) => begin(state, claim, brief), { policy: event.data.policyVersion });
  },
});

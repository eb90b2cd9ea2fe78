/** Governance has answered for a run: admit it with what was granted, or defer and close it. */
import type { HoldEvent } from '@soloist/contracts';
import { reactor } from '@soloist/service';
import { admitRun, deferRun } from '../domain/run.js';
import { runEntity } from '../entities.js';
import type { OrchestratorPorts } from '../ports/rulebook.port.js';
import { orDeadLetter } from '../refusals.js';

export const admitGrantedRun = reactor<OrchestratorPorts, HoldEvent, 'governance.hold.granted' | 'governance.hold.refused'>({
  name: 'admit-run',
  on: ['governance.hold.granted', 'governance.hold.refused'],
  react: async ({ event }, work) => {
    const outcome = await work.commit(runEntity, event.data.runId, 'admit', (state) =>
      event.type === 'governance.hold.granted' ? admitRun(state, event.data) : deferRun(state, event.data),
    );
    orDeadLetter(outcome);
  },
});

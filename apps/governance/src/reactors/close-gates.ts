/** A run has ended: what it still asked about is asked no more. */
import type { LoopEvent } from '@soloist/contracts';
import { reactor } from '@soloist/service';
import { expireGatesOfEndedRun } from '../domain/gate-closing.js';
import { gates } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

export const closeGates = reactor<GovernancePorts, LoopEvent, 'runtime.loop.finished'>({
  name: 'close-gates',
  on: ['runtime.loop.finished'],
  react: async ({ commit }, work) => {
    await work.commit(gates, commit.address.key, 'close', (state) => expireGatesOfEndedRun(state));
  },
});

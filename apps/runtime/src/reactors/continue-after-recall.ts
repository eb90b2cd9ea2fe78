/** Memory has answered: the model can be asked. */
import type { RecallEvent } from '@soloist/contracts';
import { reactor } from '@soloist/service';
import { advance } from '../loop/advance.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';

export const continueAfterRecall = reactor<RuntimePorts, RecallEvent, 'memory.recall.answered'>({
  name: 'continue-after-recall',
  on: ['memory.recall.answered'],
  react: async ({ event, commit }, work) => {
    await advance(work, commit.address.key, { kind: 'recalled', recallId: event.data.recallId });
  },
});

import type { IntakeEvent } from '@soloist/contracts';
import { reactor } from '@soloist/service';
import type { MemoryPorts } from '../ports/memory-ports.js';
import { assertFactsOf } from './assert-facts.js';

/** Remembers what a received input states. */
export const extractFacts = reactor<MemoryPorts, IntakeEvent, 'connectors.intake.input-received'>({
  name: 'extract-facts',
  on: ['connectors.intake.input-received'],
  react: async (recorded, work) => {
    // All inputs of the commit at once: the ids make a second round change nothing.
    if (recorded.index === 0) await assertFactsOf(recorded.commit, work);
  },
});

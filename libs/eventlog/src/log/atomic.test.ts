import fc from 'fast-check';
import { expect, test } from 'vitest';
import { committed, draftOf, loopAddress, suspended } from '../conformance/drafts.js';
import { createMemoryLog } from '../memory/memory-log.js';

const FATES = ['none', 'lose-answer', 'lose-message', 'full', 'unreachable'] as const;

test('[G3] the events of one decision are stored all or none, whatever becomes of each publish', async () => {
  let stored = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ size: fc.integer({ min: 2, max: 4 }), fates: fc.array(fc.constantFrom(...FATES), { maxLength: 3 }) }), { minLength: 1, maxLength: 5 }), async (decisions) => {
      let fates: (typeof FATES)[number][] = [];
      const memory = createMemoryLog({ streams: 1, faults: { publish: () => fates.shift() ?? 'none' } });
      const address = loopAddress();
      for (const [number, { size, fates: drawn }] of decisions.entries()) {
        const head = await memory.log.head(address);
        const events = Array.from({ length: size }, (_, index) => suspended(`${number}-${index}`));
        fates = [...drawn];
        await memory.log.append(draftOf(address, events, head)).then(committed, () => null);
        fates = [];
      }
      for (const { events } of await memory.log.history(address)) {
        stored += 1;
        const ids = events.map(({ data }) => (data as { id: string }).id);
        const number = Number(ids[0]?.split('-')[0]);
        expect(ids).toEqual(Array.from({ length: decisions[number]?.size ?? 0 }, (_, index) => `${number}-${index}`));
      }
    }),
    { numRuns: 150 },
  );
  expect(stored).toBeGreaterThan(150);
});

import { expect, test } from 'vitest';
import { evolveHalt, neverHalted } from './halt.js';

test('a stop is in force from `raised` to `lifted`, and its generation remembers how often there was one', () => {
  const raised = evolveHalt(neverHalted, { type: 'governance.halt.raised', data: { generation: 1, by: 'operator', because: 'test' } });
  const lifted = evolveHalt(raised, { type: 'governance.halt.lifted', data: { generation: 1, by: 'operator', because: 'test' } });
  expect([raised, lifted]).toEqual([
    { isRaised: true, generation: 1 },
    { isRaised: false, generation: 1 },
  ]);
});

import { expect, it } from 'vitest';
import { arm, evolveArming, initialArming } from './arming.js';

const which = { effectId: 'run-e1', generation: 1 };

it('[G25] arms with the company stop it was read at', () => {
  expect(arm(which, 7)).toEqual([{ type: 'connectors.arming.armed', data: { ...which, haltSequence: 7 } }]);
});

it('leaves nothing that a later decision could be made on, in whatever order it lands (I1)', () => {
  const late = [...arm({ ...which, generation: 2 }, 9), ...arm(which, 7)];
  expect(late.reduce(evolveArming, initialArming)).toBe(initialArming);
});

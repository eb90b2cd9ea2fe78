import type { HaltEvent } from '@soloist/contracts';
import { expect, test } from 'vitest';
import { evolveHalt, isStopped, liftHalt, neverHalted, raiseHalt, type Halt } from './halt.js';

const press = { by: 'operator', because: 'test' };
const after = (halt: Halt, events: readonly HaltEvent[]): Halt => events.reduce(evolveHalt, halt);

test('[V13] a stop is in force from `raised` to `lifted`, and its generation counts how often there was one (I2)', () => {
  const raised = after(neverHalted, raiseHalt(neverHalted, press));
  const lifted = after(raised, liftHalt(raised, press));
  const again = after(lifted, raiseHalt(lifted, press));
  expect([raised, lifted, again]).toEqual([
    { isRaised: true, generation: 1 },
    { isRaised: false, generation: 1 },
    { isRaised: true, generation: 2 },
  ]);
});

test('pressing what is pressed changes nothing (I1)', () => {
  const raised = after(neverHalted, raiseHalt(neverHalted, press));
  expect([raiseHalt(raised, press), liftHalt(neverHalted, press)]).toEqual([[], []]);
});

test('a company stopped in one stream counts as stopped (I3)', () => {
  expect([isStopped([neverHalted, { isRaised: true, generation: 1 }]), isStopped([neverHalted])]).toEqual([true, false]);
});

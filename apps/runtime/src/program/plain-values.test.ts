/** What is no plain JSON is refused where a program hands it over; it never becomes something else on record. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stepForm } from './call-forms.js';
import { defineProgram, type JsonValue, type ProgramContext } from './define-program.js';
import { ProgramRig } from './program-rig.fixture.js';

let rig: ProgramRig;
beforeEach(() => {
  rig = new ProgramRig();
});
afterEach(() => rig.close());

const program = (run: (context: ProgramContext) => Promise<unknown>) => defineProgram({ name: 'p', version: '1', run });

describe('a value that is no plain JSON', () => {
  it.each([
    ['no form for an object of class Date at .when', { when: new Date(0) }],
    ['no form for an object of class Map at .all[0]', { all: [new Map()] }],
    ['a member called __proto__ cannot be recorded', JSON.parse('{"a":{"__proto__":{"b":1}}}') as unknown],
  ])('as the result of a step (%s) is its failure, and what it did is not done again', async (why, value) => {
    let calls = 0;
    await rig.worker([program(async (ctx) => ctx.step('s', () => ((calls += 1), value), { retries: 1 }))]);
    await rig.start('run-1', 'p', null);
    const ended = await rig.until('run-1', 'program-ended');
    expect(ended.outcome).toBe('failed');
    expect(ended.because).toContain(why);
    expect(calls).toBe(1);
    expect(await rig.data('run-1', 'step-completed')).toEqual([]);
  });

  it('as an argument of a step has no digest', () => {
    expect(() => stepForm('s', { when: new Date(0) } as unknown as JsonValue)).toThrow('class Date at .when');
    expect(stepForm('s', { when: new Date(0).toISOString() })).not.toEqual(stepForm('s', { when: new Date(1).toISOString() }));
  });
});

/** A moment that cannot be written down, or that no broker can wake anybody at, is refused where the program asks for it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { timerForm } from './call-forms.js';
import { defineProgram, type ProgramContext } from './define-program.js';
import { ProgramRig } from './program-rig.fixture.js';

let rig: ProgramRig;
beforeEach(() => {
  rig = new ProgramRig();
});
afterEach(() => rig.close());

const program = (run: (context: ProgramContext) => Promise<unknown>) => defineProgram({ name: 'p', version: '1', run });

describe('a sleep', () => {
  it.each([Number.MAX_SAFE_INTEGER, 3e14, 2.5e14, 8.64e15, Infinity, NaN, -1, '5' as never, null as never])('of %s ms ends its run with what is wrong and what to do', async (ms) => {
    await rig.worker([program(async (ctx) => { await ctx.step('s', () => 1); await ctx.sleep(ms); })]);
    await rig.start('run-1', 'p', null);
    const { outcome, because } = await rig.until('run-1', 'program-ended');
    expect(outcome).toBe('failed');
    expect(because).toMatch(/^RangeError: sleep\(ms\): .+ms.*100 years/);
    expect(because).toContain(String(ms));
  });

  it('that is refused can be caught', async () => {
    await rig.worker([program(async (ctx) => { await ctx.step('s', () => 1); return ctx.sleep(3e14).catch(() => 'caught'); })]);
    await rig.start('run-1', 'p', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: 'caught' });
  });

  it('of a hundred years is armed', async () => {
    await rig.worker([program(async (ctx) => ctx.sleep(100 * 365 * 86_400_000))]);
    await rig.start('run-1', 'p', null);
    const { dueAt } = await rig.until('run-1', 'timer-armed');
    expect(Date.parse(dueAt)).toBeGreaterThan(Date.now() + 99 * 365 * 86_400_000);
  });
});

describe('a wait until', () => {
  it.each(['2262-01-01T00:00:00.000Z', '2300-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '+010000-01-01T00:00:00.000Z', '+275760-09-13T00:00:00.000Z', 'Invalid Date', '', 'soon', '1969-12-31T23:59:59Z', new Date(0) as never, new Date(NaN) as never, 5 as never])('%s ends its run with what is wrong and what to do', async (at) => {
    await rig.worker([program(async (ctx) => { await ctx.step('s', () => 1); await ctx.until(at); })]);
    await rig.start('run-1', 'p', null);
    const { outcome, because } = await rig.until('run-1', 'program-ended');
    expect(outcome).toBe('failed');
    expect(because).toMatch(/^RangeError: until\(at\): .+RFC 3339/);
  });

  it('keeps the forms of the moments that are good', () => {
    expect(timerForm({ at: '2026-12-01T00:00:00.000Z' })).toMatchObject({ kind: 'timer', name: 'until' });
    expect(timerForm({ at: '2261-12-31T23:59:59.999Z' })).toMatchObject({ kind: 'timer', name: 'until' });
    expect(timerForm({ at: '2026-12-01T00:00:00+02:00' })).toMatchObject({ kind: 'timer', name: 'until' });
    expect(timerForm({ afterMs: 0 })).toMatchObject({ kind: 'timer', name: 'sleep' });
  });
});

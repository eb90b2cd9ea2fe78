import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineProgram, type JsonValue, type ProgramContext } from './define-program.js';
import { dyingAfter, ProgramRig, silentWorking } from './program-rig.fixture.js';

let rig: ProgramRig;
beforeEach(() => {
  rig = new ProgramRig();
});
afterEach(() => rig.close());

const program = (run: (context: ProgramContext, input: JsonValue) => Promise<unknown>, name = 'p') => defineProgram({ name, version: '1', run });

describe('a worker that dies', () => {
  const calls: string[] = [];
  const steps = program(async (ctx, input) => {
    const one = await ctx.step('one', ({ attempt }) => { calls.push(`one ${attempt}`); return 'a'; });
    const [two, three] = await ctx.all<[string, string]>([
      (branch) => branch.step('two', ({ attempt }) => { calls.push(`two ${attempt}`); return `${one}b`; }),
      (branch) => branch.step('three', ({ attempt }) => { calls.push(`three ${attempt}`); return `${one}c`; }),
    ]);
    await ctx.sleep(5);
    return ctx.step('four', ({ attempt }) => { calls.push(`four ${attempt}`); return [two, three, input]; });
  });

  it.each([0, 1, 2, 3, 4, 5])('[G10] [R5] after its commit %i: another goes on, no recorded step runs again, one result', async (died) => {
    calls.length = 0;
    await rig.worker([steps], dyingAfter(died));
    await rig.start('run-1', 'p', 'in');
    const deadline = performance.now() + 2_000;
    while ((await rig.commits('run-1')).length <= died && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 2));
    await rig.worker([steps]);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: ['ab', 'ac', 'in'], steps: 4 });
    const completed = await rig.data('run-1', 'step-completed');
    expect(completed.map((event) => event.path).sort()).toEqual(['1', '2.0.1', '2.1.1', '4']);
    const epochs = (await rig.data('run-1', 'program-claimed')).map((event) => event.epoch);
    expect(epochs).toEqual(epochs.map((_, index) => index + 1));
    // Each commit's death may repeat what was claimed and not recorded, and nothing else.
    expect(calls.length).toBeLessThanOrEqual(4 + 2);
    expect(new Set(calls).size).toBe(calls.length);
  });

  it('[G10] a worker that was stopped and comes back finds itself overtaken and changes nothing', async () => {
    const releases: ((value: string) => void)[] = [];
    const slow = program(async (ctx) => ctx.step('slow', () => new Promise<string>((resolve) => releases.push(resolve))));
    const stopped = await rig.worker([slow], silentWorking);
    await rig.start('run-1', 'p', null);
    await rig.until('run-1', 'step-claimed');
    await rig.worker([slow]);
    await rig.until('run-1', 'step-claimed', 2);
    releases[0]?.('zombie');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await rig.data('run-1', 'step-completed')).toEqual([]);
    releases[1]?.('rightful');
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ value: 'rightful' });
    expect((await rig.data('run-1', 'program-claimed')).map((event) => event.epoch)).toEqual([1, 2]);
    void stopped;
  });
});

describe('code that does not do what is on record', () => {
  const before = defineProgram({ name: 'p', version: '1', run: async (ctx) => { await ctx.step('one', () => 1, { args: 'x' }); await ctx.waitFor('go'); } });
  const cases: Record<string, (ctx: ProgramContext) => Promise<unknown>> = {
    'another name': async (ctx) => { await ctx.step('other', () => 1, { args: 'x' }); await ctx.waitFor('go'); },
    'other arguments': async (ctx) => { await ctx.step('one', () => 1, { args: 'y' }); await ctx.waitFor('go'); },
    'another order': async (ctx) => { await ctx.waitFor('go'); await ctx.step('one', () => 1, { args: 'x' }); },
    'another kind': async (ctx) => { await ctx.waitFor('one'); await ctx.waitFor('go'); },
    'a call less': async (ctx) => { await ctx.step('one', () => 1, { args: 'x' }); },
    'a parallel branch instead': async (ctx) => { await ctx.all([(branch) => branch.step('one', () => 1, { args: 'x' })]); await ctx.waitFor('go'); },
  };

  it.each(Object.keys(cases))('[G14] %s: the run stops, both sides are shown, no step runs again', async (name) => {
    const first = await rig.worker([before]);
    await rig.start('run-1', 'p', null);
    await rig.until('run-1', 'program-suspended');
    await first.stop();
    rig.workers.length = 0;
    const run = cases[name];
    if (run === undefined) throw new Error(name);
    await rig.worker([defineProgram({ name: 'p', version: '1', run })]);
    await rig.tell('run-1', 'go', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'diverged', code: 'program.diverged' });
    const [diverged] = await rig.data('run-1', 'program-diverged');
    expect(diverged?.recorded ?? diverged?.replayed).not.toBeNull();
    expect(await rig.data('run-1', 'step-claimed')).toHaveLength(1);
  });
});

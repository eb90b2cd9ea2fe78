import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineProgram, StepFailed, type JsonValue, type ProgramContext } from './define-program.js';
import { counting, ProgramRig } from './program-rig.fixture.js';

let rig: ProgramRig;
beforeEach(() => {
  rig = new ProgramRig();
});
afterEach(() => rig.close());

const program = (run: (context: ProgramContext, input: JsonValue) => Promise<unknown>, name = 'p') => defineProgram({ name, version: '1', run });

describe('steps', () => {
  it('[G10] the result of a step and the claim of the next lie in one commit', async () => {
    await rig.worker([program(async (ctx, input) => {
      const one = await ctx.step('one', ({ args }) => [args, 1], { args: input });
      const two = await ctx.step('two', async () => ({ one }));
      return ctx.step('three', () => [two, undefined]);
    })]);
    await rig.start('run-1', 'p', 'hello');
    const ended = await rig.until('run-1', 'program-ended');
    expect(ended).toMatchObject({ outcome: 'done', value: [{ one: ['hello', 1] }, null], steps: 3 });
    expect(await rig.commits('run-1')).toEqual([
      ['program-started', 'program-claimed', 'step-claimed'],
      ['step-completed', 'step-claimed'],
      ['step-completed', 'step-claimed'],
      ['step-completed', 'program-ended'],
    ]);
  });

  it('ten steps are eleven commits, and nothing is read for them', async () => {
    const asked: string[] = [];
    await rig.worker([program(async (ctx) => {
      for (let index = 0; index < 10; index += 1) await ctx.step('next', () => index);
    })], counting(asked));
    await rig.start('run-1', 'p', null);
    await rig.until('run-1', 'program-ended');
    expect(asked).toEqual(Array.from({ length: 11 }, () => 'append'));
    expect(await rig.commits('run-1')).toHaveLength(11);
  });

  it('a run that waits and wakes is read when it is picked up, not for each of its commits', async () => {
    const asked: string[] = [];
    await rig.worker([program(async (ctx) => {
      await ctx.step('before', () => 1);
      await ctx.sleep(5);
      for (let index = 0; index < 5; index += 1) await ctx.step('after', () => index);
    })], counting(asked));
    await rig.start('run-1', 'p', null);
    await rig.until('run-1', 'program-ended');
    expect(asked.filter((call) => call !== 'append' && call !== 'arm')).toEqual(['read']);
    expect(asked.filter((call) => call === 'append')).toHaveLength(8);
  });

  it('a failed attempt is on record before the next; the last one is what the program sees', async () => {
    let calls = 0;
    await rig.worker([program(async (ctx) => {
      try {
        await ctx.step('wobble', () => { calls += 1; throw new Error(`no ${calls}`); }, { retries: 1 });
      } catch (error) {
        return [error instanceof StepFailed, (error as Error).message];
      }
      return 'never';
    })]);
    await rig.start('run-1', 'p', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: [true, 'no 2'] });
    expect(await rig.commits('run-1')).toEqual([['program-started', 'program-claimed', 'step-claimed'], ['step-failed', 'step-claimed'], ['step-failed', 'program-ended']]);
  });

  it('a result above 64 KiB lies in a blob and reads back', async () => {
    const large = 'x'.repeat(70_000);
    await rig.worker([program(async (ctx) => {
      const got = await ctx.step('large', () => large);
      await ctx.waitFor('go');
      return got.length;
    })]);
    await rig.start('run-1', 'p', null);
    await rig.until('run-1', 'program-suspended');
    expect((await rig.data('run-1', 'step-completed'))[0]).toMatchObject({ value: null, blob: { owner: 'runtime' } });
    await rig.tell('run-1', 'go', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: 70_000 });
  });

  it('what throws ends the run, with its reason', async () => {
    await rig.worker([program(async () => { throw new TypeError('wrong'); })]);
    await rig.start('run-1', 'p', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'failed', because: 'TypeError: wrong' });
  });

  it('a program that waits for what is no call of its context is ended, not left hanging', async () => {
    await rig.worker([program(() => new Promise(() => undefined))]);
    await rig.start('run-1', 'p', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'failed', code: 'program.awaits-outside' });
  });

  it('a name that cannot stand on record fails the run', async () => {
    await rig.worker([program(async (ctx) => ctx.step('no blanks', () => 1))]);
    await rig.start('run-1', 'p', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'failed' });
  });

  it('a command that comes twice starts one run', async () => {
    let calls = 0;
    await rig.worker([program(async (ctx) => ctx.step('once', () => (calls += 1)))]);
    await rig.start('run-1', 'p', null);
    await rig.start('run-1', 'p', null);
    await rig.until('run-1', 'program-ended');
    await rig.start('run-2', 'p', null);
    await rig.until('run-2', 'program-ended');
    expect(calls).toBe(2);
    expect(await rig.data('run-1', 'program-ended')).toHaveLength(1);
  });
});

describe('parallel branches', () => {
  it('are claimed together, and their order of ending changes nothing', async () => {
    let release: () => void = () => undefined;
    const second = new Promise<void>((resolve) => { release = resolve; });
    await rig.worker([program(async (ctx) => ctx.all<[string, string]>([
      async (branch) => { await second; const a = await branch.step('a', () => 'a'); return a; },
      async (branch) => { const b = await branch.step('b1', () => 'b'); release(); return branch.step('b2', () => `${b}b`); },
    ]))]);
    await rig.start('run-1', 'p', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: ['a', 'bb'] });
  });

  it('three steps side by side are two commits', async () => {
    await rig.worker([program(async (ctx) => ctx.all([1, 2, 3].map((n) => (branch: ProgramContext) => branch.step(`s${n}`, () => n))))]);
    await rig.start('run-1', 'p', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ value: [1, 2, 3] });
    expect((await rig.commits('run-1'))[0]).toEqual(['program-started', 'program-claimed', 'step-claimed', 'step-claimed', 'step-claimed']);
    expect((await rig.commits('run-1')).length).toBeLessThanOrEqual(4);
  });

  it('the failure of the first branch in the list counts, not of the first in time', async () => {
    const fail = (name: string) => (branch: ProgramContext) => branch.step(name, () => { throw new Error(name); }, { retries: 0 });
    await rig.worker([program(async (ctx) => ctx.all([async (branch) => { await branch.step('slow', () => 1); return fail('a')(branch); }, fail('b')]))]);
    await rig.start('run-1', 'p', null);
    expect((await rig.until('run-1', 'program-ended')).because).toContain('a');
  });
});

describe('waiting', () => {
  it('[G19] a sleep is armed before it is on record, fires once, and the run holds nothing meanwhile', async () => {
    await rig.worker([program(async (ctx) => { await ctx.step('before', () => 1); await ctx.sleep(40); return ctx.step('after', () => 2); })]);
    await rig.start('run-1', 'p', null);
    const armed = await rig.until('run-1', 'timer-armed');
    expect((await rig.commits('run-1')).at(-1)).toEqual(['step-completed', 'timer-armed', 'program-suspended']);
    await rig.until('run-1', 'program-ended');
    expect(await rig.commits('run-1')).toEqual([
      ['program-started', 'program-claimed', 'step-claimed'],
      ['step-completed', 'timer-armed', 'program-suspended'],
      ['timer-fired', 'program-claimed', 'step-claimed'],
      ['step-completed', 'program-ended'],
    ]);
    const commits = await rig.memory.log.history({ context: 'runtime', entity: 'loop', key: 'run-1' });
    expect(Date.parse(commits[2]?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(armed.dueAt));
  });

  it('an event that came before anybody waited counts; one that comes twice counts once', async () => {
    await rig.worker([program(async (ctx) => { await ctx.sleep(30); return [await ctx.waitFor('word'), await ctx.waitFor('word')]; })]);
    await rig.start('run-1', 'p', null);
    await rig.until('run-1', 'program-suspended');
    await rig.tell('run-1', 'word', 'first', 'e1');
    await rig.tell('run-1', 'word', 'first', 'e1');
    await rig.until('run-1', 'program-suspended', 2);
    await rig.tell('run-1', 'word', 'second', 'e2');
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ value: ['first', 'second'] });
    expect(await rig.data('run-1', 'event-received')).toHaveLength(2);
  });

  it('a run that waits is cancelled at once; one at work when its step has ended', async () => {
    let release: (value: number) => void = () => undefined;
    await rig.worker([program(async (ctx) => ctx.waitFor('never'), 'waits'), program(async (ctx) => { await ctx.step('long', () => new Promise<number>((resolve) => { release = resolve; })); await ctx.step('never', () => 1); }, 'works')]);
    await rig.start('run-1', 'waits', null);
    await rig.until('run-1', 'program-suspended');
    await rig.command('run-1', { type: 'runtime.loop.cancel-program', because: 'No longer needed.' });
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'cancelled' });
    await rig.start('run-2', 'works', null);
    await rig.until('run-2', 'step-claimed');
    // Commands of one run wait for each other in one process; another one takes this.
    await rig.worker([]);
    await rig.command('run-2', { type: 'runtime.loop.cancel-program', because: 'No longer needed.' });
    await rig.until('run-2', 'cancel-requested');
    release(1);
    expect(await rig.until('run-2', 'program-ended')).toMatchObject({ outcome: 'cancelled', steps: 1 });
  });

  it('a child is a run of its own; its result and its failure reach the parent', async () => {
    const child = program(async (ctx, input) => ctx.step('double', () => (input as number) * 2), 'child');
    const broken = program(async () => { throw new Error('broken'); }, 'broken');
    const parent = program(async (ctx) => {
      const doubled = await ctx.child<number>({ name: 'child', version: '1' }, 21);
      const failure = await ctx.child({ name: 'broken', version: '1' }, null).catch((error: Error) => error.message);
      return [doubled, failure];
    }, 'parent');
    await rig.worker([child, broken, parent]);
    await rig.start('run-1', 'parent', null);
    const ended = await rig.until('run-1', 'program-ended');
    expect(ended).toMatchObject({ outcome: 'done', value: [42, 'Error: broken'] });
    const [requested] = await rig.data('run-1', 'child-requested');
    expect(await rig.data(requested?.childRunId ?? '', 'program-started')).toMatchObject([{ parent: { runId: 'run-1', path: '1' } }]);
  });

  it('cancelling reaches the children that are waited for, and theirs, and no others', async () => {
    const leaf = program(async (ctx) => ctx.waitFor('never'), 'leaf');
    const middle = program(async (ctx) => ctx.child({ name: 'leaf', version: '1' }, null), 'middle');
    const top = program(async (ctx) => ctx.child({ name: 'middle', version: '1' }, null), 'top');
    await rig.worker([leaf, middle, top]);
    const childOf = async (runId: string): Promise<string> => (await rig.until(runId, 'child-requested')).childRunId;
    await rig.start('run-1', 'top', null);
    await rig.start('run-2', 'top', null);
    const [mine, other] = [await childOf('run-1'), await childOf('run-2')];
    const [minesOwn, othersOwn] = [await childOf(mine), await childOf(other)];
    await rig.until(minesOwn, 'program-suspended');
    await rig.until(othersOwn, 'program-suspended');
    await rig.command('run-1', { type: 'runtime.loop.cancel-program', because: 'No longer needed.' });
    for (const runId of ['run-1', mine, minesOwn]) expect(await rig.until(runId, 'program-ended')).toMatchObject({ outcome: 'cancelled' });
    expect(await rig.data(mine, 'cancel-requested')).toMatchObject([{ by: 'run run-1' }]);
    expect(await rig.data(minesOwn, 'cancel-requested')).toMatchObject([{ by: `run ${mine}` }]);
    for (const runId of ['run-2', other, othersOwn]) expect(await rig.data(runId, 'program-ended')).toEqual([]);
  });

  it('a program continues as new in the same run, and a cold read starts there', async () => {
    await rig.worker([program(async (ctx, input) => {
      const count = await ctx.step('count', () => (input as number) + 1);
      if (count < 4) return ctx.continueAsNew(count);
      await ctx.waitFor('end');
      return count;
    })]);
    await rig.start('run-1', 'p', 0);
    await rig.until('run-1', 'program-suspended');
    const read = await rig.memory.log.read({ context: 'runtime', entity: 'loop', key: 'run-1' });
    expect(read[0]?.events.at(-1)?.type).toBe('runtime.loop.program-continued');
    await rig.tell('run-1', 'end', null);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'done', value: 4, steps: 4 });
  });
});

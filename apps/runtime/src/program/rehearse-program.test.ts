import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineProgram, ProgramRegistry, type JsonValue, type Program, type ProgramContext } from './define-program.js';
import { counting, ProgramRig } from './program-rig.fixture.js';
import { rehearseProgram, type Rehearsal } from './rehearse-program.js';

let rig: ProgramRig;
beforeEach(() => {
  rig = new ProgramRig();
});
afterEach(() => rig.close());

const program = (run: (context: ProgramContext, input: JsonValue) => Promise<unknown>): Program => defineProgram({ name: 'p', version: '1', run });

function rehearse(runId: string, ...programs: readonly Program[]): Promise<Rehearsal> {
  return rehearseProgram(rig.memory.connect('runtime').log, runId, new ProgramRegistry(programs));
}

describe('a run executed again against its record', () => {
  let acted = 0;
  const body = (shape: { readonly arg?: string; readonly extra?: boolean; readonly sum?: number } = {}) => program(async (ctx, input) => {
    const one = await ctx.step('one', () => { acted += 1; return 1; }, { args: shape.arg ?? 'a' });
    const two = await ctx.all<[number, number]>([(branch) => branch.step('two', () => { acted += 1; return 2; }), (branch) => branch.step('three', () => { acted += 1; return 3; })]);
    await ctx.sleep(5);
    if (shape.extra === true) await ctx.step('extra', () => { acted += 1; return 0; });
    const failed = await ctx.step('bad', () => { acted += 1; throw new Error('no'); }, { retries: 0 }).catch((error: Error) => error.message);
    return [input, one, two, failed, shape.sum ?? 6];
  });

  async function recorded(): Promise<void> {
    acted = 0;
    await rig.worker([body()]);
    await rig.start('run-1', 'p', 'in');
    await rig.until('run-1', 'program-ended');
    expect(acted).toBe(4);
  }

  it('[G14] is equal, with no function of a step called and nothing written', async () => {
    await recorded();
    const asked: string[] = [];
    const { log } = counting(asked)(rig.memory.connect('runtime'));
    expect(await rehearseProgram(log, 'run-1', new ProgramRegistry([body()]))).toEqual({ kind: 'equal', histories: 1, calls: 5 });
    expect(acted).toBe(4);
    expect(asked).toEqual(['history']);
  });

  it.each([
    ['other arguments', { arg: 'b' }, { kind: 'call-differs', difference: { path: '1', recorded: { name: 'one' }, replayed: { name: 'one' } } }],
    ['another call', { extra: true }, { kind: 'call-differs', difference: { path: '4', recorded: { name: 'bad' }, replayed: { name: 'extra' } } }],
    ['another result', { sum: 7 }, { kind: 'end-differs', recorded: { kind: 'done' }, replayed: { kind: 'done' } }],
  ] as const)('[G14] %s: both sides are shown, and nothing is run', async (_, shape, expected) => {
    await recorded();
    expect(await rehearse('run-1', body(shape))).toMatchObject(expected);
    expect(acted).toBe(4);
  });

  it('[G14] a call more than the record has, and one less, are seen where the run ended or waits', async () => {
    await rig.worker([program(async (ctx) => { await ctx.step('one', () => 1); await ctx.waitFor('go'); })]);
    await rig.start('run-1', 'p', null);
    await rig.until('run-1', 'program-suspended');
    expect(await rehearse('run-1', program(async (ctx) => { await ctx.step('one', () => 1); await ctx.waitFor('go'); }))).toEqual({ kind: 'equal', histories: 1, calls: 2 });
    const more = program(async (ctx) => { void ctx.waitFor('more').catch(() => undefined); await ctx.waitFor('go'); });
    expect(await rehearse('run-1', more)).toMatchObject({ kind: 'call-differs', difference: { path: '1' } });
    const beside = program((ctx) => ctx.all([async (branch) => branch.waitFor('x'), async (branch) => branch.waitFor('y')]));
    expect(await rehearse('run-1', beside)).toMatchObject({ kind: 'call-differs', difference: { recorded: null, replayed: { name: 'x' } } });
    const less = program(async (ctx) => { await ctx.step('one', () => 1); });
    expect(await rehearse('run-1', less)).toMatchObject({ kind: 'call-differs', difference: { path: '2', recorded: { name: 'go' }, replayed: null } });
  });

  it('each history of a run that continues as new is held against the code, with its own input', async () => {
    const counts = (limit: number, by = 1) => program(async (ctx, input) => {
      const count = await ctx.step('count', () => (input as number) + 1, { args: input });
      return count < limit ? ctx.continueAsNew(count + by - 1) : count;
    });
    await rig.worker([counts(3)]);
    await rig.start('run-1', 'p', 0);
    await rig.until('run-1', 'program-ended');
    expect(await rehearse('run-1', counts(3))).toEqual({ kind: 'equal', histories: 3, calls: 3 });
    expect(await rehearse('run-1', counts(3, 2))).toMatchObject({ kind: 'end-differs', history: 1, recorded: { kind: 'continued' }, replayed: { kind: 'continued' } });
    expect(await rehearse('run-1', counts(2))).toMatchObject({ kind: 'end-differs', history: 2, recorded: { kind: 'continued' }, replayed: { kind: 'done' } });
  });

  it('a failure is held against the code by its reason; a run that was cancelled only by its calls', async () => {
    const fails = (why: string) => program(async (ctx) => { await ctx.step('one', () => 1); throw new TypeError(why); });
    await rig.worker([fails('wrong')]);
    await rig.start('run-1', 'p', null);
    await rig.until('run-1', 'program-ended');
    expect(await rehearse('run-1', fails('wrong'))).toMatchObject({ kind: 'equal' });
    expect(await rehearse('run-1', fails('otherwise'))).toMatchObject({ kind: 'end-differs', recorded: { kind: 'failed' } });
  });

  it('says why it cannot be done: no such version here, no run of a program', async () => {
    await recorded();
    expect(await rehearse('run-1')).toMatchObject({ kind: 'impossible', because: expect.stringContaining('p 1') as string });
    expect(await rehearse('run-9', body())).toEqual({ kind: 'no-program' });
  });
});

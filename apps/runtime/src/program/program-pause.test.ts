/** A run that the operator holds begins nothing, wherever its worker stands when the wish comes. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineProgram, type ProgramContext } from './define-program.js';
import { dyingAfter, ProgramRig } from './program-rig.fixture.js';

let rig: ProgramRig;
let done: string[];
let hold: PromiseWithResolvers<void>;
let reached: PromiseWithResolvers<void>;

beforeEach(() => {
  rig = new ProgramRig();
  done = [];
  hold = Promise.withResolvers();
  reached = Promise.withResolvers();
});
afterEach(async () => {
  hold.resolve();
  await rig.close();
});

const note = (context: ProgramContext, name: string) => context.step(name, () => void done.push(name));
const slow = (context: ProgramContext, name: string) =>
  context.step(name, async () => {
    done.push(name);
    reached.resolve();
    await hold.promise;
  });
const of = (run: (context: ProgramContext) => Promise<unknown>) => defineProgram({ name: 'walk', version: '1', run });
const pause = (runId: string, id: string = randomUUID()) => rig.command(runId, { type: 'runtime.loop.pause', runId, by: 'operator', because: 'Wait.' }, id);
const resume = (runId: string, id: string = randomUUID()) => rig.command(runId, { type: 'runtime.loop.resume', runId, by: 'operator', because: 'Go on.' }, id);
const names = async (runId: string) => (await rig.commits(runId)).flat();

describe('[V13] [O7] a program run that is paused', () => {
  it('while a step runs: the step is written down, none begins after it, and its worker lets go; resumed, it goes on at once', async () => {
    await rig.worker([of(async (context) => (await slow(context, 'one'), await note(context, 'two'), 'over'))]);
    await rig.start('a-run', 'walk', null);
    await reached.promise;
    await pause('a-run');
    await rig.until('a-run', 'program-paused');
    hold.resolve();
    await rig.until('a-run', 'program-suspended');
    expect((await rig.commits('a-run')).slice(-2)).toEqual([['program-paused'], ['step-completed', 'program-suspended']]);
    expect(done).toEqual(['one']);
    await resume('a-run');
    await rig.until('a-run', 'program-ended');
    expect(done).toEqual(['one', 'two']);
    expect((await rig.data('a-run', 'program-ended'))[0]).toMatchObject({ outcome: 'done', value: 'over' });
  });

  it('with another branch under way: that branch goes on to its result, the others begin nothing; resumed before it ends, they do not wait for it', async () => {
    const go = Promise.withResolvers<void>();
    const branches = of(async (context) => {
      await context.all([
        (branch) => slow(branch, 'long'),
        async (branch) => {
          await branch.step('short', () => go.promise);
          await note(branch, 'after');
        },
      ]);
    });
    await rig.worker([branches]);
    await rig.start('a-run', 'walk', null);
    await reached.promise;
    await pause('a-run');
    await rig.until('a-run', 'program-paused');
    go.resolve();
    await rig.until('a-run', 'step-completed');
    // Several looks at a paused run: nothing is begun by any of them.
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(done).toEqual(['long']);
    await resume('a-run');
    await rig.until('a-run', 'step-completed', 2);
    expect(done).toEqual(['long', 'after']);
    hold.resolve();
    await rig.until('a-run', 'program-ended');
    expect((await names('a-run')).filter((name) => name === 'program-claimed')).toHaveLength(1);
  });

  it('while it waits for an event: the event is kept, and moves nothing until it is resumed', async () => {
    await rig.worker([of(async (context) => (await context.waitFor('word'), await note(context, 'after')))]);
    await rig.start('a-run', 'walk', null);
    await rig.until('a-run', 'program-suspended');
    await pause('a-run');
    await rig.until('a-run', 'program-paused');
    await rig.tell('a-run', 'word', 1);
    await rig.until('a-run', 'event-taken');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await rig.commits('a-run')).at(-1)).toEqual(['event-received', 'event-taken']);
    await resume('a-run');
    await rig.until('a-run', 'program-ended');
    expect(done).toEqual(['after']);
  });

  it('survives the end of its worker: whoever takes over begins no step and lets go', async () => {
    const walk = of(async (context) => (await slow(context, 'one'), await note(context, 'two')));
    // Dies once the first step is claimed, so that nothing of it is ever written.
    await rig.worker([walk], dyingAfter(0));
    await rig.start('a-run', 'walk', null);
    await rig.until('a-run', 'step-claimed');
    await pause('a-run');
    hold.resolve();
    await rig.worker([walk]);
    await rig.until('a-run', 'program-paused');
    await rig.until('a-run', 'program-suspended');
    expect((await names('a-run')).filter((name) => name === 'step-claimed')).toHaveLength(1);
    expect(done.filter((name) => name === 'two')).toEqual([]);
    await resume('a-run');
    await rig.until('a-run', 'program-ended');
    expect((await rig.data('a-run', 'step-claimed')).map(({ path, attempt }) => [path, attempt])).toEqual([['1', 1], ['1', 2], ['2', 1]]);
  });

  it('begins no new history; resumed, it does, and an older wish that comes again pauses nothing', async () => {
    const rounds = defineProgram<number, string>({ name: 'walk', version: '1', run: async (context, round) => (await slow(context, `round-${round}`), round > 0 ? context.continueAsNew(round - 1) : 'over') });
    await rig.worker([rounds]);
    await rig.start('a-run', 'walk', 1);
    await reached.promise;
    const wish = randomUUID();
    await pause('a-run', wish);
    await rig.until('a-run', 'program-paused');
    hold.resolve();
    await rig.until('a-run', 'program-suspended');
    expect(await names('a-run')).not.toContain('program-continued');
    await resume('a-run');
    await rig.until('a-run', 'program-ended');
    expect((await rig.data('a-run', 'program-ended'))[0]).toMatchObject({ outcome: 'done', value: 'over', steps: 2 });
    expect((await names('a-run')).filter((name) => name === 'program-paused')).toHaveLength(1);
  });

  it('by a wish that is delivered again after it was resumed: it goes on', async () => {
    await rig.worker([of(async (context) => (await context.waitFor('word'), await note(context, 'after')))]);
    await rig.start('a-run', 'walk', null);
    await rig.until('a-run', 'program-suspended');
    const wish = randomUUID();
    await pause('a-run', wish);
    await rig.until('a-run', 'program-paused');
    await resume('a-run');
    await rig.until('a-run', 'program-suspended', 2);
    await pause('a-run', wish);
    await rig.tell('a-run', 'word', 1);
    await rig.until('a-run', 'program-ended');
    expect(done).toEqual(['after']);
    expect((await names('a-run')).filter((name) => name === 'program-paused')).toHaveLength(1);
  });

  it('is ended at once when it is cancelled', async () => {
    await rig.worker([of((context) => context.waitFor('word'))]);
    await rig.start('a-run', 'walk', null);
    await rig.until('a-run', 'program-suspended');
    await pause('a-run');
    await rig.until('a-run', 'program-paused');
    await rig.command('a-run', { type: 'runtime.loop.cancel-program', because: 'Enough.' });
    expect(await rig.until('a-run', 'program-ended')).toMatchObject({ outcome: 'cancelled' });
  });
});

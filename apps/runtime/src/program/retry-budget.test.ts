/** The retries of a step are counted on its record, so that a run that changes hands cannot try for ever. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineProgram, type ProgramContext } from './define-program.js';
import { dyingAfter, ProgramRig } from './program-rig.fixture.js';

let rig: ProgramRig;
let holds: PromiseWithResolvers<void>[];
let isOver: boolean;
beforeEach(() => {
  rig = new ProgramRig();
  holds = [];
  isOver = false;
});
afterEach(async () => {
  isOver = true;
  for (const hold of holds) hold.resolve();
  await rig.close();
});

const failing = (retries: number) =>
  defineProgram({
    name: 'p',
    version: '1',
    run: async (context: ProgramContext) =>
      context.step(
        's',
        async () => {
          const hold = Promise.withResolvers<void>();
          holds.push(hold);
          if (!isOver) await hold.promise;
          throw new Error('no');
        },
        { retries },
      ),
  });

const until = async (isSo: () => boolean): Promise<void> => {
  const deadline = performance.now() + 5_000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('not within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};

const failNext = async (number: number): Promise<void> => {
  await until(() => holds.length >= number);
  holds[number - 1]?.resolve();
};

/** Each failure is written by a worker that leaves; the next attempt is another one's. */
const failPaused = async (number: number): Promise<void> => {
  await until(() => holds.length >= number);
  await rig.command('run-1', { type: 'runtime.loop.pause', runId: 'run-1', by: 'o', because: 'b' });
  await rig.until('run-1', 'program-paused', number);
  await failNext(number);
  await rig.until('run-1', 'program-suspended', number);
  await rig.command('run-1', { type: 'runtime.loop.resume', runId: 'run-1', by: 'o', because: 'b' });
};

describe('the retries of a step', () => {
  it('are used up over pauses as they are in one worker', async () => {
    await rig.worker([failing(2)]);
    await rig.start('run-1', 'p', null);
    await failPaused(1);
    await failPaused(2);
    await failNext(3);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'failed', because: 'StepFailed: no' });
    expect(holds).toHaveLength(3);
    expect((await rig.data('run-1', 'step-failed')).map(({ attempt, isFinal }) => [attempt, isFinal])).toEqual([[1, false], [2, false], [3, true]]);
    expect(await rig.data('run-1', 'program-claimed')).toHaveLength(3);
  });

  it('are not used up by a worker that dies in an attempt', async () => {
    // Writes the claim of the first attempt, and is never heard of again.
    await rig.worker([failing(1)], dyingAfter(0));
    await rig.start('run-1', 'p', null);
    await rig.until('run-1', 'step-claimed');
    await rig.worker([failing(1)]);
    await failNext(1);
    await failNext(2);
    expect(await rig.until('run-1', 'program-ended')).toMatchObject({ outcome: 'failed' });
    expect((await rig.data('run-1', 'step-failed')).map(({ attempt, isFinal }) => [attempt, isFinal])).toEqual([[2, false], [3, true]]);
  });
});

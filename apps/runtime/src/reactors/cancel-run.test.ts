import type { RunEvent } from '@soloist/contracts';
import { beforeEach, expect, test } from 'vitest';
import { mailArgs, RUN_ID } from '../runtime.fixture.js';
import { admitted, begun, dataOf, freshRig, gateRefused, history, model, worker, written } from '../runtime-rig.fixture.js';

beforeEach(freshRig);

const cancelled = (commandId = 'c1') =>
  written('orchestrator', 'run', RUN_ID, [{ type: 'orchestrator.run.cancelled', data: { runId: RUN_ID, commandId, by: 'operator', because: 'It goes nowhere.' } }] satisfies RunEvent[]);

test('[G11] a run in the middle of a model call ends, its open ask charged at the ceiling; the worker writes nothing more', async () => {
  const recalled = await begun();
  const working = worker().reactTo(recalled, 1);
  const call = await model.call(1);
  const [ask] = await dataOf('model-asked');
  await worker().reactTo(await cancelled(), 1);
  const [end] = await dataOf('finished');
  expect(end).toMatchObject({ outcome: 'failed', spentMicros: ask?.ceilingMicros, summary: expect.stringContaining('run.cancelled: Cancelled by operator: It goes nowhere.') });
  const before = (await history()).names;
  call.answer({ text: 'Too late.' });
  await expect(working).rejects.toMatchObject({ kind: 'transient' });
  // Its redelivery finds the run ended and is done.
  await worker().reactTo(recalled, 2);
  expect((await history()).names).toEqual(before);
});

test('a run that was admitted and never begun is begun and ended in one commit, at no cost', async () => {
  await admitted();
  await worker().reactTo(await cancelled(), 1);
  expect((await history()).commits).toEqual([['claimed', 'finished']]);
  expect(await dataOf('finished')).toMatchObject([{ outcome: 'failed', spentMicros: 0, steps: 0 }]);
});

test('a run that waits for its gate ends, and the answer of the gate changes nothing any more', async () => {
  const recalled = await begun();
  const working = worker().reactTo(recalled, 1);
  (await model.call(1)).answer({ toolCalls: [{ callId: 'c', tool: 'mail.send', args: mailArgs }] });
  await working;
  await worker().reactTo(await cancelled(), 1);
  await worker().reactTo(await gateRefused('gate.expired'), 1);
  expect((await history()).names.filter((name) => name === 'finished')).toHaveLength(1);
  expect((await history()).names.at(-1)).toBe('finished');
});

test('a run that has ended, or was never admitted, stays as it is, however often it is cancelled', async () => {
  await worker().reactTo(await cancelled(), 1);
  expect((await history()).names).toEqual([]);
  await admitted();
  await worker().reactTo(await cancelled('c2'), 1);
  await worker().reactTo(await cancelled('c3'), 1);
  expect((await history()).names).toEqual(['claimed', 'finished']);
});

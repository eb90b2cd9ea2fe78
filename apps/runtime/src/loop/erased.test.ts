import { isErased } from '@soloist/eventlog';
import { fold } from '@soloist/service';
import { beforeEach, describe, expect, it } from 'vitest';
import { loopEntity } from '../entities.js';
import { mailArgs, PREFIX } from '../runtime.fixture.js';
import { admitted, begun, dataOf, freshRig, gateRefused, history, keys, memory, model, worker } from '../runtime-rig.fixture.js';

beforeEach(freshRig);

const mailCall = { toolCalls: [{ callId: 'c', tool: 'mail.send', args: mailArgs }], finishReason: 'tool_calls' };

async function expectEnd(outcome: string): Promise<void> {
  const [end] = await dataOf('finished');
  const asked = await dataOf('model-asked');
  expect(end).toMatchObject({ outcome, dataSubject: 'ada' });
  expect(isErased(end?.summary)).toBe(true);
  expect(end?.spentMicros).toBeGreaterThan(0);
  expect(end?.spentMicros).toBeLessThanOrEqual(asked.reduce((sum, one) => sum + one.ceilingMicros, 0));
  expect(fold(loopEntity, (await history()).events)).toMatchObject({ isErased: true, finished: { outcome, summary: '' } });
}

describe('[G24] a person who is erased in the middle of a run does not jam it: it ends, and its money settles', () => {
  it('while an effect is under way: its outcome still counts, then the run ends', async () => {
    const running = worker().reactTo(await begun(), 1);
    (await model.call(1)).answer(mailCall);
    await running;
    keys.erase('ada');
    await worker().reactTo(await gateRefused('gate.rejected'), 1);
    expect((await history()).commits.at(-1)).toEqual(['effect-observed', 'finished']);
    expect((await dataOf('effect-observed'))[0]).toMatchObject({ effectId: `${PREFIX}-e1`, outcome: 'refused' });
    await expectEnd('refused');
    expect(model.requests).toHaveLength(1);
  });

  it('while the model is asked: its answer is on record without a word', async () => {
    const running = worker().reactTo(await begun(), 1);
    const call = await model.call(1);
    keys.erase('ada');
    call.answer({ text: 'canary-4711' });
    await running;
    expect((await history()).commits.slice(1)).toEqual([['model-asked'], ['model-answered', 'finished']]);
    await expectEnd('done');
    for (const message of memory.broker.stored('EVENTS-0')) expect(Buffer.from(message.body).toString()).not.toContain('canary-4711');
  });

  it('while the model is asked: nothing of them is sent to a model after it', async () => {
    const running = worker().reactTo(await begun(), 1);
    const call = await model.call(1);
    keys.erase('ada');
    call.answer({ toolCalls: [{ callId: 'c', tool: 'money.pay', args: {} }] });
    await running;
    expect(model.requests).toHaveLength(1);
    expect((await history()).commits.slice(2)).toEqual([['model-answered', 'effect-observed', 'model-asked'], ['model-failed', 'finished']]);
    expect((await dataOf('model-failed'))[0]?.code).toBe('subject.erased');
    await expectEnd('failed');
  });

  it('when its worker died while the model was asked', async () => {
    const recall = await begun();
    void worker().reactTo(recall, 1);
    await model.call(1);
    keys.erase('ada');
    await worker().reactTo(recall, 2);
    expect((await history()).commits.at(-1)).toEqual(['claimed', 'finished']);
    await expectEnd('refused');
  });

  it('before it began', async () => {
    const admission = await admitted();
    keys.erase('ada');
    await worker().reactTo(admission, 1);
    expect((await history()).names).toEqual(['claimed', 'finished']);
    expect((await dataOf('finished'))[0]).toMatchObject({ outcome: 'refused', spentMicros: 0 });
  });
});

describe('a key that is missing is no erasure', () => {
  it('the run is held as it is, and goes on once the key is back', async () => {
    const running = worker().reactTo(await begun(), 1);
    (await model.call(1)).answer(mailCall);
    await running;
    const closed = await gateRefused('gate.rejected');
    const before = memory.broker.stored('EVENTS-0').length;
    const giveBack = keys.lose('ada');
    for (const deliveryCount of [1, 2]) await expect(worker().reactTo(closed, deliveryCount)).rejects.toMatchObject({ kind: 'transient', code: 'keep.key-missing' });
    expect(memory.broker.stored('EVENTS-0')).toHaveLength(before);
    giveBack();
    const going = worker().reactTo(closed, 3);
    (await model.call(2)).answer({ text: 'Then not.' });
    await going;
    expect((await dataOf('finished'))[0]).toMatchObject({ outcome: 'done', summary: 'Then not.' });
  });
});

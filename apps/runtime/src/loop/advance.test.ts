import type { LoopEvent } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import { fold } from '@soloist/service';
import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_ASKS_PER_STEP } from '../domain/arrival.js';
import { loopEntity } from '../entities.js';
import { brief, claim, definition, mailArgs, PREFIX, rateFact, RECALL_ID, RUN_ID } from '../runtime.fixture.js';
import { admitted, begun, dataOf, freshRig, gateRefused, history, memory, model, pauses, recalled, sent, worker, written } from '../runtime-rig.fixture.js';

beforeEach(freshRig);

const mailCall = { toolCalls: [{ callId: 'c', tool: 'mail.send', args: mailArgs }], finishReason: 'tool_calls' };

describe('a run', () => {
  it('[R5] goes from admission to its end, one commit a step', async () => {
    const one = worker();
    const first = one.reactTo(await begun(), 1);
    (await model.call(1)).answer(mailCall);
    await first;
    const second = one.reactTo(await sent(), 1);
    (await model.call(2)).answer({ text: 'Sent.' });
    await second;
    expect((await history()).commits).toEqual([
      ['claimed', 'recall-requested', 'suspended'],
      ['model-asked'],
      ['model-answered', 'effect-requested', 'suspended'],
      ['effect-observed', 'model-asked'],
      ['model-answered', 'finished'],
    ]);
    expect(await dataOf('finished')).toMatchObject([{ outcome: 'done', summary: 'Sent.', spentMicros: 90, steps: 2 }]);
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', content: expect.stringContaining('"outcome":"succeeded"') as string });
  });

  it('an answer that needs nothing from outside goes on in the same worker', async () => {
    const running = worker().reactTo(await begun(), 1);
    (await model.call(1)).answer({ toolCalls: [{ callId: 'c', tool: 'money.pay', args: {} }] });
    (await model.call(2)).answer({ text: 'I may not pay.' });
    await running;
    expect((await history()).commits.slice(1)).toEqual([['model-asked'], ['model-answered', 'effect-observed', 'model-asked'], ['model-answered', 'finished']]);
  });

  it('a repeated delivery of anything already dealt with changes nothing', async () => {
    const one = worker();
    const admission = await admitted();
    await one.reactTo(admission, 1);
    const recall = await recalled();
    const running = one.reactTo(recall, 1);
    (await model.call(1)).answer({ text: 'Done.' });
    await running;
    const before = await history();
    for (const delivered of [admission, recall]) await worker().reactTo(delivered, 2);
    expect(await history()).toEqual(before);
    expect(model.requests).toHaveLength(1);
  });

  it.each([
    ['gate.rejected', 'refused'],
    ['effect.left-unknown', 'unknown'],
  ])('a gate that closes with %s is observed as %s', async (code, outcome) => {
    const one = worker();
    const running = one.reactTo(await begun(), 1);
    (await model.call(1)).answer(mailCall);
    await running;
    const closing = one.reactTo(await gateRefused(code), 1);
    (await model.call(2)).answer({ text: 'Then not.' });
    await closing;
    expect(await dataOf('effect-observed')).toMatchObject([{ outcome, detail: { code, because: 'No.' } }]);
    expect((await dataOf('finished'))[0]?.outcome).toBe('done');
  });

  it('a run without a published definition ends and says so', async () => {
    await worker().reactTo(await written('orchestrator', 'run', RUN_ID, [{ type: 'orchestrator.run.admitted', data: { ...claim, policyVersion: claim.definitionVersion } }]), 1);
    expect((await history()).names).toEqual(['claimed', 'finished']);
    expect((await dataOf('finished'))[0]?.summary).toContain('definition.unknown');
  });

  it('an envelope that is too small buys nothing', async () => {
    await worker().reactTo(await begun(10), 1);
    expect(model.requests).toHaveLength(0);
    expect((await dataOf('finished'))[0]).toMatchObject({ outcome: 'refused', summary: expect.stringContaining('budget.envelope-exhausted') as string, spentMicros: 0 });
  });

  it('a large prompt lies in a sealed blob, and the model gets it whole', async () => {
    const before = definition.instructions;
    Object.assign(definition, { instructions: 'Be exact. '.repeat(1_990) });
    try {
      Object.assign(brief.input, { text: 'And why? '.repeat(2_500) });
      await worker().reactTo(await admitted(), 1);
      const facts = Array.from({ length: 30 }, (_, n) => ({ ...rateFact, factId: `f${n}`, text: `Fact ${n} ${'x'.repeat(300)}` }));
      const recall = await written('memory', 'recall', RUN_ID, [
        { type: 'memory.recall.answered', data: { recallId: RECALL_ID, facts, session: [{ role: 'sender', text: 'y'.repeat(5_500) }], index: 'test', asOf: [], dataSubject: 'ada' } },
      ]);
      const running = worker().reactTo(recall, 1);
      (await model.call(1)).answer({ text: 'Done.' });
      await running;
      const [asked] = await dataOf('model-asked');
      if (asked?.messagesBlob == null) throw new Error('the prompt is not in a blob');
      expect(asked.messages).toBeNull();
      const stored = JSON.parse(new TextDecoder().decode(await memory.log.getBlob(asked.messagesBlob))) as unknown;
      expect(stored).toEqual(model.requests[0]?.messages);
    } finally {
      Object.assign(definition, { instructions: before });
      Object.assign(brief.input, { text: 'Hello,\nwhat hourly rate did we agree on?\n' });
    }
  });
});

describe('two workers on one log', () => {
  it('[R5] [G10] a crash between asked and answered: the redelivery takes over in epoch 2, and exactly one answer is recorded', async () => {
    const recall = await begun();
    const zombie = worker().reactTo(recall, 1);
    const late = await model.call(1);
    const successor = worker().reactTo(recall, 2);
    (await model.call(2)).answer(mailCall);
    await successor;
    const settled = await history();
    expect(settled.commits.slice(1)).toEqual([['model-asked'], ['claimed', 'model-asked'], ['model-answered', 'effect-requested', 'suspended']]);
    expect((await dataOf('model-asked')).map((asked) => asked.epoch)).toEqual([1, 2]);
    expect((await dataOf('model-answered')).map((answered) => answered.askId)).toEqual([`${PREFIX}-a2`]);
    expect((await dataOf('effect-requested'))[0]?.epoch).toBe(2);
    // The zombie wakes with an answer of its own: it changes nothing, and does not ack the message away.
    late.answer({ text: 'I was first.' });
    await expect(zombie).rejects.toMatchObject({ kind: 'transient', code: 'loop.held-elsewhere' });
    expect(await history()).toEqual(settled);
  });

  it('[G10] a zombie that wakes while its successor still waits for the model writes nothing and asks nothing', async () => {
    const recall = await begun();
    const zombie = worker().reactTo(recall, 1);
    const late = await model.call(1);
    const successor = worker().reactTo(recall, 2);
    const current = await model.call(2);
    late.answer(mailCall);
    await expect(zombie).rejects.toMatchObject({ code: 'loop.held-elsewhere' });
    current.answer({ text: 'Mine.' });
    await successor;
    expect(model.requests).toHaveLength(2);
    expect((await dataOf('finished'))[0]?.summary).toBe('Mine.');
  });

  it('[R5] of two workers that decide the same claim at once, one calls the model', async () => {
    const recall = await begun();
    const both = [worker().reactTo(recall, 1), worker().reactTo(recall, 2)];
    const outcomes = Promise.allSettled(both);
    (await model.call(1)).answer({ text: 'Once.' });
    const settled = await outcomes;
    expect(settled.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(model.requests).toHaveLength(1);
    expect((await dataOf('model-asked')).map((asked) => asked.epoch)).toEqual([1]);
  });

  it('[R5] a different delivery for a run with an open ask comes again later and never calls the model', async () => {
    const running = worker().reactTo(await begun(), 1);
    const open = await model.call(1);
    for (const deliveryCount of [1, 2, 7]) {
      const reacting = worker().reactTo(await gateRefused(`gate.rejected-${deliveryCount}`), deliveryCount);
      // A worker that takes the ask over would wait for its answer: the call is looked for, not the end.
      const outcome = await Promise.race([reacting.then(() => 'went on', (error: unknown) => error), model.call(2).then(() => 'called the model')]);
      expect(outcome).toMatchObject({ kind: 'transient', code: 'loop.held-elsewhere', retryAfterMs: 10_000 });
    }
    expect(model.requests).toHaveLength(1);
    open.answer({ text: 'Done.' });
    await running;
    expect((await history()).names.filter((name) => name === 'model-answered')).toHaveLength(1);
  });

  it('[R5] a takeover that the envelope does not pay for ends the run instead of overspending', async () => {
    const recall = await begun(12_000);
    const zombie = worker().reactTo(recall, 1);
    await model.call(1);
    for (let count = 2; count < 40; count += 1) {
      void worker().reactTo(recall, count).catch(() => undefined);
      const names = await settledNames(count);
      if (names.includes('finished')) break;
    }
    const [end] = await dataOf('finished');
    expect(end).toMatchObject({ outcome: 'refused', summary: expect.stringContaining('budget.envelope-exhausted') as string });
    const ceilings = (await dataOf('model-asked')).reduce((sum, asked) => sum + asked.ceilingMicros, 0);
    expect(ceilings).toBeLessThanOrEqual(12_000);
    expect(end?.spentMicros).toBe(ceilings);
    (await model.call(1)).answer({ text: 'late' });
    await expect(zombie).rejects.toMatchObject({ code: 'loop.held-elsewhere' });
  });
});

/** Waits until the takeover number `count` has left its mark: a further ask, or the end. */
async function settledNames(count: number): Promise<readonly string[]> {
  for (let turns = 0; turns < 5_000; turns += 1) {
    const { names } = await history();
    if (names.includes('finished') || names.filter((name) => name === 'model-asked').length >= count) return names;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('the takeover left no mark');
}

describe('a provider that fails', () => {
  it('[R5] is asked again after a growing pause, each time on the log, then the run says so', async () => {
    const running = worker().reactTo(await begun(), 1);
    for (let n = 1; n <= MAX_ASKS_PER_STEP; n += 1) (await model.call(n)).fail(new Fault('transient', 'model.failing', 'The model provider answered 500.'));
    await running;
    expect(pauses).toEqual([500, 1_000, 2_000]);
    expect((await history()).commits.slice(1)).toEqual([['model-asked'], ['model-asked'], ['model-asked'], ['model-asked'], ['model-failed', 'finished']]);
    const ceilings = (await dataOf('model-asked')).reduce((sum, asked) => sum + asked.ceilingMicros, 0);
    expect((await dataOf('finished'))[0]).toMatchObject({ outcome: 'failed', spentMicros: ceilings });
  });

  it('is given the pause it asks for', async () => {
    const running = worker().reactTo(await begun(), 1);
    (await model.call(1)).fail(new Fault('throttled', 'model.throttled', '429', { retryAfterMs: 7_000 }));
    (await model.call(2)).answer({ text: 'Done.' });
    await running;
    expect(pauses).toEqual([7_000]);
  });

  it('gets a long pause from the delivery, and the next one takes over', async () => {
    const recall = await begun();
    const running = worker().reactTo(recall, 1);
    (await model.call(1)).fail(new Fault('throttled', 'model.throttled', '429', { retryAfterMs: 3_600_000 }));
    await expect(running).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 3_600_000 });
    expect(pauses).toEqual([]);
    const again = worker().reactTo(recall, 2);
    (await model.call(2)).answer({ text: 'Done.' });
    await again;
    expect((await dataOf('claimed')).map((one) => one.epoch)).toEqual([1, 2]);
  });

  it('and sends no usage costs the ceiling', async () => {
    const running = worker().reactTo(await begun(), 1);
    (await model.call(1)).answer({ text: 'Done.', usage: null });
    await running;
    expect((await dataOf('model-answered'))[0]?.costMicros).toBe((await dataOf('model-asked'))[0]?.ceilingMicros);
  });
});

it('[G14] the recorded history folds to the same state again', async () => {
  const one = worker();
  const running = one.reactTo(await begun(), 1);
  (await model.call(1)).answer(mailCall);
  await running;
  const { events } = await history();
  expect(fold(loopEntity, JSON.parse(JSON.stringify(events)) as LoopEvent[])).toEqual(fold(loopEntity, events));
  const commits = await memory.log.history({ context: 'runtime', entity: 'loop', key: RUN_ID });
  expect(new Set(commits.map((commit) => commit.id)).size).toBe(commits.length);
});

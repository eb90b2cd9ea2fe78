import { MAX_COMMIT_BYTES } from '@soloist/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_DETAIL_BYTES } from '../domain/arrival.js';
import { brief, definition, mailArgs, PREFIX } from '../runtime.fixture.js';
import { begun, dataOf, freshRig, history, memory, model, worker, written } from '../runtime-rig.fixture.js';

beforeEach(freshRig);

/** Everything that costs bytes: quotes are escaped, and all of it is sealed. */
const NASTY = '"\n'.repeat(32_000);

async function withLargePrompts(attempt: () => Promise<void>): Promise<void> {
  const [before, text] = [definition.instructions, brief.input.text];
  Object.assign(definition, { instructions: 'Be exact. '.repeat(1_990) });
  Object.assign(brief.input, { text: 'And why? '.repeat(1_900) });
  try {
    await attempt();
  } finally {
    Object.assign(definition, { instructions: before });
    Object.assign(brief.input, { text });
  }
}

function largestCommit(): number {
  return Math.max(...memory.broker.stored('EVENTS-0').map((message) => message.body.length));
}

describe('a paid answer is always recorded, and the run ends', () => {
  it('64 000 bytes of quotes and line ends beside a large prompt', async () => {
    await withLargePrompts(async () => {
      const running = worker().reactTo(await begun(), 1);
      (await model.call(1)).answer({ text: NASTY, toolCalls: [{ callId: 'c', tool: 'money.pay', args: { note: '"'.repeat(24_000) } }] });
      await running;
      // The window has no room for such an answer beside the prompt; what matters is that the run says so and ends.
      expect((await history()).commits.slice(1)).toEqual([['model-asked'], ['model-answered', 'effect-observed', 'finished']]);
      expect((await dataOf('finished'))[0]).toMatchObject({ outcome: 'refused', summary: expect.stringContaining('prompt.window-too-small') as string });
      expect(largestCommit()).toBeLessThanOrEqual(MAX_COMMIT_BYTES);
    });
  });

  it('a large answer of sixteen wrong calls beside a large prompt that is asked next', async () => {
    const running = worker().reactTo(await begun(), 1);
    const calls = Array.from({ length: 16 }, (_, n) => ({ callId: 'c', tool: `other.${'"'.repeat(90)}${n}`, args: { n, ['"'.repeat(1_100)]: 1 } }));
    (await model.call(1)).answer({ text: '"\n'.repeat(1_000), toolCalls: calls });
    (await model.call(2)).answer({ text: 'Then not.' });
    await running;
    expect((await history()).commits[2]).toEqual(['model-answered', ...Array.from({ length: 16 }, () => 'effect-observed'), 'model-asked']);
    expect((await dataOf('finished'))[0]?.outcome).toBe('done');
    expect(largestCommit()).toBeLessThanOrEqual(MAX_COMMIT_BYTES);
  });

  it('the largest call that is kept is requested in the same commit', async () => {
    const running = worker().reactTo(await begun(), 1);
    (await model.call(1)).answer({ text: NASTY, toolCalls: [{ callId: 'c', tool: 'mail.send', args: { ...mailArgs, text: '"'.repeat(24_300) } }] });
    await running;
    expect((await history()).names.slice(-3)).toEqual(['model-answered', 'effect-requested', 'suspended']);
    expect(largestCommit()).toBeGreaterThan(190_000);
  });

  it('calls that are too large are not kept, and the model is told', async () => {
    const running = worker().reactTo(await begun(), 1);
    const large = { callId: 'c', tool: 'mail.send', args: { ...mailArgs, text: 'x'.repeat(60_000) } };
    (await model.call(1)).answer({ toolCalls: [large, large, large, large] });
    (await model.call(2)).answer({ text: 'Then not.' });
    await running;
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', content: expect.stringContaining('longer than 49152 bytes') as string });
    expect((await dataOf('finished'))[0]).toMatchObject({ outcome: 'done', summary: 'Then not.' });
  });

  it('arguments without a form in JSON go back to the model', async () => {
    const running = worker().reactTo(await begun(), 1);
    (await model.call(1)).answer({ toolCalls: [{ callId: 'c', tool: 'mail.send', args: { ...mailArgs, n: Infinity } }] });
    (await model.call(2)).answer({ text: 'Then not.' });
    await running;
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', content: expect.stringContaining('no JSON object of finite numbers') as string });
    expect((await dataOf('finished'))[0]?.outcome).toBe('done');
  });

  it('what breaks the contract all the same is recorded as a failure, at the price of its ceiling', async () => {
    const running = worker().reactTo(await begun(), 1);
    (await model.call(1)).answer({ text: 'Hello.', usage: { inputTokens: 0.5, cachedInputTokens: 0, outputTokens: 1 } });
    await running;
    expect((await history()).commits.slice(1)).toEqual([['model-asked'], ['model-failed', 'finished']]);
    expect((await dataOf('model-failed'))[0]).toMatchObject({ code: 'model.unrecordable', because: 'The answer could not be recorded (log.bad-draft).' });
    expect((await dataOf('finished'))[0]).toMatchObject({ outcome: 'failed', spentMicros: (await dataOf('model-asked'))[0]?.ceilingMicros });
  });

  it('a receipt that leaves no room for the next prompt is cut, and says so', async () => {
    const one = worker();
    const running = one.reactTo(await begun(), 1);
    (await model.call(1)).answer({ toolCalls: [{ callId: 'c', tool: 'mail.send', args: mailArgs }] });
    await running;
    const receipt = await written('connectors', 'effect', `${PREFIX}${'89abcdef'}`, [
      { type: 'connectors.effect.succeeded', data: { effectId: `${PREFIX}-e1`, generation: 1, dataSubject: 'ada', receipt: { page: '"'.repeat(90_000) }, knownBy: 'wire' } },
    ]);
    const second = one.reactTo(receipt, 1);
    (await model.call(2)).answer({ text: 'Sent.' });
    await second;
    const [observed] = await dataOf('effect-observed');
    expect(observed?.detail).toMatchObject({ bytes: expect.any(Number) as number, cut: expect.stringContaining('{"knownBy":"wire"') as string });
    expect(JSON.stringify(observed?.detail).length).toBeLessThanOrEqual(MAX_DETAIL_BYTES);
    expect((await dataOf('finished'))[0]?.outcome).toBe('done');
  });

  it('an adapter that fails: the run ends on record, whatever was thrown, and no word of it is repeated', async () => {
    const running = worker().reactTo(await begun(), 1);
    (await model.call(1)).fail(new TypeError('cannot read "Dear Ada" of undefined'));
    await running;
    expect((await history()).commits.slice(1)).toEqual([['model-asked'], ['model-failed', 'finished']]);
    const [failed] = await dataOf('model-failed');
    expect(failed).toMatchObject({ faultKind: 'invalid', code: 'model.defect', because: expect.stringMatching(/TypeError at [\w.-]+\.ts:\d+\. Report it\.$/) as string });
    expect((await dataOf('finished'))[0]).toMatchObject({ outcome: 'failed', spentMicros: (await dataOf('model-asked'))[0]?.ceilingMicros });
    expect(JSON.stringify((await history()).events)).not.toContain('Dear Ada');
  });
});

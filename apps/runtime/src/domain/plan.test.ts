import { sha256Hex } from '@soloist/eventlog';
import { canonicalJson, reject } from '@soloist/kernel';
import { describe, expect, it } from 'vitest';
import { answerWith, brief, callOf, CEILING, claim, definition, mailArgs, meansWith, PREFIX, RECALL_ID, Told } from '../runtime.fixture.js';
import { loopEntity } from '../entities.js';
import { beginRun } from './begin.js';
import { MAX_ASKS_PER_STEP } from './arrival.js';

const mail = (args = mailArgs) => callOf('mail.send', args);
const succeeded = (effectId: string) => ({ kind: 'observed' as const, effectId, observation: { outcome: 'succeeded' as const, detail: { receipt: {} } } });

describe('the beginning', () => {
  it('claims, asks memory and waits, in one commit', () => {
    const told = new Told();
    expect(told.events.map((event) => event.type)).toEqual(['runtime.loop.claimed', 'runtime.loop.recall-requested', 'runtime.loop.suspended']);
    expect(told.last('runtime.loop.recall-requested')).toMatchObject({ recallId: RECALL_ID, limit: 8, query: 'A question\nHello,\nwhat hourly rate did we agree on?\n' });
    expect(told.state).toMatchObject({ epoch: 1, waiting: { waitingFor: 'recall', id: RECALL_ID } });
  });

  it('happens once', () => {
    expect(beginRun(new Told().state, claim, brief)).toEqual([]);
  });

  it('ends at once when the brief cannot be read', () => {
    const events = beginRun(loopEntity.initial, claim, reject('definition.unknown', 'No such version.'));
    expect(events.at(-1)).toMatchObject({ type: 'runtime.loop.finished', data: { outcome: 'refused', summary: 'definition.unknown: No such version. Spent 0.00 USD in 0 steps.' } });
  });

  it('waits for the recall it asked for, not for another', () => {
    const told = new Told();
    expect(told.arrives({ kind: 'recalled', recallId: 'other' })).toEqual(['stale']);
    expect(told.recalled()).toEqual(['model-asked']);
    expect(told.recalled()).toEqual(['stale']);
  });
});

describe('a step', () => {
  it('[R5] carries the result of one step and the claim of the next in one commit', () => {
    const told = new Told();
    told.recalled();
    expect(told.answers({ toolCalls: [mail()] })).toEqual(['model-answered', 'effect-requested', 'suspended']);
    expect(told.arrives(succeeded(`${PREFIX}-e1`))).toEqual(['effect-observed', 'model-asked']);
    expect(told.answers({ text: 'I sent the reply.' })).toEqual(['model-answered', 'finished']);
    expect(told.last('runtime.loop.finished')).toMatchObject({ outcome: 'done', summary: 'I sent the reply.', spentMicros: 200, steps: 2 });
  });

  it('requests exactly the action, with its digest, class and label', () => {
    const told = new Told();
    told.recalled();
    told.answers({ toolCalls: [mail()] });
    expect(told.last('runtime.loop.effect-requested')).toMatchObject({
      effectId: `${PREFIX}-e1`,
      epoch: 1,
      action: 'mail.send',
      args: mailArgs,
      digest: sha256Hex(canonicalJson({ action: 'mail.send', args: mailArgs })),
      effectClass: 'check-first',
      trust: 'third-party-text',
    });
  });

  it('deals with several calls one after the other', () => {
    const told = new Told();
    told.recalled();
    told.answers({ toolCalls: [mail(), callOf('mail.send', { ...mailArgs, subject: 'Second' }, 'd')] });
    expect(told.arrives(succeeded(`${PREFIX}-e2`))).toEqual(['stale']);
    expect(told.arrives(succeeded(`${PREFIX}-e1`))).toEqual(['effect-observed', 'effect-requested', 'suspended']);
    expect(told.last('runtime.loop.effect-requested').effectId).toBe(`${PREFIX}-e2`);
    expect(told.arrives(succeeded(`${PREFIX}-e2`))).toEqual(['effect-observed', 'model-asked']);
  });

  it('an outcome counts once', () => {
    const told = new Told();
    told.recalled();
    told.answers({ toolCalls: [mail()] });
    told.arrives(succeeded(`${PREFIX}-e1`));
    expect(told.arrives(succeeded(`${PREFIX}-e1`))).toEqual(['stale']);
  });

  it('[D2] an action outside the definition is refused in the loop, naming the bound, and never requested', () => {
    const told = new Told();
    told.recalled();
    expect(told.answers({ toolCalls: [callOf('money.pay', { amount: 5 })] })).toEqual(['model-answered', 'effect-observed', 'model-asked']);
    expect(told.last('runtime.loop.effect-observed')).toMatchObject({
      outcome: 'refused',
      detail: { code: 'action.not-allowed', because: 'money.pay is not among the actions of client-desk (mail.send).' },
    });
    expect(told.events.some((event) => event.type === 'runtime.loop.effect-requested')).toBe(false);
  });

  it('an action whose words say that another act was done waits for the receipt of that act, and the model is told', () => {
    const told = new Told(meansWith(), { ...brief, definition: { ...definition, actions: ['mail.send', 'invoice.pay'] } });
    told.recalled();
    expect(told.answers({ toolCalls: [mail({ ...mailArgs, text: 'Hello Ada,\nI have just paid your invoice.' })] })).toEqual(['model-answered', 'effect-observed', 'model-asked']);
    expect(told.last('runtime.loop.effect-observed')).toMatchObject({ outcome: 'refused', detail: { code: 'claim.unsupported', because: expect.stringContaining('invoice.pay') as string } });
    expect(told.answers({ toolCalls: [mail({ ...mailArgs, text: 'I will pay your invoice today. Yours was paid last month.' })] })).toEqual(['model-answered', 'effect-requested', 'suspended']);
  });

  it('[D2] an agent without actions is offered no tools and may use none', () => {
    const told = new Told(meansWith(), { ...brief, definition: { ...definition, actions: [] } });
    told.recalled();
    expect(told.last('runtime.loop.model-asked').tools).toEqual([]);
    expect(told.answers({ toolCalls: [mail()] })).toEqual(['model-answered', 'effect-observed', 'model-asked']);
  });

  it('[R4] wrong arguments go back to the model twice, then the run ends', () => {
    const told = new Told();
    told.recalled();
    expect(told.answers({ toolCalls: [mail({ to: 'ada' })] })).toEqual(['model-answered', 'effect-observed', 'model-asked']);
    const because = String(told.last('runtime.loop.effect-observed').detail['because']);
    expect(because).toMatch(/required property 'subject'.*to must be array/);
    expect(because).not.toContain('ada');
    expect(told.last('runtime.loop.model-asked').messages?.at(-1)).toMatchObject({ role: 'tool', callId: 'c', content: expect.stringContaining('args.invalid') as string });
    expect(told.answers({ toolCalls: [mail({ to: [] })] })).toEqual(['model-answered', 'effect-observed', 'model-asked']);
    expect(told.answers({ toolCalls: [mail({})] })).toEqual(['model-answered', 'effect-observed', 'finished']);
    expect(told.last('runtime.loop.finished')).toMatchObject({ outcome: 'failed', summary: expect.stringContaining('args.invalid: The model gave wrong arguments 3 times.') as string });
  });

  it('wrong arguments that were put right go out', () => {
    const told = new Told();
    told.recalled();
    told.answers({ toolCalls: [mail({ to: 'ada' })] });
    expect(told.answers({ toolCalls: [mail()] })).toEqual(['model-answered', 'effect-requested', 'suspended']);
    expect(told.last('runtime.loop.effect-requested').effectId).toBe(`${PREFIX}-e2`);
  });
});

describe('limits', () => {
  it('[R4] the third identical call ends the run, with the spend shown', () => {
    const told = new Told();
    told.recalled();
    told.answers({ toolCalls: [mail()] });
    told.arrives(succeeded(`${PREFIX}-e1`));
    told.answers({ toolCalls: [mail()] });
    told.arrives(succeeded(`${PREFIX}-e2`));
    expect(told.answers({ toolCalls: [mail()] })).toEqual(['model-answered', 'finished']);
    expect(told.last('runtime.loop.finished')).toMatchObject({
      outcome: 'failed',
      spentMicros: 300,
      summary: 'limit.repeated-call: The model made the same call of mail.send 3 times; it was not carried out again. Spent 0.0003 USD in 3 steps.',
    });
  });

  it('[R4] the step limit ends the run', () => {
    const told = new Told(meansWith(), { ...brief, definition: { ...definition, limits: { maxSteps: 2 } } });
    told.recalled();
    told.answers({ toolCalls: [callOf('a.b', { n: 1 })] });
    expect(told.answers({ toolCalls: [callOf('a.b', { n: 2 })] })).toEqual(['model-answered', 'effect-observed', 'finished']);
    expect(told.last('runtime.loop.finished').summary).toMatch(/^limit\.max-steps: The run has used its 2 steps .* Spent 0\.0002 USD in 2 steps\.$/);
  });

  it('an empty answer is a failure, not an end', () => {
    const told = new Told();
    told.recalled();
    expect(told.answers({ text: '  ' })).toEqual(['model-answered', 'finished']);
    expect(told.last('runtime.loop.finished')).toMatchObject({ outcome: 'failed', summary: expect.stringContaining('model.empty-answer') as string });
  });
});

describe('money', () => {
  it('an ask whose ceiling does not fit into the envelope is not made', () => {
    const told = new Told(meansWith(), brief, { ...claim, envelopeMicros: 1_050 });
    expect(told.recalled()).toEqual(['model-asked']);
    expect(told.answers({ toolCalls: [callOf('a.b', {})] })).toEqual(['model-answered', 'effect-observed', 'finished']);
    expect(told.last('runtime.loop.finished')).toMatchObject({
      outcome: 'refused',
      spentMicros: 100,
      summary: expect.stringMatching(/^budget\.envelope-exhausted: The next model call may cost 0\.001 USD, 0\.0001 USD of 0\.00105 USD are spent\./) as string,
    });
  });

  it('exactly the envelope may be spent', () => {
    expect(new Told(meansWith(), brief, { ...claim, envelopeMicros: CEILING }).recalled()).toEqual(['model-asked']);
    expect(new Told(meansWith(), brief, { ...claim, envelopeMicros: CEILING - 1 }).recalled()).toEqual(['finished']);
  });

  it('a model nobody knows the price of is not asked', () => {
    const told = new Told(meansWith({ quote: () => null }));
    expect(told.recalled()).toEqual(['finished']);
    expect(told.last('runtime.loop.finished')).toMatchObject({ outcome: 'refused', summary: expect.stringContaining('price.unknown: Nobody knows what test-model costs') as string });
  });

  it('an envelope in another currency pays for nothing that costs', () => {
    const told = new Told(meansWith(), brief, { ...claim, currency: 'EUR' });
    told.recalled();
    expect(told.last('runtime.loop.finished').summary).toContain('price.currency');
  });

  it('an alias without a model is refused', () => {
    const told = new Told(meansWith({ model: null }));
    told.recalled();
    expect(told.last('runtime.loop.finished').summary).toContain('model.alias-unknown: No model has the alias default.');
  });
});

describe('what goes wrong', () => {
  const fault = { kind: 'transient' as const, code: 'model.failing', because: 'The model provider answered 500.' };

  it('[R5] a fault is tried again as a new ask on the log, a bounded number of times; every ceiling stays charged', () => {
    const told = new Told();
    told.recalled();
    for (let n = 1; n < MAX_ASKS_PER_STEP; n += 1) {
      const before = told.last('runtime.loop.model-asked');
      expect(told.arrives({ kind: 'faulted', askId: `${PREFIX}-a${n}`, fault })).toEqual(['model-asked']);
      expect(told.last('runtime.loop.model-asked')).toEqual({ ...before, askId: `${PREFIX}-a${n + 1}` });
    }
    expect(told.arrives({ kind: 'faulted', askId: `${PREFIX}-a${MAX_ASKS_PER_STEP}`, fault })).toEqual(['model-failed', 'finished']);
    expect(told.last('runtime.loop.finished')).toMatchObject({ outcome: 'failed', spentMicros: MAX_ASKS_PER_STEP * CEILING });
  });

  it.each(['invalid', 'unauthorized'] as const)('a fault of kind %s is not tried again', (kind) => {
    const told = new Told();
    told.recalled();
    expect(told.arrives({ kind: 'faulted', askId: `${PREFIX}-a1`, fault: { ...fault, kind } })).toEqual(['model-failed', 'finished']);
  });

  it('[G10] a takeover is a new epoch that asks the same question again; the answer of the old one is stale', () => {
    const told = new Told();
    told.recalled();
    const before = told.last('runtime.loop.model-asked');
    expect(told.arrives({ kind: 'takeover', askId: `${PREFIX}-a1` })).toEqual(['claimed', 'model-asked']);
    expect(told.last('runtime.loop.model-asked')).toEqual({ ...before, askId: `${PREFIX}-a2`, epoch: 2 });
    expect(told.arrives({ kind: 'answered', askId: `${PREFIX}-a1`, answer: answerWith({ text: 'late' }) })).toEqual(['stale']);
    expect(told.arrives({ kind: 'takeover', askId: `${PREFIX}-a1` })).toEqual(['stale']);
    told.answers({ text: 'in time' });
    expect(told.last('runtime.loop.finished')).toMatchObject({ summary: 'in time', spentMicros: CEILING + 100, steps: 1 });
  });

  it('nothing follows the end', () => {
    const told = new Told();
    told.recalled();
    told.answers({ text: 'Done.' });
    expect(told.arrives(succeeded(`${PREFIX}-e1`))).toEqual(['stale']);
    expect(told.recalled()).toEqual(['stale']);
  });

  it('a large prompt goes into a blob first', () => {
    const facts = Array.from({ length: 20 }, (_, n) => ({ ...brief.recall!.facts[0]!, factId: `f${n}`, text: `${n} `.repeat(200) }));
    const large = { ...brief, definition: { ...definition, instructions: 'x'.repeat(20_000) }, input: { ...brief.input, text: 'Why? '.repeat(4_000) }, recall: { ...brief.recall!, facts, session: [{ role: 'sender', text: 'y'.repeat(5_000) }] } };
    const ref = { owner: 'runtime', sha256: 'a'.repeat(64), bytes: 1, chunks: 1 };
    const told = new Told(meansWith(), large);
    const plan = told.plan({ kind: 'recalled', recallId: RECALL_ID });
    if (plan.kind !== 'store-prompt') throw new Error(plan.kind);
    expect(sha256Hex(plan.text)).toBe(plan.promptDigest);
    const again = new Told(meansWith({ storedPrompt: (digest) => (digest === plan.promptDigest ? ref : null) }), large);
    expect(again.recalled()).toEqual(['model-asked']);
    expect(again.last('runtime.loop.model-asked')).toMatchObject({ messages: null, messagesBlob: ref, promptDigest: plan.promptDigest });
  });

  it('a window that is too small is refused before anything is bought', () => {
    const told = new Told(meansWith({ windowTokens: 4_500 }));
    told.recalled();
    expect(told.last('runtime.loop.finished').summary).toContain('prompt.window-too-small');
  });
});

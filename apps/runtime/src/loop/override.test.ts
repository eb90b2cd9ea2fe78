/** The operator's overrides of a run, on the in-memory log, with a model that answers when the test says so. */
import { subjectOf, parseSubject } from '@soloist/contracts';
import type { Command } from '@soloist/eventlog';
import type { Dispatcher } from '@soloist/service';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { mailArgs, RUN_ID } from '../runtime.fixture.js';
import { begun, dataOf, freshRig, history, model, sent, worker } from '../runtime-rig.fixture.js';

beforeEach(freshRig);

const mailCall = { toolCalls: [{ callId: 'c', tool: 'mail.send', args: mailArgs }], finishReason: 'tool_calls' };
let wishes = 0;

function command(verb: 'pause' | 'resume' | 'answer', text = ''): Command {
  const address = parseSubject(subjectOf('cmd', { context: 'runtime', entity: 'loop', key: RUN_ID }));
  if (address === null) throw new Error('the subject of a loop does not follow the grammar');
  const said = verb === 'answer' ? { text } : { because: 'test' };
  wishes += 1;
  return { id: `wish-${wishes}`, actor: 'operator', address, body: { type: `runtime.loop.${verb}`, runId: RUN_ID, by: 'operator', ...said } };
}
const wish = (one: Dispatcher<RuntimePorts>, ...of: Parameters<typeof command>): Promise<void> => one.execute(command(...of), 1);

describe('[V13] [O7] a run that is paused', () => {
  it('in the middle of a model call writes the answer down, makes no new call and asks for no effect, and goes on where it was', async () => {
    const running = worker().reactTo(await begun(), 1);
    const call = await model.call(1);
    await wish(worker(), 'pause');
    call.answer(mailCall);
    await running;
    expect((await history()).commits.slice(1)).toEqual([['model-asked'], ['paused'], ['model-answered', 'held-back']]);
    await wish(worker(), 'resume');
    expect((await history()).commits.slice(4)).toEqual([['resumed', 'effect-requested', 'suspended']]);
    expect(model.requests).toHaveLength(1);
  });

  it('while it waits for an effect takes its outcome in and asks nobody, until the command that resumes it makes the next call', async () => {
    const first = worker().reactTo(await begun(), 1);
    (await model.call(1)).answer(mailCall);
    await first;
    await wish(worker(), 'pause');
    await worker().reactTo(await sent(), 1);
    expect((await history()).commits.slice(3)).toEqual([['paused'], ['effect-observed', 'held-back']]);
    expect(model.requests).toHaveLength(1);
    const resumed = wish(worker(), 'resume');
    (await model.call(2)).answer({ text: 'Sent.' });
    await resumed;
    expect((await history()).commits.slice(5)).toEqual([['resumed', 'model-asked'], ['model-answered', 'finished']]);
  });

  it('before memory has answered asks no model when it does', async () => {
    const recall = await begun();
    await wish(worker(), 'pause');
    await worker().reactTo(recall, 1);
    expect([(await history()).commits.slice(1), model.requests.length]).toEqual([[['paused'], ['held-back']], 0]);
    const resumed = wish(worker(), 'resume');
    (await model.call(1)).answer({ text: 'Done.' });
    await resumed;
    expect((await dataOf('finished'))[0]).toMatchObject({ outcome: 'done', summary: 'Done.' });
  });

  it('resumes once, whoever asks how often; pausing what is paused changes nothing', async () => {
    await begun();
    await wish(worker(), 'pause');
    await wish(worker(), 'pause');
    const resumed = wish(worker(), 'resume');
    const call = await model.call(1);
    await wish(worker(), 'resume');
    call.answer({ text: 'Done.' });
    await resumed;
    expect((await history()).names.slice(3)).toEqual(['paused', 'resumed', 'model-asked', 'model-answered', 'finished']);
    expect(model.requests).toHaveLength(1);
  });

  it('whose resuming worker dies in the middle of its call is taken over by the next delivery of that command', async () => {
    const recall = await begun();
    await wish(worker(), 'pause');
    await worker().reactTo(recall, 1);
    const resume = command('resume');
    void worker().execute(resume, 1);
    await model.call(1);
    const again = worker().execute(resume, 2);
    (await model.call(2)).answer({ text: 'Done.' });
    await again;
    expect((await history()).commits.slice(3)).toEqual([['resumed', 'model-asked'], ['claimed', 'model-asked'], ['model-answered', 'finished']]);
  });
});

describe('[V13] a run that is taken over', () => {
  it('ends with the answer of its operator, recorded as the operator\'s, and costs nothing more', async () => {
    const running = worker().reactTo(await begun(), 1);
    const call = await model.call(1);
    await wish(worker(), 'pause');
    call.answer({ text: 'I would say 80 EUR.' });
    await running;
    await wish(worker(), 'answer', 'I have called Ada: 95 EUR.');
    expect((await history()).commits.slice(4)).toEqual([['operator-answered', 'resumed', 'finished']]);
    expect((await dataOf('operator-answered'))[0]).toMatchObject({ by: 'operator', text: 'I have called Ada: 95 EUR.' });
    expect((await dataOf('finished'))[0]).toMatchObject({ outcome: 'done', summary: 'I have called Ada: 95 EUR.', spentMicros: 45 });
    expect(model.requests).toHaveLength(1);
  });

  it('is not answered while something is under way for it, nor when it was not taken over', async () => {
    const running = worker().reactTo(await begun(), 1);
    const call = await model.call(1);
    await wish(worker(), 'answer', 'too early');
    await wish(worker(), 'pause');
    await expect(wish(worker(), 'answer', 'too early')).rejects.toMatchObject({ kind: 'transient' });
    call.answer({ text: 'Done.' });
    await running;
    expect((await history()).names).not.toContain('operator-answered');
  });
});

import type { AnyEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import { beforeEach, describe, expect, it } from 'vitest';
import { mailArgs, PREFIX, RUN_ID } from '../runtime.fixture.js';
import { begun, dataOf, freshRig, model, worker, written } from '../runtime-rig.fixture.js';

beforeEach(freshRig);

const effectId = `${PREFIX}-e1`;
const instead = { ...mailArgs, text: 'As the operator wrote it.' };
const other = 'e'.repeat(64);

const calm = { effect: 'external', context: 'owner', sinks: [], asked: 'asked', isForbidden: false, amountMicros: null, reach: 1, hasNewRecipient: false, repeats: 0, isReversible: true, dataClass: 'internal', confidence: null, isQuietHours: false };

/** What governance says when the operator changed the action at its gate. */
async function editedTo(digestAfter: string): Promise<void> {
  const [request] = await dataOf('effect-requested');
  if (request === undefined) throw new Error('nothing was asked for');
  const { digest, effectClass, action, args, epoch, dataSubject } = request;
  const gateId = `${RUN_ID}-g1`;
  const card = { gateId, kind: 'outward-effect', generation: 1, reasons: [], effectId, epoch, action, args, digest, effectClass, dataSubject, expiresAt: '2026-12-01T00:00:00.000Z', policyVersion: 'b'.repeat(16) };
  const edit = { gateId, commandId: 'c1', label: 'edited by operator', by: 'operator', surface: 'cli', fields: ['text'], args: instead, digestBefore: digest, digestAfter, verdict: 'gate', reasons: [], facts: calm, dataSubject };
  await written('governance', 'gate', RUN_ID, [{ type: 'governance.gate.opened', data: card }, { type: 'governance.gate.edited', data: edit }] as readonly AnyEvent[]);
}

function succeededWith(digest: string): Promise<Commit> {
  const line = { effectId, generation: 1, action: 'mail.send', digest, nonce: 'n', effectClass: 'check-first', idempotencyKey: `${effectId}-g1`, state: 'succeeded' };
  return written('connectors', 'effect', RUN_ID, [
    { type: 'connectors.effect.succeeded', data: { effectId, generation: 1, dataSubject: 'ada', receipt: { messageId: '<x@y>' }, knownBy: 'wire' } },
    { type: 'connectors.effect.snapshotted', data: { lines: [line], refusals: [] } },
  ] as readonly AnyEvent[]);
}

async function requested(one: ReturnType<typeof worker>): Promise<string> {
  const running = one.reactTo(await begun(), 1);
  (await model.call(1)).answer({ toolCalls: [{ callId: 'c', tool: 'mail.send', args: mailArgs }], finishReason: 'tool_calls' });
  await running;
  return (await dataOf('effect-requested'))[0]?.digest ?? '';
}

/** The outcome comes; the run goes on, and the model has its last word. */
async function observed(one: ReturnType<typeof worker>, outcome: Commit): Promise<unknown> {
  const running = one.reactTo(outcome, 1);
  (await model.call(2)).answer({ text: 'Done.' });
  await running;
  return (await dataOf('effect-observed'))[0]?.detail;
}

describe('[V6] an effect that went out otherwise than it was asked for', () => {
  it.each(['the worker that asked for it', 'another worker'])('is told to the agent by %s', async (who) => {
    const one = worker();
    await requested(one);
    await editedTo(other);
    const detail = await observed(who === 'another worker' ? worker() : one, await succeededWith(other));
    expect(detail).toMatchObject({ edited: { fields: ['text'], instead: { text: instead.text } } });
  });

  it('is told by its digest: of one that went as it was asked for, the worker that asked reads no gates', async () => {
    const one = worker();
    const digest = await requested(one);
    await editedTo(digest);
    expect(await observed(one, await succeededWith(digest))).not.toHaveProperty('edited');
  });

  it('is looked for by a worker that does not remember what was asked for', async () => {
    const digest = await requested(worker());
    await editedTo(digest);
    expect(await observed(worker(), await succeededWith(digest))).toHaveProperty('edited');
  });
});

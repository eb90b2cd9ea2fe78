/**
 * A post to a webhook, or a mail to the operator, is due: make it, and put the next attempt in line when it fails.
 *
 * I1 a message has one id for all its attempts; a crash between post and record posts it again under the same
 * I2 the next attempt is armed before the failure of this one is on record, so that a crash in between loses none
 * I3 an endpoint that was removed, or said that it is gone, hears nothing more; nor does an operator who has ended his mails
 */
import { OPERATOR_MAIL } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import type { TimerReactor, Work } from '@soloist/service';
import { deliver, disable, fail, isSettled, pauseAfter } from '../domain/posting.js';
import { postingEntity } from '../entities.js';
import { mailDue } from '../mailing/mail-due.js';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';
import type { PostOutcome } from '../ports/webhooks.port.js';
import { configuredEndpoints } from './endpoints.js';
import { Post, timerOf } from './message.js';

export const postWebhook: TimerReactor<ConnectorsPorts> = {
  name: 'post-webhook',
  on: 'posting',
  react: async (due, work) => {
    const parsed = Post.safeParse(due.body);
    if (!parsed.success) throw new Fault('invalid', 'webhook.bad-timer', `timer ${due.timerId} does not say what to post`);
    const post = parsed.data;
    const make = post.endpointId === OPERATOR_MAIL ? await mailDue(post, work) : await postDue(post, work);
    if (make === null || isSettled((await work.load(postingEntity, post.endpointId)).state, post.messageId)) return;
    await record(post, await make(), due.firedAt, work);
  },
};

/** Null when the endpoint is not there any more, or nobody posts here. */
async function postDue({ endpointId, messageId, payload }: Post, work: Work<ConnectorsPorts>): Promise<(() => Promise<PostOutcome>) | null> {
  const endpoint = (await configuredEndpoints(work)).find((one) => one.endpointId === endpointId);
  const { webhooks } = work.ports;
  return endpoint === undefined || webhooks === undefined ? null : () => webhooks.post(endpoint, messageId, payload);
}

async function record(post: Post, outcome: PostOutcome, firedAt: string, work: Work<ConnectorsPorts>): Promise<void> {
  const { payload: _, ...attempt } = post;
  const { endpointId } = post;
  if (outcome.kind === 'delivered') return void (await work.commit(postingEntity, endpointId, 'deliver', (state) => deliver(state, attempt)));
  if (outcome.kind === 'gone') return void (await work.commit(postingEntity, endpointId, 'disable', (state) => disable(state, endpointId, outcome.code)));
  const pause = pauseAfter(post.attempt, spreadOf(post), outcome.retryAfterMs);
  if (pause !== null) await work.log.arm(timerOf({ ...post, attempt: post.attempt + 1 }, new Date(Date.parse(firedAt) + pause).toISOString()));
  await work.commit(postingEntity, endpointId, 'fail', (state) => fail(state, attempt, outcome.code, pause === null));
}

/** The same for the same message: what failed together does not come again together. */
function spreadOf({ messageId }: Post): number {
  return Number.parseInt(messageId.slice(-4), 16) / 0xffff;
}

/** What a due mail to the operator comes to: where it goes is asked at the moment it goes. */
import { Fault } from '@soloist/kernel';
import type { Work } from '@soloist/service';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';
import type { PostOutcome } from '../ports/webhooks.port.js';
import type { Post } from '../webhooks/message.js';
import { addressFor } from './mailing-now.js';
import { QueuedMail } from './queue-mail.js';

/** Null when the operator does not want it any more, or nobody mails here. @throws Fault invalid for a timer that holds no mail */
export async function mailDue({ messageId, payload }: Post, work: Work<ConnectorsPorts>): Promise<(() => Promise<PostOutcome>) | null> {
  const queued = QueuedMail.safeParse(JSON.parse(payload));
  if (!queued.success) throw new Fault('invalid', 'mailing.bad-timer', `the timer of ${messageId} does not say what to mail`);
  const { wish, subject, text } = queued.data;
  const { operatorMail } = work.ports;
  const to = operatorMail === undefined ? null : await addressFor(wish, work);
  return operatorMail === undefined || to === null ? null : () => operatorMail.send(to, messageId, { subject, text });
}

/**
 * Puts one mail in line: a timer of the posting to the operator.
 *
 * I1 armed again it is the same timer, and the mail has the same name for ever
 */
import { OPERATOR_MAIL } from '@soloist/contracts';
import type { Work } from '@soloist/service';
import { z } from 'zod';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';
import type { NoticeMail } from '../ports/operator-mail.port.js';
import { messageIdOf, timerOf } from '../webhooks/message.js';
import { addressFor, MAIL_WISHES, type MailWish } from './mailing-now.js';

/** The payload of a post to the operator. The address is not in it: it is looked up when the mail goes. */
export const QueuedMail = z.strictObject({ wish: z.enum(MAIL_WISHES), subject: z.string(), text: z.string() });
export type QueuedMail = z.output<typeof QueuedMail>;

/** @param seed what there is one mail of */
export async function queueMail(wish: MailWish, seed: string, mail: NoticeMail, at: string, work: Work<ConnectorsPorts>): Promise<void> {
  // Where nobody mails, as in a replay, nothing is put in line.
  if (work.ports.operatorMail === undefined || (await addressFor(wish, work)) === null) return;
  const payload: QueuedMail = { wish, ...mail };
  await work.log.arm(timerOf({ endpointId: OPERATOR_MAIL, messageId: messageIdOf(OPERATOR_MAIL, seed), attempt: 1, payload: JSON.stringify(payload) }, at));
}

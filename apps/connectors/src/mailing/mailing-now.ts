/** What the operator wants mailed, and where to, as governance's latest word says it. */
import { MAILING_KEY, type MailingEvent } from '@soloist/contracts';
import { isErased } from '@soloist/eventlog';
import type { Work } from '@soloist/service';

export const MAIL_WISHES = ['reminders', 'digest'] as const;
export type MailWish = (typeof MAIL_WISHES)[number];

/** The address for what was wished for; null when it is not wished for, or no more. @param wish null: whatever it is */
export async function addressFor<Ports>(wish: MailWish | null, work: Pick<Work<Ports>, 'head'>): Promise<string | null> {
  const head = await work.head({ context: 'governance', entity: 'mailing', key: MAILING_KEY });
  const latest = (head?.events as readonly MailingEvent[] | undefined)?.findLast((event) => event.type === 'governance.mailing.snapshotted');
  if (latest?.type !== 'governance.mailing.snapshotted') return null;
  const { address, reminders, digest } = latest.data;
  const isWanted = wish === null || (wish === 'reminders' ? reminders : digest !== null);
  return isWanted && !isErased(address) ? address : null;
}

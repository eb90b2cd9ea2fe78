/** The sandbox mailbox: what came in for the operator, and what was sent to the world. */
import type { MailboxEntry } from '@soloist/connectors';
import type { HostPaths } from './paths.js';

export const MAIL_BOXES = ['operator', 'outside'] as const;
export type MailBoxName = (typeof MAIL_BOXES)[number];
export type { MailboxEntry };

/** Oldest first. Every delivery is a file of its own, so a mail sent twice is listed twice. */
export async function listMail(paths: HostPaths, box: MailBoxName): Promise<readonly MailboxEntry[]> {
  const { listMailboxes } = await import('@soloist/connectors');
  return (await listMailboxes(paths.mailbox)).filter((entry) => entry.box === box);
}

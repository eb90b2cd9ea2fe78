/** Puts a day's digest in line. */
import type { MailingEvent } from '@soloist/contracts';
import { reactor } from '@soloist/service';
import { digestMail } from '../mailing/digest-mail.js';
import { queueMail } from '../mailing/queue-mail.js';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';

export const queueDigestMails = reactor<ConnectorsPorts, MailingEvent, 'governance.mailing.digested'>({
  name: 'queue-digest-mails',
  on: ['governance.mailing.digested'],
  react: ({ event, commit }, work) => queueMail('digest', `digest ${event.data.day}`, digestMail(event.data), commit.at, work),
});

/** Puts a mail in line when the operator is reminded of a gate, or told loudly. The ladder has seen to quiet hours and snoozes. */
import type { GateEvent } from '@soloist/contracts';
import { reactor } from '@soloist/service';
import { queueMail } from '../mailing/queue-mail.js';
import { reminderMail, RUNG_EVENTS, seedOfRung, type RungEvent } from '../mailing/reminder-mail.js';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';

export const queueReminderMails = reactor<ConnectorsPorts, GateEvent, RungEvent['type']>({
  name: 'queue-reminder-mails',
  on: RUNG_EVENTS,
  react: ({ event, commit }, work) => queueMail('reminders', seedOfRung(event), reminderMail(event, commit.address.key), commit.at, work),
});

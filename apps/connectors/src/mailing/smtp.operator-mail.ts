/**
 * Mails to the operator by the same server, login and code as `mail.send`, marked as automatic (RFC 3834).
 *
 * I1 the bytes are read back before they go: one recipient, the subject and text that were queued, no header besides
 * I2 an outcome is a code; addresses and secrets stand in none
 * I3 whether an unknown outcome was a delivery is not asked: it is sent again under its Message-ID, and the mailbox sees one
 */
import { isFault, isRejection } from '@soloist/kernel';
import { parseSendMailArguments } from '../connectors/mail/mail-arguments.js';
import { composeMail } from '../connectors/mail/mail-message.js';
import { sendBySmtp, type SmtpEndpoint, type SmtpTimeouts } from '../connectors/mail/smtp.sender.js';
import type { OperatorMail } from '../ports/operator-mail.port.js';
import { ownMailKey } from './own-mail.js';

const MALFORMED = { kind: 'failed', code: 'mailing.malformed', retryAfterMs: 0 } as const;

export interface SmtpOperatorMailOptions {
  readonly from: string;
  readonly endpoint: () => Promise<SmtpEndpoint>;
  readonly timeouts?: SmtpTimeouts;
}

export function smtpOperatorMail({ from, endpoint, timeouts }: SmtpOperatorMailOptions): OperatorMail {
  return {
    send: async (to, messageId, { subject, text }) => {
      const args = parseSendMailArguments({ to: [to], subject, text });
      if (isRejection(args)) return MALFORMED;
      const mail = await composeMail(args, from, ownMailKey(messageId), { isAutomatic: true });
      if (isRejection(mail)) return MALFORMED;
      try {
        await sendBySmtp(await endpoint(), mail, () => Promise.resolve(true), timeouts);
        return { kind: 'delivered' };
      } catch (error) {
        if (!isFault(error)) throw error;
        return { kind: 'failed', code: error.code, retryAfterMs: 0 };
      }
    },
  };
}

/**
 * The mail connector. Sending cannot be taken back and mail servers know no idempotency key, so `mail.send` is
 * check-first: before a deliberate repeat, and after a crash, the world is asked for the Message-ID.
 */
import { isRejection } from '@soloist/kernel';
import type { Connector, OutwardAction, Sighting } from '../../ports/connector.port.js';
import { digestOfAction, parseSendMailArguments, SEND_MAIL } from './mail-arguments.js';
import { composeMail, messageIdOf } from './mail-message.js';
import { sendBySmtp, type SmtpEndpoint, type SmtpTimeouts } from './smtp.sender.js';

export interface MailConnectorOptions {
  readonly from: string;
  /** Where to send to, at this moment. @throws Fault transient when it is not ready */
  readonly endpoint: () => Promise<SmtpEndpoint>;
  /** Where a sent mail can be seen. */
  readonly look: (messageId: string) => Promise<Sighting>;
  readonly timeouts?: SmtpTimeouts;
}

export function mailConnector(options: MailConnectorOptions): Connector {
  return { name: 'mail', actions: [sendMail(options)] };
}

function sendMail({ from, endpoint, look, timeouts }: MailConnectorOptions): OutwardAction {
  return {
    action: SEND_MAIL,
    effectClass: 'check-first',
    prepare: async (given, { idempotencyKey }) => {
      const args = parseSendMailArguments(given);
      if (isRejection(args)) return args;
      const mail = await composeMail(args, from, idempotencyKey);
      if (isRejection(mail)) return mail;
      const server = await endpoint();
      return {
        digest: digestOfAction(SEND_MAIL, args),
        send: async (mayProceed) => {
          const { accepted, rejected, response } = await sendBySmtp(server, mail, mayProceed, timeouts);
          return { messageId: mail.messageId, from, accepted: [...accepted], rejected: [...rejected], response };
        },
      };
    },
    look: ({ idempotencyKey }) => look(messageIdOf(idempotencyKey)),
  };
}

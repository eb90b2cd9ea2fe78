/** Mails to the operator's own address. Servers, secrets and the network stay behind it. */
import type { PostOutcome } from './webhooks.port.js';

export interface NoticeMail {
  readonly subject: string;
  readonly text: string;
}

export interface OperatorMail {
  /** Never throws for what the world does. The same `messageId` is the same Message-ID, so that a mailbox sees a repeat. */
  send(to: string, messageId: string, mail: NoticeMail): Promise<PostOutcome>;
}

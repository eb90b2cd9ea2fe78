import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { BlobRef, DataSubject, Id, MailAddress, TrustLabel } from '../scalars.js';

/** Something came in from outside. Keyed by the hash of the source's own id, so that a repeat is the same entity. */
export const intake = entityContract('connectors', 'intake', {
  'input-received': event(
    1,
    z.strictObject({
      inputId: Id,
      source: z.enum(['mail']),
      /** Which account or mailbox it came in by. */
      via: z.string(),
      dataSubject: DataSubject,
      messageId: z.string(),
      from: MailAddress,
      to: z.array(MailAddress),
      subject: z.string(),
      text: z.string(),
      inReplyTo: z.string().nullable(),
      attachments: z.array(z.strictObject({ name: z.string(), mediaType: z.string(), bytes: z.int().nonnegative() })),
      /** The message as it came, sealed. */
      raw: BlobRef.nullable(),
      trust: TrustLabel,
    }),
    { personal: ['messageId', 'from', 'to', 'subject', 'text', 'inReplyTo', 'attachments'] },
  ),
});
export type IntakeEvent = EventOf<typeof intake>;

/** What is mailed to the operator, as it comes in and goes out. */
import { DigestTime } from '@soloist/contracts';
import { z } from 'zod';

export const SetMailing = z
  .strictObject({
    address: z.email('must be one mail address such as jane@example.com').max(254),
    reminders: z.boolean().default(true),
    digest: DigestTime.nullable().default(null),
  })
  .refine(({ reminders, digest }) => reminders || digest !== null, { path: ['digest'], message: 'must be given when no reminders are wanted' })
  .meta({ id: 'SetMailing' });
export type SetMailing = z.output<typeof SetMailing>;

/** `address` null: nothing is mailed. `nextDigestAt`: when it is looked next whether there is something to say. `lastCode`: why the latest mail failed. */
export const MailingCard = z
  .strictObject({
    address: z.string().nullable(),
    reminders: z.boolean(),
    digest: DigestTime.nullable(),
    nextDigestAt: z.string().nullable(),
    state: z.enum(['good', 'failing', 'disabled']),
    failuresInARow: z.int().nonnegative(),
    lastCode: z.string().nullable(),
  })
  .meta({ id: 'Mailing' });
export type MailingCard = z.output<typeof MailingCard>;

/** `isDelivered`: the mail server took it; null: not on record in time. */
export const MailingTest = z.strictObject({ isDelivered: z.boolean().nullable(), code: z.string().nullable() }).meta({ id: 'MailingTest' });
export type MailingTest = z.output<typeof MailingTest>;

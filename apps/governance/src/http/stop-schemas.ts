import { z } from 'zod';

export const StopWish = z.strictObject({ because: z.string().min(1).max(500).default('No reason was given.') }).meta({ id: 'StopWish' });
export type StopWish = z.output<typeof StopWish>;

/** `isStopped`: in any stream. `acknowledgedInMs`: from the arrival of the request to the moment the log showed the wish in every stream. */
export const CompanyStanding = z
  .strictObject({
    isStopped: z.boolean(),
    streams: z.int().positive(),
    stoppedStreams: z.int().nonnegative(),
    generation: z.int().nonnegative(),
    by: z.string().nullable(),
    because: z.string().nullable(),
    at: z.string().nullable(),
  })
  .meta({ id: 'CompanyStanding' });
export type CompanyStanding = z.output<typeof CompanyStanding>;

export const StopAcknowledgement = z.strictObject({ ...CompanyStanding.shape, acknowledgedInMs: z.number().nonnegative() }).meta({ id: 'StopAcknowledgement' });
export type StopAcknowledgement = z.output<typeof StopAcknowledgement>;

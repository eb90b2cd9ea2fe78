import { DataSubject, Id, ProgramName, ProgramVersion, StepName } from '@soloist/contracts';
import { z } from 'zod';

/** Whatever names the wish at its sender: an order number, a date. */
const Key = z.string().min(1).max(200);

export { ProgramName };

/** `newest`: the version that new runs take. `inputSchema`: JSON Schema of what a run must be started with; null for anything. */
export const ProgramCard = z
  .strictObject({
    name: z.string(),
    newest: z.string(),
    versions: z.array(z.strictObject({ version: z.string(), inputSchema: z.json(), registeredAt: z.string() })),
  })
  .meta({ id: 'Program' });
export type ProgramCard = z.output<typeof ProgramCard>;
export const ProgramList = z.strictObject({ programs: z.array(ProgramCard) }).meta({ id: 'ProgramList' });

/** Without `version` the newest. The same `key` again answers the same run; without one each request is another run. */
export const ProgramStart = z
  .strictObject({
    version: ProgramVersion.optional(),
    input: z.json().default(null),
    key: Key.optional(),
    /** Whose data it is about: under this its personal fields are sealed. */
    dataSubject: DataSubject.default('operator'),
  })
  .meta({ id: 'ProgramStart' });
export type ProgramStart = z.output<typeof ProgramStart>;

/** `isOnRecord` false: the wish is durable, and no worker has taken it up yet. */
export const ProgramStarted = z.strictObject({ runId: Id, url: z.string(), program: z.string(), version: z.string(), isOnRecord: z.boolean() }).meta({ id: 'ProgramStarted' });
export type ProgramStarted = z.output<typeof ProgramStarted>;

/** The same `key` again is the same event. */
export const ProgramEventWish = z.strictObject({ name: StepName, payload: z.json().default(null), key: Key.optional() }).meta({ id: 'ProgramEventWish' });
export type ProgramEventWish = z.output<typeof ProgramEventWish>;
export const ProgramEventOutcome = z.strictObject({ runId: Id, eventId: Id, state: z.enum(['open', 'ended']), isOnRecord: z.boolean() }).meta({ id: 'ProgramEventOutcome' });
export type ProgramEventOutcome = z.output<typeof ProgramEventOutcome>;

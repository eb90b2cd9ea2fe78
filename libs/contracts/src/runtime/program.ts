/**
 * The events of a program: code that runs as durable steps. They lie on the loop's subject of their run, so that one
 * expectation fences every zombie of it, as for an agent's run.
 *
 * I1 a place (`path`) names one call of the program: its number in its branch, `3`, or `3.0.1` inside a parallel branch
 * I2 what a place was on record (kind, name, digest of its arguments) is what it must be when the program runs again
 */
import { z } from 'zod';
import { event } from '../event-contract.js';
import { BlobRef, DataSubject, Digest, Id, Timestamp } from '../scalars.js';

export const ProgramName = z.string().regex(/^[a-z][a-z0-9-]{0,47}$/, 'a-z, digits and -, at most 48, starting with a letter');
/** Chosen by whoever writes the program; a run stays with the version it was started with. */
export const ProgramVersion = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,31}$/, 'a-z, digits, . and -, at most 32');
export const StepPath = z.string().regex(/^[0-9]{1,7}(\.[0-9]{1,7})*$/, 'numbers separated by .').max(200);
/** Of a step or of an event that is waited for. */
export const StepName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/, 'letters, digits and ._:-, at most 100');

/** JSON in its event, or in a blob when it is large; both null stand for the JSON null. */
const carried = { value: z.json(), blob: BlobRef.nullable() };
export const ProgramOutcome = z.enum(['done', 'failed', 'cancelled', 'diverged']);
export type ProgramOutcome = z.output<typeof ProgramOutcome>;

/** What a call was, as it is compared when the program runs again. */
export const CallForm = z.strictObject({ kind: z.enum(['step', 'timer', 'event', 'child']), name: z.string(), argsDigest: Digest });
export type CallForm = z.output<typeof CallForm>;

const ParentRef = z.strictObject({ runId: Id, path: StepPath });
const callOf = { path: StepPath, name: StepName, argsDigest: Digest };

export const programEvents = {
  'program-started': event(
    1,
    z.strictObject({
      runId: Id,
      program: ProgramName,
      version: ProgramVersion,
      ...carried,
      parent: ParentRef.nullable(),
      dataSubject: DataSubject,
    }),
    { personal: ['value'] },
  ),
  /** A worker has the run now. `lease` is the delivery it works under: only a later life of that one may take over. */
  'program-claimed': event(1, z.strictObject({ epoch: z.int().positive(), lease: z.string() })),
  /** The claim of a step: it may be running from here on. */
  'step-claimed': event(1, z.strictObject({ ...callOf, attempt: z.int().positive(), epoch: z.int().positive() })),
  'step-completed': event(1, z.strictObject({ path: StepPath, ...carried, dataSubject: DataSubject }), { personal: ['value'] }),
  /** `isFinal`: no further attempt; the program sees the failure. */
  'step-failed': event(
    1,
    z.strictObject({ path: StepPath, attempt: z.int().positive(), code: z.string(), because: z.string(), isFinal: z.boolean(), dataSubject: DataSubject }),
    { personal: ['because'] },
  ),
  'timer-armed': event(1, z.strictObject({ ...callOf, timerId: Id, dueAt: Timestamp })),
  'timer-fired': event(1, z.strictObject({ path: StepPath, timerId: Id })),
  'event-awaited': event(1, z.strictObject({ ...callOf })),
  'event-received': event(1, z.strictObject({ eventId: Id, name: StepName, ...carried, dataSubject: DataSubject }), { personal: ['value'] }),
  'event-taken': event(1, z.strictObject({ path: StepPath, eventId: Id })),
  'child-requested': event(
    1,
    z.strictObject({ ...callOf, childRunId: Id, program: ProgramName, version: ProgramVersion, ...carried, dataSubject: DataSubject }),
    { personal: ['value'] },
  ),
  'child-ended': event(
    1,
    z.strictObject({ path: StepPath, childRunId: Id, outcome: ProgramOutcome, ...carried, because: z.string(), dataSubject: DataSubject }),
    { personal: ['value', 'because'] },
  ),
  /** Nothing runs and nobody holds the run: what it waits for brings the next worker. */
  'program-suspended': event(1, z.strictObject({ epoch: z.int().positive() })),
  /** The operator holds the run: no further call of its code is begun. What is under way is written down. */
  'program-paused': event(1, z.strictObject({ commandId: Id, by: z.string(), because: z.string() })),
  'program-resumed': event(1, z.strictObject({ commandId: Id, by: z.string(), because: z.string() })),
  'cancel-requested': event(1, z.strictObject({ by: z.string(), because: z.string() })),
  /** The program runs on from the start of its code with a new input; what came before is not read again. */
  'program-continued': event(
    1,
    z.strictObject({
      runId: Id,
      program: ProgramName,
      version: ProgramVersion,
      ...carried,
      parent: ParentRef.nullable(),
      generation: z.int().positive(),
      epoch: z.int().positive(),
      lease: z.string(),
      steps: z.int().nonnegative(),
      isCancelled: z.boolean(),
      unread: z.array(z.strictObject({ eventId: Id, name: StepName, ...carried })),
      /** Ids of events received lately, so that one delivered again is known. */
      eventIds: z.array(Id),
      dataSubject: DataSubject,
    }),
    { personal: ['value', 'unread'] },
  ),
  /** The code does not do what is on record: both sides of the first difference. */
  'program-diverged': event(1, z.strictObject({ path: StepPath, recorded: CallForm.nullable(), replayed: CallForm.nullable() })),
  'program-ended': event(
    1,
    z.strictObject({
      outcome: ProgramOutcome,
      ...carried,
      code: z.string(),
      because: z.string(),
      steps: z.int().nonnegative(),
      dataSubject: DataSubject,
    }),
    { personal: ['value', 'because'] },
  ),
};

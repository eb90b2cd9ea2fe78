/**
 * Wishes about program runs, published by governance's API only and addressed to `runtime.loop.<runId>`. A command is
 * done if the log shows its event; sending one twice changes nothing.
 */
import { z } from 'zod';
import { DataSubject, Id } from '../scalars.js';
import { ProgramName, ProgramVersion, StepName } from './program.js';

export const StartProgram = z.strictObject({
  type: z.literal('runtime.loop.start-program'),
  program: ProgramName,
  /** Null: the newest version the worker knows. */
  version: ProgramVersion.nullable(),
  input: z.json(),
  dataSubject: DataSubject,
});
export type StartProgram = z.output<typeof StartProgram>;

export const DeliverEvent = z.strictObject({
  type: z.literal('runtime.loop.deliver-event'),
  eventId: Id,
  name: StepName,
  payload: z.json(),
});
export type DeliverEvent = z.output<typeof DeliverEvent>;

export const CancelProgram = z.strictObject({
  type: z.literal('runtime.loop.cancel-program'),
  because: z.string().min(1).max(2_000),
});
export type CancelProgram = z.output<typeof CancelProgram>;

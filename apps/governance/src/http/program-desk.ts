/**
 * Wishes about runs of programs: start, send an event, end. Each is a command; what is answered is what is on record.
 *
 * I1 the API starts nothing: it publishes a wish, and only for a program that somebody has registered, with an input that
 *    the program takes
 * I2 one key of a program is one run for ever: its id follows from both. Another input under the same key is refused
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { inputProblem, type CancelProgram, type DeliverEvent, type LoopEvent, type ProgramEvent, type StartProgram } from '@soloist/contracts';
import { derivedId, isErased, type EventLog } from '@soloist/eventlog';
import { canonicalJson } from '@soloist/kernel';
import { ApiError } from './api-error.js';
import { programNamed, registeredPrograms } from './program-register.js';
import type { ProgramEventOutcome, ProgramEventWish, ProgramStart, ProgramStarted } from './program-schemas.js';
import type { CancelOutcome } from './schemas.js';

const BEGIN_WITHIN_MS = 2_000;
const WAIT_MS = 10_000;
const PAUSE_MS = 25;

type Begun = Extract<ProgramEvent, { type: 'runtime.loop.program-started' | 'runtime.loop.program-continued' }>;
const addressOf = (runId: string) => ({ context: 'runtime', entity: 'loop', key: runId }) as const;

/** @returns `isNew` false when the run was there before @throws ApiError 400, 404, 409 */
export async function startProgram(log: EventLog, name: string, { version: wanted, input, key, dataSubject }: ProgramStart, by: string): Promise<ProgramStarted & { readonly isNew: boolean }> {
  const { version, inputSchema } = programNamed(await registeredPrograms(log), name, wanted ?? null);
  const problem = inputProblem(inputSchema, input);
  if (problem !== null) throw new ApiError(400, 'program.input-refused', `The program ${name} ${version} takes no such input: ${problem}.`, 'Correct the fields; GET /v1/programs shows the schema of each version.');
  const runId = derivedId('program-run', name, key ?? randomUUID());
  const answer = (begun: Begun | null, isNew: boolean) => ({ runId, url: `/v1/runs/${runId}`, program: name, version: begun?.data.version ?? version, isOnRecord: begun !== null, isNew });
  const same = async (begun: Begun): Promise<Begun> => {
    if ((wanted !== undefined && begun.data.version !== wanted) || !(await isGiven(log, begun, input))) {
      throw new ApiError(409, 'program.key-taken', `Run ${runId} was started under this key with another version or input.`, 'Use another key, or send what was sent before.');
    }
    return begun;
  };
  const before = key === undefined ? null : await begunOf(log, runId);
  if (before !== null) return answer(await same(before), false);
  const body: StartProgram = { type: 'runtime.loop.start-program', program: name, version, input, dataSubject };
  await log.command(addressOf(runId), { id: randomUUID(), actor: by, body });
  const begun = await within(BEGIN_WITHIN_MS, () => begunOf(log, runId));
  return answer(begun === null ? null : await same(begun), true);
}

/** @returns `isOnRecord` false when it is not received yet, or never will be by a run that has ended */
export async function sendEvent(log: EventLog, runId: string, { name, payload, key }: ProgramEventWish, by: string): Promise<ProgramEventOutcome> {
  const eventId = derivedId('program-event', runId, key ?? randomUUID());
  const look = async (): Promise<ProgramEventOutcome | null> => {
    const events = await loopOf(log, runId);
    if (events.some((event) => hasReceived(event, eventId))) return { runId, eventId, state: endOf(events) === null ? 'open' : 'ended', isOnRecord: true };
    return endOf(events) === null ? null : { runId, eventId, state: 'ended', isOnRecord: false };
  };
  const before = await look();
  if (before !== null) return before;
  const body: DeliverEvent = { type: 'runtime.loop.deliver-event', eventId, name, payload };
  await log.command(addressOf(runId), { id: randomUUID(), actor: by, body });
  return (await within(WAIT_MS, look)) ?? { runId, eventId, state: 'open', isOnRecord: false };
}

/** @returns `outcome` null when the end is not on record yet; the command is durable and will be answered */
export async function cancelProgramRun(log: EventLog, runId: string, by: string, because: string): Promise<CancelOutcome> {
  const look = async (): Promise<CancelOutcome['outcome']> => endOf(await loopOf(log, runId));
  const before = await look();
  if (before !== null) return { runId, outcome: before };
  const body: CancelProgram = { type: 'runtime.loop.cancel-program', because };
  await log.command(addressOf(runId), { id: randomUUID(), actor: by, body });
  return { runId, outcome: await within(WAIT_MS, look) };
}

async function within<Found>(ms: number, look: () => Promise<Found | null>): Promise<Found | null> {
  const deadline = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== null || performance.now() > deadline) return found;
    await delay(PAUSE_MS);
  }
}

/** From its latest history on. */
async function loopOf(log: EventLog, runId: string): Promise<readonly LoopEvent[]> {
  return (await log.read(addressOf(runId))).flatMap((commit) => commit.events) as readonly LoopEvent[];
}

async function begunOf(log: EventLog, runId: string): Promise<Begun | null> {
  return (await loopOf(log, runId)).find((event): event is Begun => event.type === 'runtime.loop.program-started' || event.type === 'runtime.loop.program-continued') ?? null;
}

/** What nobody can tell any more counts as the same: the input of a run that has gone on with another, or of somebody erased. */
async function isGiven(log: EventLog, { type, data }: Begun, input: unknown): Promise<boolean> {
  if (type === 'runtime.loop.program-continued' || isErased(data.value)) return true;
  const given = canonicalJson(input);
  return given === (data.blob === null ? canonicalJson(data.value) : Buffer.from(await log.getBlob(data.blob)).toString('utf8'));
}

function hasReceived(event: LoopEvent, eventId: string): boolean {
  if (event.type === 'runtime.loop.program-continued') return event.data.eventIds.includes(eventId);
  return event.type === 'runtime.loop.event-received' && event.data.eventId === eventId;
}

function endOf(events: readonly LoopEvent[]): 'done' | 'failed' | 'cancelled' | 'diverged' | null {
  const ended = events.find((event) => event.type === 'runtime.loop.program-ended');
  return ended?.data.outcome ?? null;
}

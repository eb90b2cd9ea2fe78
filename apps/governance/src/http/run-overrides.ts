/**
 * Puts the operator's override of a run on the log as a command, and waits until the run's own record shows it.
 *
 * I1 the API overrides nothing: it publishes a wish, and answers what is on record
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isProgramEvent, type AnswerRun, type LoopEvent, type PauseRun, type ResumeRun } from '@soloist/contracts';
import type { EventLog } from '@soloist/eventlog';
import type { OverrideOutcome } from './override-schemas.js';

const WAIT_MS = 10_000;
const PAUSE_MS = 25;

export const pauseWish = (runId: string, by: string, because: string): PauseRun => ({ type: 'runtime.loop.pause', runId, by, because });
export const resumeWish = (runId: string, by: string, because: string): ResumeRun => ({ type: 'runtime.loop.resume', runId, by, because });
export const answerWish = (runId: string, by: string, text: string): AnswerRun => ({ type: 'runtime.loop.answer', runId, by, text });

/** @returns `isOnRecord` false when nothing showed the wish in time; the command is durable and will be looked at */
export async function override(log: EventLog, wish: PauseRun | ResumeRun | AnswerRun): Promise<OverrideOutcome> {
  const { runId } = wish;
  const wanted = wish.type === 'runtime.loop.pause' ? 'paused' : 'running';
  const before = await standingOf(log, runId);
  if (before.state === 'ended' || (before.state === wanted && wish.type !== 'runtime.loop.answer')) return { runId, state: before.state, isOnRecord: true };
  const id = randomUUID();
  await log.command({ context: 'runtime', entity: 'loop', key: runId }, { id, actor: wish.by, body: wish });
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const { state, commands, isProgram } = await standingOf(log, runId);
    // A program that has begun a new history since tells where it stands, and no more by which wish.
    const isOnRecord = commands.has(id) || state === 'ended' || (isProgram && state === wanted);
    if (isOnRecord || performance.now() > deadline) return { runId, state, isOnRecord };
    await delay(PAUSE_MS);
  }
}

interface Standing {
  readonly state: OverrideOutcome['state'];
  readonly commands: ReadonlySet<string>;
  readonly isProgram: boolean;
}

async function standingOf(log: EventLog, runId: string): Promise<Standing> {
  const loop = (await log.read({ context: 'runtime', entity: 'loop', key: runId })).flatMap((commit) => commit.events) as readonly LoopEvent[];
  const commands = new Set<string>();
  let state: Standing['state'] = loop.length === 0 ? 'not-begun' : 'running';
  for (const event of loop) {
    if (isPause(event)) state = 'paused';
    if (isResume(event)) state = 'running';
    if (event.type === 'runtime.loop.finished' || event.type === 'runtime.loop.program-ended') state = 'ended';
    if (isPause(event) || isResume(event)) commands.add(event.data.commandId);
  }
  return { state, commands, isProgram: loop.some(isProgramEvent) };
}

type Pause = Extract<LoopEvent, { type: 'runtime.loop.paused' | 'runtime.loop.program-paused' }>;
type Resume = Extract<LoopEvent, { type: 'runtime.loop.resumed' | 'runtime.loop.program-resumed' }>;
const isPause = (event: LoopEvent): event is Pause => event.type === 'runtime.loop.paused' || event.type === 'runtime.loop.program-paused';
const isResume = (event: LoopEvent): event is Resume => event.type === 'runtime.loop.resumed' || event.type === 'runtime.loop.program-resumed';

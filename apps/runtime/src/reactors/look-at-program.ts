/** A wake-up is due: something a run waits for may be there. The log says whether. */
import type { ProgramEvent } from '@soloist/contracts';
import type { Due, EventLog } from '@soloist/eventlog';
import { Fault, isFault } from '@soloist/kernel';
import type { TimerReactor, Work } from '@soloist/service';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { advanceProgram, type Arrived } from '../program/advance-program.js';
import { callId, type CallIdPurpose } from '../program/call-ids.js';
import { valueOf } from '../program/carried.js';
import type { WakeUp } from '../program/drafts.js';
import { readProgram, type Settled } from '../program/program-record.js';
import { begunOf, type ProgramState, type Wait } from '../program/program-state.js';

type Look<K extends WakeUp['kind']> = Extract<WakeUp, { kind: K }>;

export const lookAtProgram: TimerReactor<RuntimePorts> = {
  name: 'look-at-program',
  on: 'loop',
  react: async (due, work) => {
    const look = due.body as WakeUp;
    const arrived = await arrivedBy(due, look, work);
    if (arrived !== null) await advanceProgram(work, arrived);
  },
};

async function arrivedBy(due: Due, look: WakeUp, work: Work<RuntimePorts>): Promise<Arrived | null> {
  switch (look.kind) {
    case 'timer':
      return timerFired(due, look);
    case 'begin-child':
      return childBegins(due, look, work);
    case 'parent-cancelled':
      return parentCancelled(due, look, work);
    case 'child-ended':
      return childEnded(due, look, work);
    case 'pick-up':
      // The id of the wake-up is the lease of the worker that is gone. If another has the run by now, nothing is left to do.
      return { runId: due.address.key, isWish: false, isKnown: () => true, facts: () => null, settles: null };
    default:
      throw new Fault('invalid', 'program.bad-wake-up', `Timer ${due.timerId} asks for a look nobody knows.`);
  }
}

function waitAt<K extends Wait['kind']>(state: ProgramState, path: string, kind: K): Extract<Wait, { kind: K }> | null {
  const wait = state.waits.get(path);
  return wait?.kind === kind ? (wait as Extract<Wait, { kind: K }>) : null;
}

/** Whether a call belongs to a history of its run that is closed: the run has ended, or has continued as new since. */
function isOfClosedHistory({ begun, generation, ended }: ProgramState, purpose: CallIdPurpose, path: string, id: string): boolean {
  return begun !== null && (ended !== null || callId(purpose, begun.runId, generation, path) !== id);
}

function timerFired(due: Due, { path }: Look<'timer'>): Arrived {
  const { timerId } = due;
  const fired: ProgramEvent = { type: 'runtime.loop.timer-fired', data: { path, timerId } };
  return {
    runId: due.address.key,
    isWish: false,
    // Its arming may not be on record yet: then nobody has fired it either.
    isKnown: (_, calls) => calls.get(path)?.settled != null,
    isOver: (state) => isOfClosedHistory(state, 'timer', path, timerId),
    facts: (state) => {
      return waitAt(state, path, 'timer')?.timerId === timerId ? [fired] : null;
    },
    tooEarly: (state) => {
      const dueAt = waitAt(state, path, 'timer')?.dueAt;
      return dueAt !== undefined && Date.parse(due.firedAt) < Date.parse(dueAt) ? { timerId, address: due.address, dueAt, body: due.body } : null;
    },
    settles: { path, settled: { kind: 'value', value: null } },
  };
}

async function childBegins(due: Due, { parentRunId, path }: Look<'begin-child'>, work: Work<RuntimePorts>): Promise<Arrived> {
  const childRunId = due.address.key;
  const parent = (await readProgram(work.log, parentRunId)).state;
  const isOver = (asker: ProgramState): boolean => isOfClosedHistory(asker, 'child', path, childRunId);
  const facts = childOf(waitAt(parent, path, 'child'), childRunId, parent, path) ?? (isOver(parent) ? await closedUnbegun(childRunId, parentRunId, work.log) : null);
  return { runId: childRunId, isWish: false, asker: parent, isOver, isKnown: (state) => state.begun !== null, facts: () => facts, settles: null };
}

/**
 * An earlier life of this delivery may have sent the beginning off and died, and it may land at any time: then nobody would
 * hold the run. What is written here takes its place, so that it cannot (ADR 0018). Null when the child has begun, or was never asked for.
 */
async function closedUnbegun(childRunId: string, parentRunId: string, log: EventLog): Promise<readonly ProgramEvent[] | null> {
  if ((await readProgram(log, childRunId)).state.begun !== null) return null;
  const commits = await log.history({ context: 'runtime', entity: 'loop', key: parentRunId });
  const requested = (commits.flatMap(({ events }) => events) as readonly ProgramEvent[]).find((event) => event.type === 'runtime.loop.child-requested' && event.data.childRunId === childRunId);
  if (requested?.type !== 'runtime.loop.child-requested') return null;
  const { path, program, version, dataSubject } = requested.data;
  // What it would have been given stands in the record of its parent, and is not copied for a run that does nothing.
  const nothing = { value: null, blob: null };
  const because = 'The run that asked for this one was over before it began.';
  return [
    { type: 'runtime.loop.program-started', data: { runId: childRunId, program, version, ...nothing, parent: { runId: parentRunId, path }, dataSubject } },
    { type: 'runtime.loop.program-ended', data: { outcome: 'cancelled', ...nothing, code: 'program.cancelled', because, steps: 0, dataSubject } },
  ];
}

/** Armed before the parent's end is on record: until it is, this is looked at again. */
async function parentCancelled(due: Due, { parentRunId }: Look<'parent-cancelled'>, work: Work<RuntimePorts>): Promise<Arrived> {
  const parent = (await readProgram(work.log, parentRunId)).state;
  const isCut = (state: ProgramState): boolean => state.begun?.parent?.runId === parentRunId && parent.ended?.outcome === 'cancelled';
  const cut: ProgramEvent = { type: 'runtime.loop.cancel-requested', data: { by: `run ${parentRunId}`, because: 'The run that waits for this one was cancelled.' } };
  return { runId: due.address.key, isWish: false, asker: parent, isKnown: (state) => state.isCancelled, facts: (state) => (isCut(state) ? [cut] : null), settles: null };
}

function childOf(wait: Extract<Wait, { kind: 'child' }> | null, childRunId: string, parent: ProgramState, path: string): readonly ProgramEvent[] | null {
  if (wait?.childRunId !== childRunId) return null;
  const { runId, dataSubject } = begunOf(parent);
  const { program, version, input } = wait;
  return [{ type: 'runtime.loop.program-started', data: { runId: childRunId, program, version, ...input, parent: { runId, path }, dataSubject } }];
}

/** An answer whose person was erased is nobody's any more; the parent, which is about the same person, finds that out itself. */
async function settledBy({ log }: Work<RuntimePorts>, childRunId: string, { outcome, value, because }: NonNullable<ProgramState['ended']>): Promise<Settled> {
  if (outcome !== 'done') return { kind: 'child-failed', childRunId, outcome, because };
  try {
    return { kind: 'value', value: await valueOf(log, value) };
  } catch (error) {
    if (isFault(error) && error.code === 'log.blob-erased') return { kind: 'value', value: null };
    throw error;
  }
}

async function childEnded(due: Due, { path, childRunId }: Look<'child-ended'>, work: Work<RuntimePorts>): Promise<Arrived> {
  const child = (await readProgram(work.log, childRunId)).state;
  const { ended } = child;
  const settled = ended === null ? null : await settledBy(work, childRunId, ended);
  return {
    runId: due.address.key,
    isWish: false,
    isKnown: (_, calls) => calls.get(path)?.settled != null,
    isOver: (state) => isOfClosedHistory(state, 'child', path, childRunId),
    facts: (state) => {
      const wait = waitAt(state, path, 'child');
      if (ended === null || wait?.childRunId !== childRunId) return null;
      const { outcome, value, because } = ended;
      return [{ type: 'runtime.loop.child-ended', data: { path, childRunId, outcome, ...value, because, dataSubject: begunOf(state).dataSubject } }];
    },
    settles: settled === null ? null : { path, settled },
  };
}

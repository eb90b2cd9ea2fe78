/** A wake-up is due: something a run waits for may be there. The log says whether. */
import type { ProgramEvent } from '@soloist/contracts';
import type { Due } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import type { TimerReactor, Work } from '@soloist/service';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { advanceProgram, type Arrived } from '../program/advance-program.js';
import { valueOf } from '../program/carried.js';
import type { WakeUp } from '../program/drafts.js';
import { readProgram, type Settled } from '../program/program-record.js';
import { begunOf, type Begun, type ProgramState, type Wait } from '../program/program-state.js';

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

function timerFired(due: Due, { path }: Look<'timer'>): Arrived {
  const { timerId } = due;
  const fired: ProgramEvent = { type: 'runtime.loop.timer-fired', data: { path, timerId } };
  return {
    runId: due.address.key,
    isWish: false,
    // Its arming may not be on record yet: then nobody has fired it either.
    isKnown: (_, calls) => calls.get(path)?.settled != null,
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
  const wait = waitAt(parent, path, 'child');
  const started: ProgramEvent | null = wait === null ? null : startedBy(begunOf(parent), childRunId, path, wait);
  return { runId: childRunId, isWish: false, asker: parent, isKnown: (state) => state.begun !== null, facts: () => (started === null ? null : [started]), settles: null };
}

/** Armed before the parent's end is on record: until it is, this is looked at again. */
async function parentCancelled(due: Due, { parentRunId }: Look<'parent-cancelled'>, work: Work<RuntimePorts>): Promise<Arrived> {
  const parent = (await readProgram(work.log, parentRunId)).state;
  const isCut = (state: ProgramState): boolean => state.begun?.parent?.runId === parentRunId && parent.ended?.outcome === 'cancelled';
  const cut: ProgramEvent = { type: 'runtime.loop.cancel-requested', data: { by: `run ${parentRunId}`, because: 'The run that waits for this one was cancelled.' } };
  return { runId: due.address.key, isWish: false, asker: parent, isKnown: (state) => state.isCancelled, facts: (state) => (isCut(state) ? [cut] : null), settles: null };
}

function startedBy(parent: Begun, childRunId: string, path: string, { program, version, input }: Extract<Wait, { kind: 'child' }>): ProgramEvent {
  const { runId, dataSubject } = parent;
  return { type: 'runtime.loop.program-started', data: { runId: childRunId, program, version, ...input, parent: { runId, path }, dataSubject } };
}

async function childEnded(due: Due, { path, childRunId }: Look<'child-ended'>, work: Work<RuntimePorts>): Promise<Arrived> {
  const child = (await readProgram(work.log, childRunId)).state;
  const { ended } = child;
  const settled: Settled | null = ended === null ? null : ended.outcome === 'done' ? { kind: 'value', value: await valueOf(work.log, ended.value) } : { kind: 'child-failed', childRunId, outcome: ended.outcome, because: ended.because };
  return {
    runId: due.address.key,
    isWish: false,
    isKnown: (_, calls) => calls.get(path)?.settled != null,
    facts: (state) => {
      const wait = waitAt(state, path, 'child');
      if (ended === null || wait?.childRunId !== childRunId) return null;
      const { outcome, value, because } = ended;
      return [{ type: 'runtime.loop.child-ended', data: { path, childRunId, outcome, ...value, because, dataSubject: begunOf(state).dataSubject } }];
    },
    settles: settled === null ? null : { path, settled },
  };
}

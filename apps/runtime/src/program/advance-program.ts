/**
 * The one way a program's run moves: something arrives, is looked up in the log, and, if nobody has the run, is written
 * together with the claim of the run and everything that follows from it.
 *
 * I1 what arrives is on record once, however often it is delivered
 * I2 a run that somebody holds is left to him: what arrived is written, and he finds it there
 * I3 a run whose worker died is taken over only by a later life of the delivery it worked under
 * I4 a later life that finds nothing to do any more leaves no room for what an earlier one may still have on its way
 */
import type { ProgramEvent } from '@soloist/contracts';
import type { TimerDraft } from '@soloist/eventlog';
import { Fault, isFault } from '@soloist/kernel';
import type { Work } from '@soloist/service';
import { heldElsewhere, requireGone } from '../loop/commit-step.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { pairs } from './batch.js';
import { valueOf } from './carried.js';
import type { Program } from './define-program.js';
import { programEnded, wakeUpsOf } from './drafts.js';
import { pickedUp } from './open-here.js';
import { readProgram, type ProgramRecord, type RecordedCall, type Settled } from './program-record.js';
import { ProgramRun } from './program-run.js';
import { begunOf, programEntity, type Begun, type ProgramState } from './program-state.js';
import type { RunEntry } from './run-entry.js';

/** What a delivery brings to a run. */
export interface Arrived {
  readonly runId: string;
  /** Whether it is on record already. */
  readonly isKnown: (state: ProgramState, calls: ReadonlyMap<string, RecordedCall>) => boolean;
  /** The facts it makes on a state that does not know it; null while nothing on record asks for it. A wish nobody asked for is dead; a wake-up is forgotten with the run that could ask. */
  readonly isWish: boolean;
  /** The run whose record has to ask for this, where it is another one. */
  readonly asker?: ProgramState;
  /** The history that could ask for this is closed, and did not. */
  readonly isOver?: (asker: ProgramState) => boolean;
  /** Taken for the first thing that ever happened to the run, unread; where it was not, the commit fails and it comes again. */
  readonly isFirst?: boolean;
  readonly facts: (state: ProgramState) => readonly ProgramEvent[] | null;
  /** The wake-up to arm again when this one came before its time; null when it is time. */
  readonly tooEarly?: (state: ProgramState) => TimerDraft | null;
  /** What the code is told, by the place of its call. */
  readonly settles: { readonly path: string; readonly settled: Settled } | null;
}

const NOTHING: ProgramRecord = { state: programEntity.initial, loaded: null, calls: new Map(), isErased: false };
/** A worker without this code leaves the run to one that has it. */
const CODE_MISSING_MS = 30_000;
/** After so many looks a wish is dead that nobody asked for, and the next look takes its time. */
const LOOKS = 8;
const LOOK_AGAIN_MS = 1_000;
const LONGEST_LOOK_MS = 30_000;
/** A wake-up of a run that never began: its worker died before the first commit, and whoever begins it arms anew. */
const LOOKS_AT_NOTHING = 100;

export async function advanceProgram(work: Work<RuntimePorts>, arrived: Arrived): Promise<void> {
  const record = arrived.isFirst === true ? NOTHING : await readProgram(work.log, arrived.runId);
  const { state } = record;
  if (state.ended !== null) return armAgain(work, state);
  // Who has the run is known by its name: what it brought may lie in an earlier history, which nobody reads again.
  if (state.holder === work.cause || arrived.isKnown(state, record.calls)) {
    if (state.holder !== work.cause) return;
    requireGone(work, arrived.runId);
    await armAgain(work, state);
    await pickUp(work, record, [], begunOf(state));
    return;
  }
  const early = arrived.tooEarly?.(state) ?? null;
  if (early !== null) return work.log.arm(early);
  const facts = arrived.facts(state);
  if (facts === null) return lookAgain(work, arrived, arrived.asker ?? state);
  const after = facts.reduce(programEntity.evolve, state);
  const goesOn = after.ended === null && state.holder === null && (state.begun === null || wakes(state, after));
  if (!goesOn) return writeAlone(work, arrived);
  if (arrived.settles !== null) settleIn(record, arrived.settles);
  await settleTaken(work, record, facts, after);
  await pickUp(work, record, facts, begunOf(after));
}

async function armAgain(work: Work<RuntimePorts>, state: ProgramState): Promise<void> {
  for (const timer of wakeUpsOf(state)) await work.log.arm(timer);
}

/** Whether a call of the code that waited has its answer now, the run is to end, or it may go on. A paused one is left to rest. */
function wakes(before: ProgramState, after: ProgramState): boolean {
  return after.isCancelled || (!after.isPaused && (before.isPaused || after.waits.size < before.waits.size));
}

function settleIn(record: ProgramRecord, { path, settled }: NonNullable<Arrived['settles']>): void {
  const call = record.calls.get(path);
  if (call !== undefined) call.settled = settled;
}

async function settleTaken(work: Work<RuntimePorts>, record: ProgramRecord, facts: readonly ProgramEvent[], after: ProgramState): Promise<void> {
  for (const fact of facts) {
    if (fact.type !== 'runtime.loop.event-taken') continue;
    const received = [...record.state.unread, ...receivedIn(facts)].find(({ eventId }) => eventId === fact.data.eventId);
    if (received === undefined) throw new Error(`event ${fact.data.eventId} of ${begunOf(after).runId} was taken and never received`);
    settleIn(record, { path: fact.data.path, settled: { kind: 'value', value: await valueOf(work.log, received) } });
  }
}

function receivedIn(facts: readonly ProgramEvent[]) {
  return facts.flatMap((fact) => (fact.type === 'runtime.loop.event-received' ? [fact.data] : []));
}

/** Adds who takes an event to the event itself, so that never both stay open. */
export function withTakers(state: ProgramState, facts: readonly ProgramEvent[]): readonly ProgramEvent[] {
  const taken = pairs(facts.reduce(programEntity.evolve, state));
  return [...facts, ...taken.map(({ path, received }): ProgramEvent => ({ type: 'runtime.loop.event-taken', data: { path, eventId: received.eventId } }))];
}

/** Somebody has the run, nothing waits for this, or it is the end: it is written, and found when the run goes on. */
async function writeAlone(work: Work<RuntimePorts>, arrived: Arrived): Promise<void> {
  let wokeUp = false;
  let isLease = false;
  await work.commit(programEntity, arrived.runId, 'arrived', (state) => {
    // Since it was read another worker has picked the run up under this very delivery: an ack would take its lease away.
    isLease = state.ended === null && state.holder === work.cause;
    if (isLease || state.ended !== null || arrived.isKnown(state, new Map())) return [];
    const facts = arrived.facts(state) ?? [];
    // The holder has let go in between: then this delivery must bring the run on, and looks again.
    const after = facts.reduce(programEntity.evolve, state);
    wokeUp = after.ended === null && state.holder === null && wakes(state, after);
    return wokeUp ? [] : facts;
  });
  if (isLease) throw heldElsewhere(arrived.runId, LOOK_AGAIN_MS);
  if (wokeUp) throw new Fault('transient', 'program.let-go', `Run ${arrived.runId} was suspended in between; it is looked at again.`, { retryAfterMs: 0 });
}

async function pickUp(work: Work<RuntimePorts>, record: ProgramRecord, facts: readonly ProgramEvent[], begun: Begun): Promise<void> {
  const { state } = record;
  pickedUp(work.ports, begun.runId);
  const lease = work.cause;
  const claim = (epoch: number): ProgramEvent => ({ type: 'runtime.loop.program-claimed', data: { epoch, lease } });
  const epoch = state.epoch + 1;
  const opening = [...facts, claim(epoch)];
  if (record.isErased) return refuse(work, begun.runId, opening, state.epoch, 'subject.erased', 'The person this run is about was erased; nothing more is done with their data.');
  const program = work.ports.programs?.find(begun.program, begun.version) ?? null;
  if (program === null) throw new Fault('transient', 'program.unknown', `This worker has no program ${begun.program} ${begun.version}. Register it; the run waits until then.`, { retryAfterMs: CODE_MISSING_MS });
  const turn = { count: 0 };
  let entry: RunEntry = { program, begun, generation: state.generation, calls: record.calls, opening, isNew: record === NOTHING, seen: record.loaded, seenEpoch: state.epoch, epoch };
  try {
    for (;;) {
      const next = await new ProgramRun(work, entry, turn).drive();
      if (next === null) return;
      entry = nextHistory(program, next.state);
    }
  } catch (error) {
    // What the log refuses it would refuse again: without an end the run would stay with a delivery that is buried.
    if (!isFault(error) || error.kind !== 'invalid') throw error;
    await refuse(work, begun.runId, opening, state.epoch, error.code, error.message);
  }
}

/** The same worker goes on with the new history; its claim stands in the commit that began it. */
function nextHistory(program: Program, state: ProgramState): RunEntry {
  return { program, begun: begunOf(state), generation: state.generation, calls: new Map(), opening: [], isNew: false, seen: null, seenEpoch: state.epoch, epoch: state.epoch };
}

async function refuse(work: Work<RuntimePorts>, runId: string, opening: readonly ProgramEvent[], seenEpoch: number, code: string, because: string): Promise<void> {
  const ended = programEnded({ outcome: 'failed', code, because });
  const outcome = await work.commit(programEntity, runId, 'refused', (state, now) => {
    if (state.ended !== null || state.epoch < seenEpoch || state.epoch > seenEpoch + 1) return [];
    const isClaimed = state.epoch === seenEpoch + 1;
    if (isClaimed && state.holder !== work.cause) return [];
    const begins = isClaimed ? [] : opening;
    return [...begins, ended.event({ now, state: begins.reduce(programEntity.evolve, state) })];
  });
  if (outcome.kind !== 'committed') throw heldElsewhere(runId);
}

/**
 * A wake-up is armed before the commit that asks for it, and its writer may sleep in between for any time: it is
 * forgotten only when the history that could ask is closed.
 */
function lookAgain(work: Work<RuntimePorts>, { runId, isWish, isOver }: Arrived, asker: ProgramState): void {
  if (isOver?.(asker) === true) return;
  const looks = work.deliveryCount;
  if (looks > LOOKS && isWish) throw new Fault('invalid', 'program.no-such-run', `There is no program run ${runId}. Start it, then send this again.`);
  if (asker.ended !== null ? looks > LOOKS : asker.begun === null && looks > LOOKS_AT_NOTHING) return;
  const retryAfterMs = looks > LOOKS ? Math.min(LOOK_AGAIN_MS * looks, LONGEST_LOOK_MS) : LOOK_AGAIN_MS;
  throw new Fault('transient', 'program.not-yet', `Nothing on record of run ${runId} asks for this yet; it is looked at again.`, { retryAfterMs });
}

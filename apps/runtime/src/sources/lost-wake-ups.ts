/**
 * Which wake-ups of a program's run are to be armed once more: read from its record, and from those of the runs it hangs
 * together with.
 *
 * I1 a run that waits for an event, or for a moment to come, is none of this
 * I2 a wake-up that comes twice changes nothing: whoever gets it looks in the log
 */
import type { TimerDraft } from '@soloist/eventlog';
import { childCut, pickUpAgain, wakeUpsOf } from '../program/drafts.js';
import { begunOf, type ProgramState } from '../program/program-state.js';

export interface Around {
  readonly stateOf: (runId: string) => Promise<ProgramState>;
  readonly holderOf: (runId: string) => Promise<'nobody' | 'another' | 'unclear'>;
  /** RFC 3339, UTC. */
  readonly now: string;
}

/** @param state of a run that has begun and not ended */
export async function lostWakeUps(state: ProgramState, around: Around): Promise<readonly TimerDraft[]> {
  const { runId } = begunOf(state);
  const cut = await cutByParent(state, around);
  if (state.holder === null) return [...cut, ...(await waitsLost(state, around))];
  // Nobody may be asked about a run whose worker is at a long step.
  const isHeld = (await around.holderOf(runId)) !== 'nobody';
  return isHeld ? cut : [...cut, pickUpAgain(runId, state.holder)];
}

async function cutByParent(state: ProgramState, { stateOf }: Around): Promise<readonly TimerDraft[]> {
  const { runId, parent } = begunOf(state);
  if (parent === null || state.isCancelled) return [];
  return (await stateOf(parent.runId)).ended?.outcome === 'cancelled' ? [childCut(runId, parent.runId)] : [];
}

async function waitsLost(state: ProgramState, { stateOf, now }: Around): Promise<readonly TimerDraft[]> {
  const own = wakeUpsOf(state);
  const armedFor = (id: string): readonly TimerDraft[] => own.filter(({ timerId, address }) => timerId === id || address.key === id);
  const lost: TimerDraft[] = [];
  for (const wait of state.waits.values()) {
    if (wait.kind === 'timer' && Date.parse(wait.dueAt) <= Date.parse(now)) lost.push(...armedFor(wait.timerId));
    if (wait.kind !== 'child') continue;
    const child = await stateOf(wait.childRunId);
    if (child.begun === null) lost.push(...armedFor(wait.childRunId));
    else if (child.ended !== null) lost.push(...wakeUpsOf(child));
  }
  return lost;
}

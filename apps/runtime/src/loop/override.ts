/** What the operator wants of one run: it rests, goes on, or ends with the operator's own answer. */
import { Fault } from '@soloist/kernel';
import type { Work } from '@soloist/service';
import type { Arrival } from '../domain/arrival.js';
import { claimOf } from '../domain/loop.js';
import { pauseLoop, type PauseWish } from '../domain/pause.js';
import { loopEntity } from '../entities.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { takeTurns } from './advance.js';
import { requireGone } from './commit-step.js';
import { readBrief } from './read-brief.js';
import { readLoop } from './read-loop.js';

export type Override = Extract<Arrival, { kind: 'resumed' | 'operator-answered' }>;

/** How often a run is looked for that has not begun: long enough for its admission, short enough to say that it is none of ours. */
const LOOKS = 50;
const LOOK_AGAIN_MS = 1_000;

/** @throws Fault transient while the run has not begun · Fault invalid when it does not begin */
export async function pause(work: Work<RuntimePorts>, runId: string, wish: PauseWish): Promise<void> {
  const outcome = await work.commit(loopEntity, runId, 'pause', (state) => pauseLoop(state, wish), { actor: wish.by });
  if (outcome.kind === 'rejected') throw notBegun(work, runId, outcome.rejection.because);
}

/** Goes on in this delivery: its command is the cause of the next claim, and takes it over when its worker dies. */
export async function goOnBy(work: Work<RuntimePorts>, runId: string, override: Override): Promise<void> {
  const { state, open } = await readLoop(work.log, runId);
  if (state.claim === null) throw notBegun(work, runId, 'The run has not begun; it is looked at again.');
  if (state.finished !== null) return;
  const isOurs = open !== null && open.cause === work.cause;
  if (isOurs) requireGone(work, runId);
  else if (state.pausedBy === null) return;
  const arrival: Arrival = isOurs ? { kind: 'takeover', askId: open.ask.askId } : override;
  await takeTurns(work, runId, await readBrief(work.log, claimOf(state)), arrival, 1);
}

function notBegun(work: Work<RuntimePorts>, runId: string, because: string): Fault {
  if (work.deliveryCount > LOOKS) return new Fault('invalid', 'loop.not-begun', `Run ${runId} is no agent's run that has begun. Look at it: ./soloist run show ${runId}.`);
  return new Fault('transient', 'loop.not-begun', because, { retryAfterMs: LOOK_AGAIN_MS });
}

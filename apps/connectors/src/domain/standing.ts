/** What the heads of others' entities tell: folds just as deep as one commit, since this service reads no history. */
import type { AnyEvent, HaltEvent, LoopEvent } from '@soloist/contracts';

export interface LoopStanding {
  /** The claim the run's last commit was written under; null when that commit does not say. */
  readonly epoch: number | null;
  readonly isFinished: boolean;
  /** The operator holds the run; every commit of its loop says so while it is. */
  readonly isPaused: boolean;
}

export interface CompanyStop {
  readonly isRaised: boolean;
  /** How often the company has been stopped so far. */
  readonly generation: number;
}

export function loopStanding(events: readonly AnyEvent[]): LoopStanding {
  let epoch: number | null = null;
  let isFinished = false;
  let isPaused = false;
  for (const event of events as readonly LoopEvent[]) {
    if (event.type === 'runtime.loop.finished') isFinished = true;
    if (event.type === 'runtime.loop.paused' || event.type === 'runtime.loop.held-back') isPaused = true;
    if (event.type === 'runtime.loop.resumed') isPaused = false;
    if ('epoch' in event.data) epoch = Math.max(epoch ?? 0, event.data.epoch);
  }
  return { epoch, isFinished, isPaused };
}

export function companyStop(events: readonly AnyEvent[]): CompanyStop {
  const last = (events as readonly HaltEvent[]).at(-1);
  if (last === undefined) return { isRaised: false, generation: 0 };
  return { isRaised: last.type === 'governance.halt.raised', generation: last.data.generation };
}

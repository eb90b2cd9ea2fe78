/**
 * A run that the operator holds.
 *
 * I1 a pause lies on the run's own subject, so that every claim decided after it sees it: no new model call, no new effect
 * I2 what was under way is written down, and what follows from it is held back until the run is resumed
 * I3 every commit written while the run is paused says so at its end, so that its head alone tells
 */
import type { LoopEvent } from '@soloist/contracts';
import { reject, type Rejection } from '@soloist/kernel';
import type { LoopState } from './loop.js';

export interface PauseWish {
  readonly commandId: string;
  readonly by: string;
  readonly because: string;
}

export function pauseLoop(state: LoopState, { commandId, by, because }: PauseWish): readonly LoopEvent[] | Rejection {
  if (state.claim === null) return reject('loop.not-begun', 'The run has not begun; it is looked at again.');
  if (state.finished !== null || state.pausedBy !== null) return [];
  return [{ type: 'runtime.loop.paused', data: { commandId, by, because, epoch: state.epoch } }];
}

/** Null when nothing is to be held back. */
export function heldBack(state: LoopState): LoopEvent | null {
  return state.pausedBy === null ? null : { type: 'runtime.loop.held-back', data: { pausedBy: state.pausedBy, epoch: state.epoch } };
}

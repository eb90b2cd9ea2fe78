/** What the operator wants of a program's run: it rests, or goes on. The agents' runs have their own, in `loop/override.ts`. */
import type { ProgramEvent } from '@soloist/contracts';
import type { Work } from '@soloist/service';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { advanceProgram } from './advance-program.js';
import { programEntity, type ProgramState } from './program-state.js';

export interface OverrideWish {
  readonly commandId: string;
  readonly by: string;
  readonly because: string;
}

export async function isProgramRun(work: Work<RuntimePorts>, runId: string): Promise<boolean> {
  return (await work.load(programEntity, runId)).state.begun !== null;
}

export function pauseProgram(work: Work<RuntimePorts>, runId: string, wish: OverrideWish): Promise<void> {
  return overrideProgram(work, runId, wish, (state) => (state.isPaused ? [] : [{ type: 'runtime.loop.program-paused', data: wish }]));
}

export function resumeProgram(work: Work<RuntimePorts>, runId: string, wish: OverrideWish): Promise<void> {
  return overrideProgram(work, runId, wish, (state) => (state.isPaused ? [{ type: 'runtime.loop.program-resumed', data: wish }] : []));
}

function overrideProgram(work: Work<RuntimePorts>, runId: string, { commandId }: OverrideWish, facts: (state: ProgramState) => readonly ProgramEvent[]): Promise<void> {
  return advanceProgram(work, { runId, isWish: true, isKnown: (state) => state.eventIds.has(commandId), facts, settles: null });
}

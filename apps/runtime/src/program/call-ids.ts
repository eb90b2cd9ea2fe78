/** The ids of what a call of a program brings about: the same for every worker, and of one history of its run alone. */
import { derivedId } from '@soloist/eventlog';

export type CallIdPurpose = 'step' | 'timer' | 'child';

export function callId(purpose: CallIdPurpose, runId: string, generation: number, path: string): string {
  return derivedId(`program-${purpose}`, runId, String(generation), path);
}

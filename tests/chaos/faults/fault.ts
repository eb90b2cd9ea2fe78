/** What every kind of fault has: a name under which it is counted, and a way to happen. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Luck } from '@soloist/testing';
import type { Company } from '../company/company.js';
import type { ServiceProcess } from '../company/service-process.js';

export interface Scene {
  readonly company: Company;
  readonly luck: Luck;
}

export interface Fault {
  /** Where it counts: `kills`, `pauses`, … */
  readonly kind: FaultKind;
  /** Which one, for the record. */
  readonly name: string;
  /** Resolves when the fault is over; what was hurt may still be recovering. Answers false when nothing was there to be hurt. */
  readonly strike: (scene: Scene) => Promise<boolean>;
}

export const FAULT_KINDS = ['kills', 'pauses', 'cuts', 'frames', 'slow', 'clocks', 'databases'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Waits until something is there to be hurt. */
export async function readyIn(company: Company): Promise<readonly ServiceProcess[]> {
  for (;;) {
    const ready = company.processes.filter(({ isReady }) => isReady);
    if (ready.length > 0) return ready;
    await pause(20);
  }
}

/** What a call of a program is on record: kind, name and the digest of its arguments. Null: its name cannot stand there. */
import { ProgramName, ProgramVersion, StepName, type CallForm } from '@soloist/contracts';
import { sha256Hex } from '@soloist/eventlog';
import { canonicalJson } from '@soloist/kernel';
import type { JsonValue, ProgramId } from './define-program.js';

const NO_ARGS = sha256Hex('null');

export type DueIn = { readonly afterMs: number } | { readonly at: string };

export function stepForm(name: string, args: JsonValue): CallForm | null {
  if (!StepName.safeParse(name).success) return null;
  return { kind: 'step', name, argsDigest: args === null ? NO_ARGS : digestOf(args) };
}

/** The broker counts nanoseconds in 64 bits, which end in 2262; what is due later it takes for due now, again and again. */
const LAST_MOMENT = Date.UTC(2261, 11, 31, 23, 59, 59, 999);
/** A hundred years: whenever it begins, it ends at a moment that can be written down and waited for. */
const LONGEST_SLEEP_MS = 36_525 * 86_400_000;

/** Null when it is no moment from 1970 to the last one that a wake-up can be armed for. */
export function timerForm(due: DueIn): CallForm | null {
  if ('at' in due) return isMoment(due.at) ? { kind: 'timer', name: 'until', argsDigest: digestOf(due) } : null;
  const { afterMs } = due;
  if (!Number.isFinite(afterMs) || afterMs < 0 || afterMs > LONGEST_SLEEP_MS) return null;
  return { kind: 'timer', name: 'sleep', argsDigest: digestOf(due) };
}

function isMoment(at: unknown): boolean {
  if (typeof at !== 'string') return false;
  const moment = Date.parse(at);
  return moment >= 0 && moment <= LAST_MOMENT;
}

export function eventForm(name: string): CallForm | null {
  return StepName.safeParse(name).success ? { kind: 'event', name, argsDigest: NO_ARGS } : null;
}

export function childForm({ name, version }: ProgramId, input: JsonValue): CallForm | null {
  if (!ProgramName.safeParse(name).success || !ProgramVersion.safeParse(version).success) return null;
  return { kind: 'child', name, argsDigest: digestOf([version, input]) };
}

export function digestOf(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}

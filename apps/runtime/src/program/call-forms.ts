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

/** Null when it is no moment. */
export function timerForm(due: DueIn): CallForm | null {
  const moment = 'at' in due ? Date.parse(due.at) : due.afterMs;
  if (!Number.isFinite(moment) || moment < 0) return null;
  return { kind: 'timer', name: 'afterMs' in due ? 'sleep' : 'until', argsDigest: digestOf(due) };
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

/**
 * Fault injection: a process can be told to die by SIGKILL at the n-th passage of a labelled point between two durable
 * actions. `SOLOIST_CRASH_AT=<label>:<n>`; `SOLOIST_CRASH_MARK=<file>` makes it happen once over all restarts.
 * Without the variable this costs one comparison.
 */
import { closeSync, openSync } from 'node:fs';

interface CrashPlan {
  readonly label: string;
  remaining: number;
  readonly mark: string | undefined;
}

function readPlan(): CrashPlan | null {
  const spec = process.env['SOLOIST_CRASH_AT'];
  if (spec === undefined || spec === '') return null;
  const at = spec.lastIndexOf(':');
  const count = Number(spec.slice(at + 1));
  if (at <= 0 || !Number.isInteger(count) || count < 1) {
    throw new RangeError(`SOLOIST_CRASH_AT must be <label>:<n>, got ${JSON.stringify(spec)}`);
  }
  return { label: spec.slice(0, at), remaining: count, mark: process.env['SOLOIST_CRASH_MARK'] };
}

const plan = readPlan();

export function crashPoint(label: string): void {
  if (plan === null || plan.label !== label) return;
  plan.remaining -= 1;
  if (plan.remaining === 0 && claimMark(plan.mark)) process.kill(process.pid, 'SIGKILL');
}

function claimMark(file: string | undefined): boolean {
  if (file === undefined) return true;
  try {
    closeSync(openSync(file, 'wx'));
    return true;
  } catch {
    return false; // the crash has already happened in an earlier life of this process
  }
}

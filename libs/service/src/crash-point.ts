/**
 * Fault injection for the chaos tests: labelled points between two durable actions at which a process can be told to
 * die by SIGKILL. `SOLOIST_CRASH_PLAN=<file>` names a file whose content is the label to die at; whoever passes that
 * point first takes the plan away and dies, so a plan kills once over all processes and restarts. With `stop` before the
 * label it falls asleep by SIGSTOP instead, and goes on from that very point when somebody sends it SIGCONT.
 * `SOLOIST_CRASH_TRACE=<file>` collects every label passed. Without the variables a point costs one comparison.
 */
import { appendFileSync, readFileSync, renameSync } from 'node:fs';

const STOPPED_WITHIN_MS = 100;
const planFile = process.env['SOLOIST_CRASH_PLAN'];
const traceFile = process.env['SOLOIST_CRASH_TRACE'];

export function crashPoint(label: string): void {
  if (planFile === undefined && traceFile === undefined) return;
  // Ids differ from run to run; a label must not.
  const stable = label.replace(/[0-9a-f]{16,}/g, '*');
  if (traceFile !== undefined) appendFileSync(traceFile, `${stable}\n`);
  if (planFile === undefined) return;
  const plan = plannedLabel(planFile);
  if (plan === stable && takePlan(planFile)) process.kill(process.pid, 'SIGKILL');
  else if (plan === `stop ${stable}` && takePlan(planFile)) fallAsleep();
}

/** The signal reaches the threads of a process one after the other: this one must not get on before it does. */
function fallAsleep(): void {
  process.kill(process.pid, 'SIGSTOP');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STOPPED_WITHIN_MS);
}

function plannedLabel(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null; // no plan at the moment
  }
}

/** A rename succeeds for one process only. */
function takePlan(file: string): boolean {
  try {
    renameSync(file, `${file}.taken`);
    return true;
  } catch {
    return false;
  }
}

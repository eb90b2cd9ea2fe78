/**
 * Program runs that this process has picked up and that had not ended when it let go: what its next sweep puts on the
 * roster. Nothing rests on it but how soon a sweep knows of a run.
 */
import type { RuntimePorts } from '../ports/runtime.ports.js';

/** By the ports, which stand for the process. */
const open = new WeakMap<RuntimePorts, Set<string>>();

export function pickedUp(ports: RuntimePorts, runId: string): void {
  // Without rounds nobody would ever ask.
  if (ports.rounds === undefined) return;
  const runs = open.get(ports) ?? new Set();
  open.set(ports, runs.add(runId));
}

export function ended(ports: RuntimePorts, runId: string): void {
  open.get(ports)?.delete(runId);
}

/** Since it was asked last. */
export function takeOpenHere(ports: RuntimePorts): readonly string[] {
  const runs = [...(open.get(ports) ?? [])];
  open.delete(ports);
  return runs;
}

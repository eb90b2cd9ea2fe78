/**
 * Claims of runs that this worker has worked on: which agent, which input. A claim never changes but for its epoch, so
 * what a run works on can be gathered before the run itself was read.
 */
import type { Claim } from '../domain/loop.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';

const MOST = 2_000;
/** By the ports, which stand for the process: a replay brings new ones for every life of a delivery. */
const known = new WeakMap<RuntimePorts, Map<string, Claim>>();

export function knownClaim(ports: RuntimePorts, runId: string): Claim | null {
  return known.get(ports)?.get(runId) ?? null;
}

export function rememberClaim(ports: RuntimePorts, claim: Claim): void {
  const claims = known.get(ports) ?? new Map<string, Claim>();
  known.set(ports, claims);
  claims.delete(claim.runId);
  claims.set(claim.runId, claim);
  if (claims.size > MOST) claims.delete(claims.keys().next().value as string);
}

/** Ends the loop of a run that somebody wants to end, if the orchestrator's record says so. */
import type { RunEvent } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import type { Work } from '@soloist/service';
import { cancelLoop } from '../domain/cancel.js';
import { loopEntity } from '../entities.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';

/** @throws Fault transient while the wish is not on record yet */
export async function endCancelled(work: Work<RuntimePorts>, runId: string): Promise<void> {
  const run = (await work.log.read({ context: 'orchestrator', entity: 'run', key: runId })).flatMap((commit) => commit.events) as readonly RunEvent[];
  if (run.some((event) => event.type === 'orchestrator.run.closed')) return;
  const cancelled = run.findLast((event) => event.type === 'orchestrator.run.cancelled');
  if (cancelled === undefined) throw new Fault('transient', 'run.not-cancelled', `The wish to end run ${runId} is not on record yet; it is looked for again.`);
  const admitted = run.find((event) => event.type === 'orchestrator.run.admitted');
  // Without an admission there is no loop and never will be: the orchestrator has closed the run.
  if (admitted === undefined) return;
  const { policyVersion, ...claim } = admitted.data;
  const because = `Cancelled by ${cancelled.data.by}: ${cancelled.data.because}`;
  await work.commit(loopEntity, runId, 'cancel', (state) => cancelLoop(state, claim, because), { policy: policyVersion });
}

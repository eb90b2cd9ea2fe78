/**
 * Puts a wish to end a run on the log as a command, and waits until the log says that it has ended.
 *
 * I1 the API ends nothing: it publishes a wish, and answers what is on record
 * I2 each request is a command of its own, so that asking again tries again
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { CancelRun, EndCancelledRun, RunEvent } from '@soloist/contracts';
import type { EventLog } from '@soloist/eventlog';
import type { CancelOutcome } from './schemas.js';

const WAIT_MS = 10_000;
const PAUSE_MS = 50;

/** @returns `outcome` null when the end is not on record yet; the command is durable and will be answered */
export async function cancelRun(log: EventLog, runId: string, by: string, because: string): Promise<CancelOutcome> {
  const before = await endOf(log, runId);
  if (before !== null) return { runId, outcome: before };
  const body: CancelRun = { type: 'orchestrator.run.cancel', runId, by, because };
  await log.command({ context: 'orchestrator', entity: 'run', key: runId }, { id: randomUUID(), actor: by, body });
  const look: EndCancelledRun = { type: 'runtime.loop.end-cancelled', runId };
  await log.command({ context: 'runtime', entity: 'loop', key: runId }, { id: randomUUID(), actor: by, body: look });
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const outcome = await endOf(log, runId);
    if (outcome !== null || performance.now() > deadline) return { runId, outcome };
    await delay(PAUSE_MS);
  }
}

async function endOf(log: EventLog, runId: string): Promise<CancelOutcome['outcome']> {
  const head = await log.head({ context: 'orchestrator', entity: 'run', key: runId });
  return (head?.events as readonly RunEvent[] | undefined)?.find((event) => event.type === 'orchestrator.run.closed')?.data.outcome ?? null;
}

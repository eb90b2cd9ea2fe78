/** How it goes with what the connectors post and mail, from their record; and tests of it, which are wishes to them. */
import { setTimeout as delay } from 'node:timers/promises';
import type { PostingEvent } from '@soloist/contracts';
import type { EventLog } from '@soloist/eventlog';

const WAIT_MS = 12_000;
const PAUSE_MS = 25;

type Standing = Extract<PostingEvent, { type: 'connectors.posting.snapshotted' }>['data'];

export async function standingOf(log: EventLog, endpointId: string): Promise<Standing | null> {
  const head = await log.head({ context: 'connectors', entity: 'posting', key: endpointId });
  const last = (head?.events as readonly PostingEvent[] | undefined)?.findLast(({ type }) => type === 'connectors.posting.snapshotted');
  return last?.type === 'connectors.posting.snapshotted' ? last.data : null;
}

/** `isDelivered` null: not on record in time. */
export async function testOutcome(log: EventLog, endpointId: string, commandId: string): Promise<{ readonly isDelivered: boolean | null; readonly code: string | null }> {
  for (const deadline = performance.now() + WAIT_MS; performance.now() < deadline; await delay(PAUSE_MS)) {
    const test = (await standingOf(log, endpointId))?.tests.find((one) => one.commandId === commandId);
    if (test !== undefined) return { isDelivered: test.code === null, code: test.code };
  }
  return { isDelivered: null, code: null };
}

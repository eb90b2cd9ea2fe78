/** The one timer of a gate's next rung. */
import type { EventLog } from '@soloist/eventlog';
import type { Rung } from '../domain/gate-ladder.js';

/** Arming the same rung again changes nothing but its moment. */
export function armRung(log: Pick<EventLog, 'arm'>, runId: string, gateId: string, { name, dueAt }: Pick<Rung, 'name' | 'dueAt'>): Promise<void> {
  return log.arm({ timerId: `${gateId}-${name}`, address: { context: 'governance', entity: 'gate', key: runId }, dueAt, body: { gateId } });
}

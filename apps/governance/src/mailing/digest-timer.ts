/** The one timer of the next digest. */
import { MAILING_KEY, type DigestTime } from '@soloist/contracts';
import { derivedId, type EventLog } from '@soloist/eventlog';
import type { DigestHour } from '../domain/digest-hours.js';

/** Arming the same hour again changes nothing. Another time of day is another timer; the old one looks and finds nothing to do. */
export function armDigest(log: Pick<EventLog, 'arm'>, { at, timeZone }: DigestTime, { day, dueAt }: DigestHour): Promise<void> {
  const timerId = `digest-${day}-${derivedId('digest-timer', at, timeZone, dueAt)}`.slice(0, 64);
  return log.arm({ timerId, address: { context: 'governance', entity: 'mailing', key: MAILING_KEY }, dueAt, body: { day } });
}

/** Commits as CloudEvents 1.0, one for each event. Sealed fields stay sealed; order is that of the log. */
import { parseSubject } from '@soloist/contracts';
import { bodyOf } from '../codec/decode-commit.js';
import { HEADER, headerOf, type StoredMessage } from '../codec/message.js';
import { eventIdOf } from '../commit-id.js';

/** @throws FormError when the body is not a list of events */
export function cloudEventsOf(message: StoredMessage): readonly Readonly<Record<string, unknown>>[] {
  const address = parseSubject(message.subject);
  const commit = headerOf(message.headers, HEADER.commit) ?? '';
  const types = (headerOf(message.headers, HEADER.types) ?? '').split(',');
  const cause = headerOf(message.headers, HEADER.cause);
  const trace = headerOf(message.headers, HEADER.traceparent);
  return bodyOf(message).map((data, index) => ({
    specversion: '1.0',
    id: eventIdOf(commit, index),
    source: `/soloist/${address?.site ?? ''}/${address?.context ?? ''}/${address?.entity ?? ''}`,
    type: types[index],
    subject: address?.key,
    time: headerOf(message.headers, HEADER.at),
    datacontenttype: 'application/json',
    sequence: String(message.sequence).padStart(16, '0'),
    soloiststream: message.stream,
    soloistactor: headerOf(message.headers, HEADER.actor),
    ...(cause === null ? {} : { soloistcause: cause }),
    ...(trace === null ? {} : { traceparent: trace }),
    data,
  }));
}

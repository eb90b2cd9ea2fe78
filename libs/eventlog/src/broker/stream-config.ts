/**
 * Stream and consumer settings in the broker's own terms, and the comparison with what the broker says it has.
 *
 * I1 every option that the broker reports and that we did not ask for must be empty: an option we do not know could
 *    throw the log away (`max_msgs: 1` is accepted by a stream that denies delete and purge)
 */
import { AckPolicy, DeliverPolicy, DiscardPolicy, ReplayPolicy, RetentionPolicy, StorageType, StoreCompression, type ConsumerConfig, type StreamConfig } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import type { StreamSettings } from '@soloist/contracts';
import type { ConsumerSettings } from './consumers.js';

export type WantedStream = Partial<StreamConfig> & { readonly name: string };
export type WantedConsumer = Partial<ConsumerConfig> & { readonly durable_name: string };

export function streamConfig(settings: StreamSettings): WantedStream {
  return {
    name: settings.name,
    subjects: [...settings.subjects],
    retention: settings.retention === 'limits' ? RetentionPolicy.Limits : RetentionPolicy.Workqueue,
    storage: StorageType.File,
    discard: settings.discard === 'new' ? DiscardPolicy.New : DiscardPolicy.Old,
    discard_new_per_subject: settings.refusesSubjectOverflow,
    max_consumers: -1,
    max_msgs: -1,
    max_msgs_per_subject: settings.maxMessagesPerSubject,
    max_bytes: settings.maxBytes,
    max_msg_size: settings.maxMessageBytes,
    max_age: nanos(settings.maxAgeMs),
    duplicate_window: nanos(settings.duplicateWindowMs),
    num_replicas: 1,
    compression: StoreCompression.None,
    deny_delete: settings.deniesDelete,
    deny_purge: false,
    allow_rollup_hdrs: settings.permitsRollup,
    allow_direct: settings.permitsDirectGet,
    mirror_direct: false,
    allow_msg_ttl: settings.permitsMessageTtl,
    allow_msg_schedules: settings.permitsSchedules,
    allow_atomic: false,
    allow_batched: false,
    allow_msg_counter: false,
    sealed: false,
  };
}

export function consumerConfig(settings: ConsumerSettings): WantedConsumer {
  const [first, ...more] = settings.filterSubjects;
  return {
    durable_name: settings.name,
    name: settings.name,
    deliver_policy: settings.startsAt === 'all' ? DeliverPolicy.All : DeliverPolicy.New,
    ack_policy: settings.isAcknowledged ? AckPolicy.Explicit : AckPolicy.None,
    replay_policy: ReplayPolicy.Instant,
    max_waiting: 512,
    max_deliver: -1,
    num_replicas: 0,
    headers_only: settings.isHeadersOnly,
    ...(settings.isAcknowledged ? { ack_wait: nanos(settings.ackWaitMs), max_ack_pending: settings.maxAckPending } : {}),
    ...(first === undefined ? {} : more.length === 0 ? { filter_subject: first } : { filter_subjects: [first, ...more] }),
  };
}

export interface Difference {
  readonly option: string;
  readonly wanted: unknown;
  readonly found: unknown;
}

/** What the broker adds by itself: its own version notes, and an ack wait that means nothing without acks. */
const BROKER_NOTES: ReadonlySet<string> = new Set(['metadata']);

export function differences(wanted: object, found: object, ignored: ReadonlySet<string> = BROKER_NOTES): readonly Difference[] {
  const want = wanted as Record<string, unknown>;
  const have = found as Record<string, unknown>;
  return [...new Set([...Object.keys(want), ...Object.keys(have)])]
    .filter((option) => !ignored.has(option) && !isSame(want[option], have[option]))
    .sort()
    .map((option) => ({ option, wanted: want[option], found: have[option] }));
}

/** The broker leaves out what is off, zero or empty. */
function isSame(wanted: unknown, found: unknown): boolean {
  if (isNothing(wanted) && isNothing(found)) return true;
  if (Array.isArray(wanted) && Array.isArray(found)) {
    return JSON.stringify([...wanted].sort()) === JSON.stringify([...found].sort());
  }
  return JSON.stringify(wanted) === JSON.stringify(found);
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '' || value === 'none') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/**
 * Every durable consumer there is, derived from the access matrix. Bootstrap makes them all and nobody else can:
 * a created consumer can drain another's (ADR 0003).
 *
 * I1 names are `<context>_<purpose>`, literal and without dots
 * I2 what has authority over effects or money is acknowledged; what only wakes a reader is not
 */
import {
  ACCESS,
  COMMANDS_STREAM,
  consumerName,
  CONTEXTS,
  DELIVERY,
  eventStreamName,
  HUB,
  timersStreamName,
  type Context,
  type StreamCount,
} from '@soloist/contracts';

export const REPLAY_CONSUMER = 'replay_all';

export interface ConsumerSettings {
  readonly stream: string;
  readonly name: string;
  /** Empty: the whole stream. */
  readonly filterSubjects: readonly string[];
  readonly isAcknowledged: boolean;
  /** `new`: only what comes after it was made. */
  readonly startsAt: 'all' | 'new';
  /** True where only the fact that something came matters. */
  readonly isHeadersOnly: boolean;
  /** Milliseconds; 0 where nothing is acknowledged. */
  readonly ackWaitMs: number;
  readonly maxAckPending: number;
}

/** The consumer names a context may pull from. */
export function namesOf(context: Context): readonly { readonly name: string; readonly isAcknowledged: boolean }[] {
  const access = ACCESS[context];
  return [
    ...(access.reacts.length > 0 ? [{ name: consumerName(context, 'reactors'), isAcknowledged: true }] : []),
    ...(access.commanded ? [{ name: consumerName(context, 'commands'), isAcknowledged: true }] : []),
    { name: consumerName(context, 'timers'), isAcknowledged: true },
    ...(access.projects ? [{ name: consumerName(context, 'projections'), isAcknowledged: false }] : []),
  ];
}

export function consumersOf(streamCount: StreamCount): readonly ConsumerSettings[] {
  const eventStreams = Array.from({ length: streamCount }, (_, stream) => eventStreamName(stream));
  return [
    ...CONTEXTS.flatMap((context) => contextConsumers(context, eventStreams)),
    ...eventStreams.map((stream) => unacknowledged(stream, REPLAY_CONSUMER, { startsAt: 'all', isHeadersOnly: false })),
  ];
}

function contextConsumers(context: Context, eventStreams: readonly string[]): readonly ConsumerSettings[] {
  const access = ACCESS[context];
  const reacts = access.reacts.map((entity) => `evt.${HUB}.*.${entity}.*`);
  return [
    ...(reacts.length > 0 ? eventStreams.map((stream) => acknowledged(stream, consumerName(context, 'reactors'), reacts)) : []),
    ...(access.projects
      ? eventStreams.map((stream) => unacknowledged(stream, consumerName(context, 'projections'), { startsAt: 'new', isHeadersOnly: true }))
      : []),
    ...(access.commanded ? [acknowledged(COMMANDS_STREAM, consumerName(context, 'commands'), [`cmd.${HUB}.*.${context}.*.*`])] : []),
    // Never `timer.…`: acknowledging a schedule cancels it.
    acknowledged(timersStreamName(context), consumerName(context, 'timers'), [`due.${HUB}.*.${context}.*.*`]),
  ];
}

function acknowledged(stream: string, name: string, filterSubjects: readonly string[]): ConsumerSettings {
  const { ackWaitMs, maxAckPending } = DELIVERY;
  return { stream, name, filterSubjects, isAcknowledged: true, startsAt: 'all', isHeadersOnly: false, ackWaitMs, maxAckPending };
}

function unacknowledged(stream: string, name: string, how: Pick<ConsumerSettings, 'startsAt' | 'isHeadersOnly'>): ConsumerSettings {
  return { stream, name, filterSubjects: [], isAcknowledged: false, ...how, ackWaitMs: 0, maxAckPending: 0 };
}

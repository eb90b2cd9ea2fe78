/**
 * Stream names and settings live here and nowhere else (DESIGN section 3). They are plain data: bootstrap creates
 * streams from them and reads every option back; nothing here knows the broker's client.
 *
 * I1 each bucket lies in exactly one event stream, so an entity and an episode have one order
 * I2 no stream permits rollup headers where the broker lets us forbid them: one such header on an own key erases
 *    everybody's (ADR 0003)
 * I3 timers have one stream per context: in a shared one any service could fire or delete another's
 */
import { BUCKET_COUNT, bucketOf, bucketToken } from '@soloist/kernel';
import { CONTEXTS, HUB, type Context } from './subject.js';

/** How many event streams an installation has; fixed at first start, each holds 64 / n buckets. */
export const STREAM_COUNTS = [1, 2, 4, 8, 16, 32, 64] as const;
export type StreamCount = (typeof STREAM_COUNTS)[number];
export const DEFAULT_STREAM_COUNT: StreamCount = 8;

export function streamOfBucket(bucket: number, streams: StreamCount): number {
  return Math.floor(bucket / (BUCKET_COUNT / streams));
}

export function streamOfKey(key: string, streams: StreamCount): number {
  return streamOfBucket(bucketOf(key), streams);
}

export function bucketsOfStream(stream: number, streams: StreamCount): readonly number[] {
  const width = BUCKET_COUNT / streams;
  return Array.from({ length: width }, (_, index) => stream * width + index);
}

export function eventStreamName(stream: number): string {
  return `EVENTS-${stream}`;
}

/** The halt entity's key for a stream: the first of `halt-0`, `halt-1`, … whose bucket lies in it. */
export function haltKeyOfStream(stream: number, streams: StreamCount): string {
  for (let index = 0; ; index += 1) {
    const key = `halt-${index}`;
    if (streamOfKey(key, streams) === stream) return key;
  }
}

/** Payloads above this go into blobs, put before the event that refers to them. */
export const BLOB_THRESHOLD_BYTES = 64 * 1024;
export const BLOB_CHUNK_BYTES = 128 * 1024;
/** An event commit above this is refused: the caller should have put a blob. */
export const MAX_COMMIT_BYTES = 256 * 1024;

export const COMMANDS_STREAM = 'COMMANDS';
export const DEAD_STREAM = 'DEAD';
export const ADVISORIES_STREAM = 'ADVISORIES';
export const BLOBS_STREAM = 'BLOBS';
/** Named as the key-value bucket `WORKING`, so that any client can open it as one. */
export const WORKING_STREAM = 'KV_WORKING';

export function timersStreamName(context: Context): string {
  return `TIMERS-${context}`;
}

/** A working-memory key's subject; keys start with the writing service, `memory.…`. */
export function workingSubject(key: string): string {
  return `$KV.WORKING.${key}`;
}

/** One chunk of a blob. Content-addressed by owner, so a chunk is written once and by its owner only. */
export function blobSubject(owner: Context, sha256: string, chunk: number): string {
  return `blob.${HUB}.${owner}.${sha256}.${chunk}`;
}

export interface StreamSettings {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly retention: 'limits' | 'workqueue';
  /** At a limit: `new` refuses the writer and loses nothing, `old` drops the oldest. */
  readonly discard: 'new' | 'old';
  /** At a subject's own limit: refuse instead of replace. What makes a stream write-once. */
  readonly refusesSubjectOverflow: boolean;
  /** -1: no limit. */
  readonly maxMessagesPerSubject: number;
  /** -1: no limit. */
  readonly maxBytes: number;
  /** Headers and payload together. */
  readonly maxMessageBytes: number;
  /** 0: for ever. */
  readonly maxAgeMs: number;
  readonly duplicateWindowMs: number;
  readonly deniesDelete: boolean;
  readonly permitsRollup: boolean;
  readonly permitsDirectGet: boolean;
  readonly permitsMessageTtl: boolean;
  readonly permitsSchedules: boolean;
  /** Whether the keep remembers its last message, so that a truncation is noticed at the next start. */
  readonly isAnchored: boolean;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
/** What headers may add to a payload. */
const HEADER_BYTES = 32 * KIB;
/** All event streams together. */
const EVENTS_BYTES = 64 * GIB;
/** The least the broker accepts: nothing in the log relies on message ids, and a long window swallows commits. */
const SHORTEST_DUPLICATE_WINDOW_MS = 100;
const DUPLICATE_WINDOW_MS = 120_000;
const DAY_MS = 86_400_000;

/** Above the sum of all `maxBytes`, or the broker refuses to create the last stream. */
export const MAX_FILE_STORE_BYTES = 256 * GIB;

const PLAIN = {
  retention: 'limits',
  discard: 'new',
  refusesSubjectOverflow: false,
  maxMessagesPerSubject: -1,
  maxMessageBytes: MAX_COMMIT_BYTES + HEADER_BYTES,
  maxAgeMs: 0,
  duplicateWindowMs: DUPLICATE_WINDOW_MS,
  deniesDelete: false,
  permitsRollup: false,
  permitsDirectGet: false,
  permitsMessageTtl: false,
  permitsSchedules: false,
  isAnchored: false,
} as const satisfies Partial<StreamSettings>;

/** Every stream an installation has, in the order they are created. */
export function streamSettings(streams: StreamCount): readonly StreamSettings[] {
  return [
    ...Array.from({ length: streams }, (_, stream) => eventStream(stream, streams)),
    { ...PLAIN, name: COMMANDS_STREAM, subjects: [`cmd.${HUB}.*.*.*.*`], retention: 'workqueue', maxBytes: GIB },
    ...CONTEXTS.map(timersStream),
    { ...PLAIN, name: DEAD_STREAM, subjects: [`dead.${HUB}.*.*.*.*`], maxBytes: GIB, permitsDirectGet: true, isAnchored: true },
    { ...PLAIN, name: ADVISORIES_STREAM, subjects: ['$JS.EVENT.ADVISORY.>'], discard: 'old', maxBytes: 256 * MIB, maxAgeMs: 30 * DAY_MS },
    blobStream(),
    workingStream(),
  ];
}

function eventStream(stream: number, streams: StreamCount): StreamSettings {
  return {
    ...PLAIN,
    name: eventStreamName(stream),
    // Exact lists, so that any other token count or bucket has no responder instead of a place.
    subjects: bucketsOfStream(stream, streams).map((bucket) => `evt.${HUB}.${bucketToken(bucket)}.*.*.*`),
    maxBytes: EVENTS_BYTES / streams,
    duplicateWindowMs: SHORTEST_DUPLICATE_WINDOW_MS,
    deniesDelete: true,
    permitsDirectGet: true,
    isAnchored: true,
  };
}

function timersStream(context: Context): StreamSettings {
  return {
    ...PLAIN,
    name: timersStreamName(context),
    subjects: [`timer.${HUB}.*.${context}.*.*`, `due.${HUB}.*.${context}.*.*`],
    retention: 'workqueue',
    // The broker refuses `discard: new` and forces rollup where messages are scheduled; hence no limit to be reached.
    discard: 'old',
    maxBytes: -1,
    permitsRollup: true,
    permitsSchedules: true,
  };
}

function blobStream(): StreamSettings {
  return {
    ...PLAIN,
    name: BLOBS_STREAM,
    subjects: [`blob.${HUB}.*.>`],
    maxMessagesPerSubject: 1,
    refusesSubjectOverflow: true,
    maxBytes: 64 * GIB,
    maxMessageBytes: BLOB_CHUNK_BYTES + HEADER_BYTES,
    deniesDelete: true,
    permitsDirectGet: true,
    isAnchored: true,
  };
}

function workingStream(): StreamSettings {
  return {
    ...PLAIN,
    name: WORKING_STREAM,
    subjects: [workingSubject('>')],
    maxMessagesPerSubject: 1,
    maxBytes: GIB,
    permitsDirectGet: true,
    permitsMessageTtl: true,
  };
}

/** How durable consumers deliver. */
export const DELIVERY = {
  /**
   * Without a sign of life a delivery comes again after this: how long a dead worker's runs wait for another. It only
   * raises the suspicion; whoever gets the delivery asks whether its holder is still there (ADR 0012).
   */
  ackWaitMs: 700,
  /** How often a worker gives a sign of life while it is at work. Lost ones in between are forgiven. */
  signOfLifeMs: 175,
  /** How often a worker tells the others of its service that it is there. */
  presenceMs: 500,
  /** A worker that is connected and has said nothing for this long is taken for gone: frozen, or behind a black hole. */
  silenceMs: 5_000,
  /** How many deliveries of one consumer and stream may be open at once: bounds what waits in a worker's memory. */
  maxAckPending: 256,
  /** How long a pull waits at the broker. The reply thresholds of the accounts stand above it. */
  pullExpiresMs: 30_000,
  /**
   * A message delivered more often than this is buried by its owner: it keeps killing its worker, or the world has been
   * down for it about eight hours long. The broker itself never stops delivering: a message it gave up on would be
   * stuck without a word (fail towards hold).
   */
  lastDelivery: 1_000,
} as const;

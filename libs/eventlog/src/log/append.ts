/**
 * The only way a commit is written.
 *
 * I1 one publish, one expectation, no message id; `duplicate: true` is a defect, since the broker swallowed the commit
 * I2 an answer that does not say what happened is resolved by reading the subject back: equal commit id, equal body and
 *    equal writer is ours; two workers may derive one id, with different answers or even with the same bytes
 * I3 the same bytes are sent a second time only where the expectation makes a second copy impossible
 */
import { EVENT_CONTRACTS, eventStreamName, HUB, type StreamCount } from '@soloist/contracts';
import { bucketOf, isFault } from '@soloist/kernel';
import { encodeCommit, type EncodedCommit } from '../codec/encode-commit.js';
import { EXPECTED_SEQUENCE, EXPECTED_SUBJECT, HEADER, headerOf, type StoredMessage } from '../codec/message.js';
import { logFault } from '../errors.js';
import type { Appended, Commit, CommitDraft, KeyTable } from '../event-log.port.js';
import type { Broker, PublishAnswer } from './broker.port.js';
import type { Decoding } from './decoding.js';

export interface AppendContext {
  readonly broker: Broker;
  readonly streams: StreamCount;
  readonly keys: KeyTable;
  readonly decoding: Decoding;
  /** Who appends; stands in the commit, so that a writer never takes another's for its own. */
  readonly writer: string;
}

interface Attempt {
  readonly context: AppendContext;
  readonly draft: CommitDraft;
  readonly encoded: EncodedCommit;
  readonly streamName: string;
}

/** What the entity's subject says about an attempt whose answer was no PubAck. */
type Trace =
  | { readonly kind: 'ours'; readonly stored: StoredMessage }
  /** Ours, but somebody has written after it; the sequence is known only when the log says it. */
  | { readonly kind: 'ours-superseded'; readonly sequence: number }
  | { readonly kind: 'moved'; readonly lastSequence: number }
  | { readonly kind: 'unmoved' };

export async function append(context: AppendContext, draft: CommitDraft): Promise<Appended> {
  const encoded = await encodeCommit(draft, context.streams, context.keys, EVENT_CONTRACTS, context.writer);
  const attempt = { context, draft, encoded, streamName: eventStreamName(encoded.stream) };
  const answer = await context.broker.publish(encoded.message);
  if (answer.kind !== 'lost') return settle(attempt, answer);

  const trace = await traceOf(attempt, true);
  if (trace.kind !== 'unmoved') return outcomeOf(attempt, trace);
  // Nothing is there yet, but the first copy may still be on its way. A second copy is safe only if both expect the
  // same last sequence of a filter that covers their own subject: the first to arrive makes the other fail.
  if (draft.fence?.kind === 'subject') throw unknownOutcome(attempt, answer.detail);
  const second = await context.broker.publish(encoded.message);
  if (second.kind === 'lost' || second.kind === 'refused') throw unknownOutcome(attempt, second.detail);
  return settle(attempt, second);
}

async function settle(attempt: Attempt, answer: Exclude<PublishAnswer, { kind: 'lost' }>): Promise<Appended> {
  switch (answer.kind) {
    case 'stored':
      return committed(attempt, answer.stream, answer.sequence, answer.duplicate);
    case 'wrong-last': {
      const trace = await traceOf(attempt, false);
      if (trace.kind === 'unmoved') return { outcome: 'conflict', lastSequence: answer.lastSequence };
      const outcome = await outcomeOf(attempt, trace);
      return outcome.outcome === 'conflict' ? { outcome: 'conflict', lastSequence: answer.lastSequence ?? outcome.lastSequence } : outcome;
    }
    case 'occupied':
      throw new Error(`${attempt.streamName} allows one message a subject: it is no event stream`);
    case 'refused':
      throw refusal(attempt.encoded.message.subject, answer);
  }
}

export function refusal(subject: string, answer: Extract<PublishAnswer, { kind: 'refused' }>): Error {
  const code = { 'no-right': 'log.no-right', full: 'log.full', unreachable: 'log.unreachable', other: 'log.refused' } as const;
  return logFault(code[answer.why], `publish on ${subject}: ${answer.detail}`);
}

function committed(attempt: Attempt, stream: string, sequence: number, isDuplicate: boolean): Appended {
  if (isDuplicate) throw new Error(`the broker took the commit on ${attempt.encoded.message.subject} for a duplicate and stored nothing`);
  if (stream !== attempt.streamName) {
    throw logFault('log.stream-mismatch', `${attempt.encoded.message.subject} was stored in ${stream}, expected in ${attempt.streamName}`);
  }
  return { outcome: 'committed', commit: commitAt(attempt, sequence) };
}

function commitAt({ draft, encoded }: Attempt, sequence: number): Commit {
  const { context, entity, key } = draft.address;
  const from = headerOf(encoded.message.headers, HEADER.from);
  return {
    position: { stream: encoded.stream, sequence },
    subject: encoded.message.subject,
    address: { kind: 'evt', site: HUB, bucket: bucketOf(key), context, entity, key },
    id: draft.id,
    cause: draft.cause,
    actor: draft.actor,
    policy: draft.policy,
    at: draft.at,
    prev: draft.after?.hash ?? null,
    hash: encoded.hash,
    from: from === null ? sequence : Number(from),
    traceparent: draft.traceparent,
    fence: headerOf(encoded.message.headers, HEADER.fence),
    events: encoded.events,
  };
}

async function outcomeOf(attempt: Attempt, trace: Exclude<Trace, { kind: 'unmoved' }>): Promise<Appended> {
  switch (trace.kind) {
    case 'ours':
      return { outcome: 'committed', commit: await attempt.context.decoding.one(trace.stored) };
    case 'ours-superseded':
      return { outcome: 'committed', commit: commitAt(attempt, trace.sequence) };
    case 'moved':
      return { outcome: 'conflict', lastSequence: trace.lastSequence };
  }
}

/** Reads the subject back. @throws Fault unknown-outcome when it cannot be read */
async function traceOf(attempt: Attempt, isLost: boolean): Promise<Trace> {
  const { context, draft, encoded, streamName } = attempt;
  try {
    const head = await context.broker.last(streamName, encoded.message.subject);
    if (head === null || head.sequence === draft.after?.sequence) return { kind: 'unmoved' };
    if (isOurs(head, encoded)) return { kind: 'ours', stored: head };
    return (await behind(attempt, head, isLost)) ?? { kind: 'moved', lastSequence: head.sequence };
  } catch (error) {
    if (isFault(error)) throw unknownOutcome(attempt, error.message, error);
    throw error;
  }
}

function isOurs(stored: StoredMessage, { message }: EncodedCommit): boolean {
  const isSame = (name: string): boolean => headerOf(stored.headers, name) === headerOf(message.headers, name);
  return isSame(HEADER.commit) && isSame(HEADER.writer) && Buffer.compare(stored.body, message.body) === 0;
}

/** Ours behind what somebody has written since, null if we are not there. */
async function behind(attempt: Attempt, head: StoredMessage, isLost: boolean): Promise<Trace | null> {
  const isNext = headerOf(head.headers, HEADER.prev) === attempt.encoded.hash;
  // The commit after ours names our sequence in the expectation it was stored with.
  if (isNext && headerOf(head.headers, EXPECTED_SUBJECT) === null) {
    const sequence = Number(headerOf(head.headers, EXPECTED_SEQUENCE));
    if (Number.isSafeInteger(sequence) && sequence > 0) return { kind: 'ours-superseded', sequence };
  }
  if (!isNext && !isLost) return null;
  const from = (attempt.draft.after?.sequence ?? 0) + 1;
  const written = await attempt.context.broker.range(attempt.streamName, attempt.encoded.message.subject, from, Infinity);
  // What is stored counts, not what was sent: an earlier life of the same decision carries another moment.
  const stored = written.find((message) => isOurs(message, attempt.encoded));
  return stored === undefined ? null : { kind: 'ours', stored };
}

function unknownOutcome({ encoded, draft }: Attempt, detail: string, cause?: unknown): Error {
  return logFault('log.outcome-unknown', `commit ${draft.id} on ${encoded.message.subject}: ${detail}`, cause);
}

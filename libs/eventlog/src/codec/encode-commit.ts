/**
 * A draft becomes one message.
 *
 * I1 the events of a commit belong to its entity, are checked by their contracts and lie in one canonical JSON array
 * I2 the message carries exactly one expectation: the exact subject, the run's episode, or one named subject of the
 *    same stream (an expectation sees only its own stream)
 * I3 no body above MAX_COMMIT_BYTES, no header that could carry text of others
 */
import {
  EVENT_CONTRACTS,
  episodeFilter,
  MAX_COMMIT_BYTES,
  streamOfKey,
  subjectOf,
  type AnyEvent,
  type StreamCount,
} from '@soloist/contracts';
import { canonicalJson } from '@soloist/kernel';
import { logFault } from '../errors.js';
import type { CommitDraft, KeyTable } from '../event-log.port.js';
import { commitHash } from './commit-hash.js';
import { checkedEvent, contractOf, dataSubjectOf, erasedEvent, FormError, sealedData, type Contracts } from './event-form.js';
import { EXPECTED_SEQUENCE, EXPECTED_SUBJECT, HEADER, type HeaderPair, type OutgoingMessage } from './message.js';

export interface EncodedCommit {
  readonly message: OutgoingMessage;
  readonly stream: number;
  readonly hash: string;
  /** The events as a reader will see them. */
  readonly events: readonly AnyEvent[];
}

const COMMIT_ID = /^[a-z0-9-]{1,64}$/;
const HEADER_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]{0,510}[\x21-\x7e])?$/;

/** @throws Fault invalid naming the field · whatever the key table throws */
export async function encodeCommit(
  draft: CommitDraft,
  streams: StreamCount,
  keys: KeyTable,
  contracts: Contracts = EVENT_CONTRACTS,
  writer: string | null = null,
): Promise<EncodedCommit> {
  const subject = subjectOf('evt', draft.address);
  try {
    const stream = streamOfKey(draft.address.key, streams);
    const { body, events } = await sealed(draft, checkedEvents(draft, contracts), keys, contracts);
    const headers = soloistHeaders(draft, events, contracts);
    put(headers, HEADER.writer, writer);
    headers.push(...expectationOf(draft, stream, streams));
    const message = { subject, headers, body };
    return { message, stream, hash: commitHash(message), events };
  } catch (error) {
    if (error instanceof FormError) throw logFault('log.bad-draft', `commit on ${subject}, field ${error.field}: ${error.message}`, error);
    throw error;
  }
}

function checkedEvents(draft: CommitDraft, contracts: Contracts): readonly AnyEvent[] {
  if (draft.events.length === 0) throw new FormError('events', 'a commit holds at least one event');
  const owner = `${draft.address.context}.${draft.address.entity}.`;
  return draft.events.map((event, index) => {
    if (!event.type.startsWith(owner)) throw new FormError(`events[${index}].type`, `${event.type} is no event of ${owner.slice(0, -1)}`);
    return checkedEvent(event, index, contracts);
  });
}

interface Sealed {
  readonly body: Uint8Array;
  /** As whoever reads the body will see them: without what is personal of an erased data subject. */
  readonly events: readonly AnyEvent[];
}

async function sealed(draft: CommitDraft, checked: readonly AnyEvent[], keys: KeyTable, contracts: Contracts): Promise<Sealed> {
  const parts: unknown[] = [];
  const events: AnyEvent[] = [];
  const known = new Map<string, Uint8Array | null>();
  for (const [index, event] of checked.entries()) {
    const dataSubject = dataSubjectOf(event, index, contracts);
    if (dataSubject !== null && !known.has(dataSubject)) known.set(dataSubject, await keys.keyFor(dataSubject));
    const key = dataSubject === null ? null : (known.get(dataSubject) ?? null);
    const kept = dataSubject !== null && key === null ? erasedEvent(event, index, contracts) : event;
    events.push(kept);
    parts.push(key === null ? kept.data : sealedData(kept, { commit: draft.id, index }, key, contracts));
  }
  const body = canonicalBytes(parts);
  if (body.length > MAX_COMMIT_BYTES) {
    throw logFault('log.too-large', `commit on ${subjectOf('evt', draft.address)} has ${body.length} bytes, the limit is ${MAX_COMMIT_BYTES}`);
  }
  return { body, events };
}

function canonicalBytes(parts: readonly unknown[]): Uint8Array {
  try {
    return Buffer.from(canonicalJson(parts));
  } catch (error) {
    throw new FormError('events', error instanceof Error ? error.message : 'have no canonical form');
  }
}

function soloistHeaders(draft: CommitDraft, events: readonly AnyEvent[], contracts: Contracts): HeaderPair[] {
  if (!COMMIT_ID.test(draft.id)) throw new FormError('id', `must match ${COMMIT_ID.source}`);
  const types = events.map((event) => `${event.type}.v${contractOf(event.type, contracts).version}`).join(',');
  const fence = fenceFilter(draft);
  const startsHere = draft.after === null || draft.snapshot;
  const headers: HeaderPair[] = [[HEADER.commit, draft.id], [HEADER.types, types]];
  put(headers, HEADER.cause, draft.cause);
  put(headers, HEADER.actor, draft.actor);
  put(headers, HEADER.policy, draft.policy);
  put(headers, HEADER.prev, draft.after?.hash ?? null);
  if (!startsHere) put(headers, HEADER.from, String(draft.after?.from));
  put(headers, HEADER.at, draft.at);
  if (fence !== null) headers.push([HEADER.fence, fence]);
  put(headers, HEADER.traceparent, draft.traceparent);
  return headers;
}

function put(headers: HeaderPair[], name: string, value: string | null): void {
  if (value === null) return;
  if (!HEADER_VALUE.test(value)) throw new FormError(name, 'must be printable ASCII of at most 512 characters, without blanks at its ends');
  headers.push([name, value]);
}

function expectationOf(draft: CommitDraft, stream: number, streams: StreamCount): readonly HeaderPair[] {
  const fence = draft.fence;
  if (fence === undefined) return [[EXPECTED_SEQUENCE, sequenceText('after.sequence', draft.after?.sequence ?? 0)]];
  if (fence.kind === 'episode' && fence.runId !== draft.address.key) {
    throw new FormError('fence.runId', `an episode fence guards the commit's own run ${draft.address.key}`);
  }
  if (fence.kind === 'subject' && streamOfKey(fence.address.key, streams) !== stream) {
    throw new FormError('fence.address', `${fence.address.key} lies in another event stream, where an expectation sees nothing`);
  }
  return [
    [EXPECTED_SEQUENCE, sequenceText('fence.sequence', fence.sequence)],
    [EXPECTED_SUBJECT, fenceFilter(draft) ?? ''],
  ];
}

function fenceFilter(draft: CommitDraft): string | null {
  if (draft.fence === undefined) return null;
  return draft.fence.kind === 'episode' ? episodeFilter(draft.fence.runId) : subjectOf('evt', draft.fence.address);
}

function sequenceText(field: string, sequence: number): string {
  if (!Number.isSafeInteger(sequence) || sequence < 0) throw new FormError(field, 'must be a sequence of the log');
  return String(sequence);
}

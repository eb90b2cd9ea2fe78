/** Commits to try a log with: real events of real contracts, with keys that no other test uses. */
import { randomBytes } from 'node:crypto';
import {
  haltKeyOfStream,
  streamOfKey,
  subjectOf,
  type Address,
  type AnyEvent,
  type StreamCount,
} from '@soloist/contracts';
import { commitIdOf } from '../commit-id.js';
import type { Appended, Commit, CommitDraft, EventLog } from '../event-log.port.js';

export function newKey(): string {
  return randomBytes(13).toString('hex');
}

export function loopAddress(key: string = newKey()): Address {
  return { context: 'runtime', entity: 'loop', key };
}

export function gateAddress(runId: string): Address {
  return { context: 'governance', entity: 'gate', key: runId };
}

export function haltAddress(runId: string, streams: StreamCount): Address {
  return { context: 'governance', entity: 'halt', key: haltKeyOfStream(streamOfKey(runId, streams), streams) };
}

/** An event without anything personal. */
export function suspended(id: string): AnyEvent {
  return { type: 'runtime.loop.suspended', data: { waitingFor: 'recall', id } };
}

/** An event with one sealed field. */
export function recallRequested(query: string, dataSubject: string): AnyEvent {
  return { type: 'runtime.loop.recall-requested', data: { recallId: newKey(), query, limit: 3, inputId: newKey(), dataSubject } };
}

export function halted(): AnyEvent {
  return { type: 'governance.halt.raised', data: { generation: 1, by: 'operator', because: 'test' } };
}

export function gateRefused(): AnyEvent {
  return { type: 'governance.gate.refused', data: { effectId: newKey(), generation: 1, code: 'test', because: 'test' } };
}

export function draftOf(address: Address, events: readonly AnyEvent[], after: Commit | null, extra: Partial<CommitDraft> = {}): CommitDraft {
  return {
    address,
    id: commitIdOf(newKey(), 'test', subjectOf('evt', address)),
    cause: newKey(),
    actor: 'service:test',
    policy: null,
    at: '2026-01-02T03:04:05.000Z',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    events,
    after: after === null ? null : { sequence: after.position.sequence, hash: after.hash, from: after.from },
    snapshot: false,
    ...extra,
  };
}

export function committed(appended: Appended): Commit {
  if (appended.outcome !== 'committed') throw new Error(`expected a commit, got a conflict at ${appended.lastSequence}`);
  return appended.commit;
}

/** Writes so many commits of one entity, one after the other. */
export async function writeHistory(log: EventLog, address: Address, count: number): Promise<readonly Commit[]> {
  const written: Commit[] = [];
  for (let index = 0; index < count; index += 1) {
    written.push(committed(await log.append(draftOf(address, [suspended(`wait-${index}`)], written.at(-1) ?? null))));
  }
  return written;
}

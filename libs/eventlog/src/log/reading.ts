/**
 * Reads of the log. A history is served only after its chain was checked against a head that was read apart.
 */
import { episodeFilter, eventStreamName, streamOfKey, subjectOf, type Address, type StreamCount } from '@soloist/contracts';
import { checkChain } from '../codec/chain.js';
import type { Commit, Position } from '../event-log.port.js';
import type { Broker } from './broker.port.js';
import type { Decoding } from './decoding.js';

export interface ReadContext {
  readonly broker: Broker;
  readonly streams: StreamCount;
  readonly decoding: Decoding;
}

export async function head(context: ReadContext, address: Address): Promise<Commit | null> {
  const message = await context.broker.last(streamOf(context, address.key), subjectOf('evt', address));
  return message === null ? null : context.decoding.one(message);
}

/** From the hint the head carries; the hint is checked and, where it is wrong, the whole history read instead. */
export async function read(context: ReadContext, address: Address): Promise<readonly Commit[]> {
  const last = await head(context, address);
  if (last === null) return [];
  if (last.from === last.position.sequence) {
    checkChain([last], last, false);
    return [last];
  }
  const commits = await commitsUpTo(context, last, last.from);
  const first = commits[0];
  // A hint holds only in the site that wrote it: after a restore or a move it points anywhere.
  const isHintGood = first?.position.sequence === last.from && first.from === last.from;
  if (!isHintGood) return history(context, address);
  checkChain(commits, last, false);
  return commits;
}

export async function history(context: ReadContext, address: Address): Promise<readonly Commit[]> {
  const last = await head(context, address);
  if (last === null) return [];
  const commits = await commitsUpTo(context, last, 1);
  checkChain(commits, last, true);
  return commits;
}

/** Every fact of a run. An agent's run begins with its request, so the read does too; all else is read from the start. */
export async function episode(context: ReadContext, runId: string): Promise<readonly Commit[]> {
  const run = await head(context, { context: 'orchestrator', entity: 'run', key: runId });
  const commits = await episodeFrom(context, runId, run?.from ?? 1);
  const isHintGood = run === null || commits[0]?.position.sequence === run.from;
  const whole = isHintGood && histories(commits).every(([first]) => first?.prev === null) ? commits : await episodeFrom(context, runId, 1);
  for (const own of histories(whole)) {
    const last = own.at(-1);
    if (last !== undefined) checkChain(own, last, true);
  }
  return whole;
}

async function episodeFrom(context: ReadContext, runId: string, from: number): Promise<readonly Commit[]> {
  return context.decoding.many(await context.broker.range(streamOf(context, runId), episodeFilter(runId), from, Infinity));
}

/** The commits of each entity among them. */
function histories(commits: readonly Commit[]): readonly (readonly Commit[])[] {
  return [...new Set(commits.map((commit) => commit.subject))].map((subject) => commits.filter((commit) => commit.subject === subject));
}

export async function readAfter(context: ReadContext, stream: number, sequence: number, limit: number): Promise<readonly Commit[]> {
  return context.decoding.many(await context.broker.range(eventStreamName(stream), null, sequence + 1, limit));
}

export async function commitAt(context: ReadContext, { stream, sequence }: Position): Promise<Commit | null> {
  const [found] = await context.broker.range(eventStreamName(stream), null, sequence, 1);
  return found?.sequence === sequence ? context.decoding.one(found) : null;
}

async function commitsUpTo(context: ReadContext, last: Commit, from: number): Promise<readonly Commit[]> {
  const stream = eventStreamName(last.position.stream);
  const messages = await context.broker.range(stream, last.subject, from, Infinity);
  return context.decoding.many(messages.filter((message) => message.sequence <= last.position.sequence));
}

function streamOf(context: ReadContext, key: string): string {
  return eventStreamName(streamOfKey(key, context.streams));
}

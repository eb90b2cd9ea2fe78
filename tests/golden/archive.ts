/**
 * The archived bytes of the events of every release, one stored message for each type and version. They are written once
 * and never changed: what was on somebody's log stays there.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EVENT_CONTRACTS, type AnyEvent, type Context, type EventContract } from '@soloist/contracts';
import { createMemoryLog, derivedId, type Commit, type KeyTable, type MemoryLog } from '@soloist/eventlog';
import { sampleOf } from './sample.js';

export const ARCHIVE = resolve(import.meta.dirname, 'events.jsonl');

export interface GoldenEvent {
  readonly type: string;
  readonly version: number;
  /** The release that wrote it first. */
  readonly release: string;
  readonly subject: string;
  readonly headers: readonly (readonly [string, string])[];
  /** As stored; personal fields are sealed with the key of `goldenKeys`. */
  readonly body: string;
  /** What the release that wrote it read back. */
  readonly data: unknown;
}

/** One key for everybody, for ever: nobody real is in the archive. */
export const goldenKeys: KeyTable = {
  keyFor: () => Promise.resolve(Buffer.alloc(32, 7)),
  existingKey: () => Promise.resolve(Buffer.alloc(32, 7)),
  subjectFor: (identity) => Promise.resolve(identity),
} as KeyTable;

export function archived(file = ARCHIVE): readonly GoldenEvent[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as GoldenEvent);
}

export const nameOf = ({ type, version }: Pick<GoldenEvent, 'type' | 'version'>): string => `${type}.v${version}`;

/** Messages for what is not archived yet. */
export async function missingEvents(known: readonly GoldenEvent[], release: string): Promise<readonly GoldenEvent[]> {
  const names = new Set(known.map(nameOf));
  const missing = [...EVENT_CONTRACTS].filter(([type, { version }]) => !names.has(nameOf({ type, version })));
  return Promise.all(missing.map(([type, contract]) => goldenOf(type, contract, release)));
}

async function goldenOf(type: string, contract: EventContract, release: string): Promise<GoldenEvent> {
  const memory = createMemoryLog({ streams: 1, keys: goldenKeys });
  const [context = '', entity = ''] = type.split('.');
  const address = { context: context as Context, entity, key: derivedId('golden', type) };
  const events: AnyEvent[] = [{ type, data: sampleOf(contract.schema) }];
  const id = derivedId('golden', type, String(contract.version));
  const appended = await memory.log.append({ address, id, cause: null, actor: 'golden', policy: null, at: '2026-01-02T03:04:05.000Z', traceparent: null, events, after: null, snapshot: true });
  const [stored] = memory.broker.stored('EVENTS-0');
  if (appended.outcome !== 'committed' || stored === undefined) throw new Error(`${type} was not stored`);
  return { type, version: contract.version, release, subject: stored.subject, headers: stored.headers, body: Buffer.from(stored.body).toString('utf8'), data: appended.commit.events[0]?.data };
}

/** What the code of today reads of an archived message. */
export async function decoded(golden: GoldenEvent): Promise<Commit | null> {
  const memory: MemoryLog = createMemoryLog({ streams: 1, keys: goldenKeys });
  const answer = memory.broker.publish({ subject: golden.subject, headers: golden.headers, body: Buffer.from(golden.body) });
  if (answer.kind !== 'stored') throw new Error(`${nameOf(golden)} was not stored: ${answer.kind}`);
  return memory.log.commitAt({ stream: 0, sequence: answer.sequence });
}

export const releaseOf = (root: string): string => (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;

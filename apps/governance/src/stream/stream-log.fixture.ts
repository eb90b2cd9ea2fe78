/** A log that the other services wrote on, and who reads it. */
import type { AnyEvent, Context } from '@soloist/contracts';
import { createMemoryLog, derivedId, type MemoryLog } from '@soloist/eventlog';
import { headOf } from '@soloist/service';
import { NoticeReader } from './notice-reader.js';
import type { Cursor } from './cursor.js';
import type { Notice, NoticeType } from './notice.js';
import type { Tail } from './tail.js';

const at = '2026-11-25T00:00:00.000Z';
const digest = 'd'.repeat(64);

export const streamLog = (streams: 1 | 2 | 8 = 8): MemoryLog => createMemoryLog({ streams });
export const runOf = (number: number): string => derivedId('run', `stream-${number}`);

/** The rounds of a test: made when it says so. */
export class HandRounds {
  private readonly rounds = new Set<() => Promise<void>>();
  at = Date.parse(at);
  readonly now = (): string => new Date(this.at).toISOString();
  readonly every = (_ms: number, round: () => Promise<void>): { stop(): Promise<void> } => {
    this.rounds.add(round);
    return { stop: () => Promise.resolve(void this.rounds.delete(round)) };
  };
  get running(): number {
    return this.rounds.size;
  }
  async make(): Promise<void> {
    for (const round of [...this.rounds]) await round();
  }
}

let said = 0;

export async function write(log: MemoryLog, context: Context, entity: string, key: string, ...events: AnyEvent[]): Promise<void> {
  const { log: own } = log.connect(context);
  const address = { context, entity, key };
  const head = await own.head(address);
  said += 1;
  const draft = { address, id: derivedId('test', String(said)), cause: null, actor: context, policy: null, at, traceparent: null, events };
  const appended = await own.append({ ...draft, after: head === null ? null : headOf(head), snapshot: false });
  if (appended.outcome !== 'committed') throw new Error(`${context}.${entity}.${key} was written by somebody else`);
}

/** A commit of so many gate events, each of which is a notice. */
export function remind(log: MemoryLog, runId: string, count: number): Promise<void> {
  return write(log, 'governance', 'gate', runId, ...Array.from({ length: count }, (_, index) => ({ type: 'governance.gate.reminded', data: { gateId: `${runId}-g1`, number: index + 1, dueAt: at } })));
}

/** A commit of which no program hears. */
export function silent(log: MemoryLog, runId: string): Promise<void> {
  return write(log, 'governance', 'gate', runId, { type: 'governance.gate.review-asked', data: { effectId: `${runId}-e1`, generation: 1, action: 'mail.send', digest, share: 0.5 } });
}

/** Notices between commits of silence. */
export function mixed(log: MemoryLog, runId: string): Promise<void> {
  const quiet = { type: 'governance.gate.review-asked', data: { effectId: `${runId}-e1`, generation: 1, action: 'mail.send', digest, share: 0.5 } };
  const loud = { type: 'governance.gate.escalated', data: { gateId: `${runId}-g1`, dueAt: at } };
  return write(log, 'governance', 'gate', runId, quiet, loud, quiet, loud, quiet);
}

export interface Heard {
  readonly notice: Notice;
  /** The token that came with it. */
  readonly token: string;
}

/** Reads on until nothing more is there, or `most` notices were heard. */
export async function readOn(tail: Tail, cursor: Cursor, most = Infinity, types: ReadonlySet<NoticeType> | null = null): Promise<{ heard: readonly Heard[]; token: string }> {
  const reader = new NoticeReader(tail, cursor, types);
  const heard: Heard[] = [];
  while (!reader.isAtEnd) {
    for await (const notice of reader.pass()) {
      heard.push({ notice, token: reader.token });
      if (heard.length >= most) return { heard, token: reader.token };
    }
  }
  return { heard, token: reader.token };
}

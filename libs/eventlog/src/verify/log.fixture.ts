/** A log as services leave it behind, in memory: several entities, episodes under fences, sealed fields, two streams. */
import type { StreamCount } from '@soloist/contracts';
import { committed, draftOf, gateAddress, gateRefused, haltAddress, halted, loopAddress, newKey, recallRequested, suspended } from '../conformance/drafts.js';
import type { StoredMessage } from '../codec/message.js';
import type { Commit, EventLog } from '../event-log.port.js';
import { createMemoryLog, type MemoryLog } from '../memory/memory-log.js';
import { pagesOf } from './live-log.js';

export async function filledLog(streams: StreamCount = 2, runs = 6): Promise<MemoryLog> {
  const memory = createMemoryLog({ streams });
  for (let run = 0; run < runs; run += 1) await writeRun(memory.log, streams);
  return memory;
}

export async function storedIn({ broker }: MemoryLog, streams: StreamCount): Promise<readonly StoredMessage[]> {
  const pages: StoredMessage[] = [];
  for await (const page of pagesOf(broker.connect('replay'), streams)) pages.push(...page);
  return pages;
}

export async function writeRun(log: EventLog, streams: StreamCount): Promise<string> {
  const runId = newKey();
  const loop = loopAddress(runId);
  const halt = await headOrFirst(log, haltAddress(runId, streams));
  const first = committed(await log.append(draftOf(loop, [suspended('start'), recallRequested('who is this?', newKey())], null)));
  const second = committed(await log.append(draftOf(loop, [recallRequested('and this?', newKey())], first, { snapshot: true })));
  const gate = committed(await log.append(draftOf(gateAddress(runId), [gateRefused()], null)));
  const episode = { kind: 'episode' as const, runId, sequence: gate.position.sequence };
  const third = committed(await log.append(draftOf(loop, [suspended('fenced-by-the-episode')], second, { fence: episode })));
  const stop = { kind: 'subject' as const, address: haltAddress(runId, streams), sequence: halt.position.sequence };
  // Decided on the second commit, landed behind the third: what a fence permits (ADR 0006).
  committed(await log.append(draftOf(loop, [suspended('fenced-by-the-stop')], second, { fence: stop })));
  const last = await log.head(loop);
  committed(await log.append(draftOf(loop, [suspended('end')], last)));
  if (third.position.sequence >= (last?.position.sequence ?? 0)) throw new Error('the fork must stand behind the third commit');
  return runId;
}

/** One stop for each stream, before any run. */
async function headOrFirst(log: EventLog, address: ReturnType<typeof haltAddress>): Promise<Commit> {
  return (await log.head(address)) ?? committed(await log.append(draftOf(address, [halted()], null)));
}

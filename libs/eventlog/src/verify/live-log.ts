/**
 * The stored messages of a running log, read under the replay identity, which can write nothing.
 *
 * I1 each stream is read up to where it stood when its reading began: what is written meanwhile belongs to the next check
 */
import { eventStreamName, type StreamCount } from '@soloist/contracts';
import { keysOf } from '../codec/decode-commit.js';
import type { StoredMessage } from '../codec/message.js';
import type { KeyTable } from '../event-log.port.js';
import { connectBroker } from '../jetstream/connect-log.js';
import type { Broker } from '../log/broker.port.js';
import { wrongWithBlob } from './blob-refs.js';
import { LogCheck, type LogCheckReport, type Remembered } from './log-check.js';

const PAGE = 500;

export interface LiveLog {
  readonly streams: StreamCount;
  /** All messages, stream by stream. @throws Fault transient */
  pages(): AsyncIterable<readonly StoredMessage[]>;
  /** Every check, seals included where the key is still there. @throws Fault transient */
  check(keys: KeyTable, remembered: ReadonlyMap<string, readonly Remembered[]>): Promise<LogCheckReport>;
  close(): Promise<void>;
}

/** @throws Fault transient: no broker there · unauthorized */
export async function openLiveLog(options: { readonly servers: string; readonly seedFile: string; readonly streams: StreamCount; readonly name: string }): Promise<LiveLog> {
  const broker = await connectBroker({ ...options, service: 'replay' });
  const { streams } = options;
  return {
    streams,
    pages: () => pagesOf(broker, streams),
    check: (keys, remembered) => checkLive(broker, streams, keys, remembered),
    close: () => broker.close(),
  };
}

/** As `openLiveLog`, over a broker that is there already (the in-memory one). */
export async function* pagesOf(broker: Broker, streams: StreamCount): AsyncIterable<readonly StoredMessage[]> {
  for (let stream = 0; stream < streams; stream += 1) {
    const name = eventStreamName(stream);
    const last = await broker.lastSequence(name);
    for (let next = 1; next <= last; ) {
      const page = (await broker.range(name, null, next, PAGE)).filter(({ sequence }) => sequence <= last);
      const end = page.at(-1);
      if (end === undefined) break;
      yield page;
      next = end.sequence + 1;
    }
  }
}

/** As `LiveLog.check`, over a broker that is there already. */
export async function checkLive(broker: Broker, streams: StreamCount, keys: KeyTable, remembered: ReadonlyMap<string, readonly Remembered[]>): Promise<LogCheckReport> {
  const check = new LogCheck(streams, remembered);
  for await (const page of pagesOf(broker, streams)) {
    const known = await keysOf(page, keys);
    for (const message of page) check.take(message, known);
  }
  for (const { ref, ...place } of check.blobs()) {
    const reason = await wrongWithBlob(broker, ref);
    if (reason !== null) check.found({ check: 'blob', ...place, reason });
  }
  return check.finish();
}

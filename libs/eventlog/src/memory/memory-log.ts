/** The in-memory log: the same code above the broker port as in production, on the broker's twin. */
import type { StreamCount } from '@soloist/contracts';
import type { KeyTable, LogConnection } from '../event-log.port.js';
import type { Broker } from '../log/broker.port.js';
import { logConnection } from '../log/connection.js';
import { decodingWith, KeptCommits } from '../log/decoding.js';
import { MemoryBroker, type MemoryFaults } from './memory-broker.js';
import { createMemoryKeyTable } from './memory-key-table.js';
import type { Party } from './rights.js';
import { processScheduler, type Scheduler } from './scheduler.js';

export interface MemoryLogOptions {
  readonly streams: StreamCount;
  readonly keys?: KeyTable;
  readonly scheduler?: Scheduler;
  readonly faults?: MemoryFaults;
  readonly ackWaitMs?: number;
  readonly maxDeliver?: number;
  readonly maxStreamBytes?: number;
  /** Decodes each stored commit once for all its readers. Only where no key is ever erased or lost; false unless given. */
  readonly keepsDecoded?: boolean;
}

/** A connection with all rights, and the broker behind it. */
export interface MemoryLog extends LogConnection {
  readonly broker: MemoryBroker;
  /**
   * A further connection with the rights of one service, as the broker's accounts grant them. `wire` stands between the
   * log's code and the broker: the simulator delays, loses and cuts there what a network would.
   */
  connect(party: Party, wire?: (broker: Broker) => Broker): LogConnection;
}

export function createMemoryLog(options: MemoryLogOptions): MemoryLog {
  const keys = options.keys ?? createMemoryKeyTable();
  const broker = new MemoryBroker({
    streams: options.streams,
    scheduler: options.scheduler ?? processScheduler,
    faults: options.faults ?? {},
    ackWaitMs: options.ackWaitMs ?? null,
    maxDeliver: options.maxDeliver ?? Infinity,
    maxStreamBytes: options.maxStreamBytes ?? Infinity,
  });
  const kept = options.keepsDecoded === true ? new KeptCommits() : null;
  const decoding = kept === null ? decodingWith(keys) : kept.around(decodingWith(keys));
  let connections = 0;
  const connect: MemoryLog['connect'] = (party, wire = (direct) => direct) => {
    connections += 1;
    // Counted, not drawn: the same run gives the same bytes.
    return logConnection(wire(broker.connect(party)), options.streams, keys, `${party}-${connections}`, decoding);
  };
  return { ...connect('ops'), broker, connect };
}

import type { StreamCount } from '@soloist/contracts';
import { eventLogConformance, type LogHarness } from '../conformance/index.js';
import type { LogConnection } from '../event-log.port.js';
import { createMemoryKeyTable } from './memory-key-table.js';
import { createMemoryLog } from './memory-log.js';
import type { Party } from './rights.js';

function memoryHarness(streams: StreamCount): LogHarness {
  const keys = createMemoryKeyTable();
  const losing = { answers: 0 };
  const memory = createMemoryLog({
    streams,
    keys,
    faults: { publish: () => (losing.answers-- > 0 ? 'lose-answer' : 'none') },
  });
  const connect = async (party: Party): Promise<LogConnection> => memory.connect(party);
  return {
    streams,
    keys,
    connect,
    async connectLossy(party) {
      return { connection: await connect(party), loseAnswers: (count) => void (losing.answers = count) };
    },
    async publishRaw(message) {
      const answer = memory.broker.publish(message);
      if (answer.kind !== 'stored') throw new Error(`not stored: ${answer.kind}`);
    },
    stored: async (stream) => memory.broker.stored(stream),
    provokeRedelivery: async () => memory.broker.restart(),
    close: () => memory.close(),
  };
}

for (const streams of [2, 8] as const) {
  eventLogConformance(`[G4] [G5] the in-memory log with ${streams} streams`, async () => memoryHarness(streams));
}

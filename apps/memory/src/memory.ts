/**
 * Memory: what the company knows. Facts with where they come from, answers to runs, and the short-term context of
 * conversations. The log is the truth; the fact rows are a projection that can be dropped at any time.
 */
import { defineService } from '@soloist/service';
import { createLogger } from '@soloist/telemetry';
import { turnstile } from './adapters/turnstile.js';
import { factEntity, recallEntity } from './entities.js';
import { memoryConfig, type MemoryConfig } from './memory.config.js';
import type { MemoryPorts } from './ports/memory-ports.js';
import { answerRecalls } from './reactors/answer-recall.js';
import { extractFacts } from './reactors/extract-facts.js';
import { keepSession } from './reactors/keep-session.js';

export const memoryService = defineService<MemoryConfig, MemoryPorts>({
  name: 'memory',
  config: memoryConfig,
  entities: [factEntity, recallEntity],
  reactors: [extractFacts, keepSession, answerRecalls],
  commands: [],
  sources: [],
  open: async ({ config }) => {
    // Loaded here because replay and simulation bring their own ports and no database.
    const { openFactRows } = await import('./projections/open-fact-rows.js');
    const rows = await openFactRows({ url: config.postgresUrl, schema: config.schema, connectWithinMs: config.connectWithinMs, logger: createLogger('memory') });
    return {
      ports: { facts: rows.index, followed: rows.followed, inTurn: turnstile() },
      projections: [rows.projector],
      close: () => rows.store.close(),
    };
  },
});

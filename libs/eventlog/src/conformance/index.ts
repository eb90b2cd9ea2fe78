/**
 * The conformance suite of the log port: whatever passes may stand behind it. Run on the in-memory twin and on a real
 * nats-server with the generated accounts, so that what a simulation proves holds in production.
 */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { appending } from './appending.js';
import { deadLetters } from './dead-letters.js';
import { delivering } from './delivering.js';
import type { LogHarness, Suite } from './harness.js';
import { payloads } from './payloads.js';
import { reading } from './reading.js';
import { sealing } from './sealing.js';

export { AnswerLosingProxy } from './answer-losing-proxy.js';
export { keyTableConformance, type KeyTableHarness } from './key-table.js';
export { natsHarness, type RunningBroker } from './nats-harness.js';
export { eventually, type LogHarness, type LossyConnection } from './harness.js';
export { committed, draftOf, gateAddress, gateRefused, haltAddress, halted, loopAddress, newKey, recallRequested, suspended, writeHistory } from './drafts.js';

export function eventLogConformance(name: string, open: () => Promise<LogHarness>): void {
  describe(name, () => {
    let opened: LogHarness | null = null;
    const harness = (): LogHarness => {
      if (opened === null) throw new Error(`${name} was not opened`);
      return opened;
    };
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.close());
    for (const [topic, cases] of [appending, reading, sealing, payloads, delivering, deadLetters].flatMap(Object.entries<Suite[string]>)) {
      describe(topic, () => {
        for (const [title, attempt] of Object.entries(cases)) it(title, () => attempt(harness()));
      });
    }
  });
}

import { eventLogConformance, natsHarness } from '@soloist/eventlog/conformance';
import { startBroker } from './broker.js';

for (const streams of [2, 8] as const) {
  eventLogConformance(`[G4] [G5] the log on nats-server with ${streams} streams`, async () => natsHarness(await startBroker({ streams })));
}

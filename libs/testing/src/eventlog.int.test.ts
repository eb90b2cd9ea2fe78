import { eventLogConformance, natsHarness } from '@soloist/eventlog/conformance';
import { startBroker } from './broker.js';

for (const streams of [2, 8] as const) {
  eventLogConformance(`the log on nats-server with ${streams} streams`, async () => natsHarness(await startBroker({ streams })));
}

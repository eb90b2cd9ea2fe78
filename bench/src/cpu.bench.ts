/**
 * `cpu-per-1000-steps`: processor time that 1,000 durable steps cost, in the process that runs service and operator and
 * in the broker together, 16 runs of ten steps at a time. The limit is what 1,000 bare publishes with an expectation cost
 * client and broker, by the same account on the same streams, 16 at a time. Ticks of the kernel are 10 ms; each round
 * costs hundreds of them.
 */
import { jetstream } from '@nats-io/jetstream';
import { subjectOf } from '@soloist/contracts';
import { derivedId } from '@soloist/eventlog';
import { defineProgram } from '@soloist/runtime';
import { startBroker } from '@soloist/testing';
import { figureOf, type Figure, type Round } from './figure.js';
import { ratePerSecond } from './in-flight.js';
import { cpuMillisOf } from './process-cost.js';
import { startProgramService } from './program-service.js';

const STEPS = 10;
const RUNS = 200;
const AT_ONCE = 16;
const ROUNDS = 5;
/** About the bytes of a step's commit, headers and all. */
const BODY = 'x'.repeat(900);

const program = defineProgram({
  name: 'bench-cpu',
  version: '1',
  run: async (context) => {
    for (let step = 1; step <= STEPS; step += 1) await context.step(`step-${step}`, () => ({ step }), { args: step });
  },
});

export async function benchCpu(): Promise<readonly Figure[]> {
  const broker = await startBroker({ streams: 8 });
  const service = await startProgramService(broker, [program]);
  const connection = await broker.connect('runtime');
  const client = jetstream(connection);
  let made = 0;
  const bare = async (): Promise<void> => {
    made += 1;
    const subject = subjectOf('evt', { context: 'runtime', entity: 'loop', key: derivedId('bench-cpu', String(process.pid), String(made)) });
    let last = 0;
    for (let step = 0; step < STEPS; step += 1) last = (await client.publish(subject, BODY, { expect: { lastSubjectSequence: last } })).seq;
  };
  const costOf = async (work: () => Promise<void>): Promise<number> => {
    const spent = (): number => cpuMillisOf(process.pid) + cpuMillisOf(broker.pid);
    const before = spent();
    await ratePerSecond(RUNS, AT_ONCE, work);
    return ((spent() - before) * 1_000) / (RUNS * STEPS);
  };
  const ours = (): Promise<void> => service.run(program, 'runtime.loop.program-ended');
  try {
    await costOf(ours);
    await costOf(bare);
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const limit = await costOf(bare);
      rounds.push({ limit, value: await costOf(ours) });
    }
    return [figureOf('cpu-per-1000-steps', 'ms', rounds)];
  } finally {
    await service.stop();
    await connection.close();
    await broker.stop();
  }
}

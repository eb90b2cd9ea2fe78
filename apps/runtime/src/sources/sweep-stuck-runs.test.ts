/** Deliveries here are what the test hands over: one that it does not is lost. */
import type { Dispatcher } from '@soloist/service';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { claim, RUN_ID } from '../runtime.fixture.js';
import { admitted, begun, freshRig, gateRefused, history, memory, model, recalled, sent, worker, written } from '../runtime-rig.fixture.js';
import { sweepStuckRuns } from './sweep-stuck-runs.js';

beforeEach(freshRig);

/** Money is reserved for the run, so it is open. */
const reserved = () =>
  written('governance', 'budget', 'company', [
    {
      type: 'governance.budget.reserved',
      data: { runId: RUN_ID, agent: claim.agent, definitionVersion: claim.definitionVersion, policyVersion: claim.definitionVersion, feature: null, workflow: null, client: null, day: '2026-01-02', micros: 100_000, bounds: { tokens: null, calls: null, minutes: null }, currency: 'USD' },
    },
  ]);

/** A sweeper whose rounds the test makes. */
async function sweeper(by: Dispatcher<RuntimePorts> = worker()): Promise<() => Promise<void>> {
  let round = (): Promise<void> => Promise.reject(new Error('the sweeper asked for no rounds'));
  const rounds = { now: () => '2026-01-02T03:04:05.000Z', every: (_ms: number, given: () => Promise<void>) => ((round = given), { stop: () => Promise.resolve() }) };
  const work = by.sourceWork(memory.connect('runtime'));
  await sweepStuckRuns.start({ ...work, ports: { ...work.ports, rounds } });
  return () => round();
}

async function answeredWith(round: Promise<void>, count: number, answer: object): Promise<void> {
  (await model.call(count)).answer(answer);
  await round;
}

describe('[G28] a run that no delivery will move any more', () => {
  it('admitted, with no loop: is begun by the second round that finds it so, and by none without a sweeper', async () => {
    await admitted();
    await reserved();
    const round = await sweeper();
    await round();
    expect((await history()).names).toEqual([]);
    await round();
    expect((await history()).names).toEqual(['claimed', 'recall-requested', 'suspended']);
  });

  it('whose recall was answered and never seen: goes on', async () => {
    await begun();
    await reserved();
    const round = await sweeper();
    await round();
    expect((await history()).names).toHaveLength(3);
    await answeredWith(round(), 1, { text: 'Done.' });
    expect((await history()).names.slice(3)).toEqual(['model-asked', 'model-answered', 'finished']);
  });

  it.each([
    ['succeeded', sent],
    ['was refused', () => gateRefused('gate.rejected')],
  ])('whose effect %s and was never observed: goes on', async (_what, outcome) => {
    const first = worker().reactTo(await begun(), 1);
    await answeredWith(first.then(() => undefined), 1, { toolCalls: [{ callId: 'c1', tool: 'mail.send', args: { to: ['ada@client.example'], subject: 'Re', text: 'x' } }] });
    await reserved();
    const round = await sweeper();
    for (let count = 0; count < 3; count += 1) await round();
    // It waits for the world or for a person: nothing to be done.
    expect((await history()).names.at(-1)).toBe('suspended');
    await outcome();
    await round();
    await answeredWith(round(), 2, { text: 'Done.' });
    expect((await history()).names.slice(-4)).toEqual(['effect-observed', 'model-asked', 'model-answered', 'finished']);
  });

  it('whose ask nobody holds: is asked again as a new epoch; while it is held, it is let be', async () => {
    const one = worker();
    const recall = await begun();
    await reserved();
    // The worker asks and dies; its delivery is gone with it.
    void one.reactTo(recall, 1);
    await model.call(1);
    const other = worker();
    let isHeld = true;
    other.meet({ holderOf: () => Promise.resolve(isHeld ? 'another' : 'nobody') });
    const round = await sweeper(other);
    for (let count = 0; count < 3; count += 1) await round();
    expect(model.requests).toHaveLength(1);
    isHeld = false;
    await answeredWith(round(), 2, { text: 'Done.' });
    expect((await history()).names.slice(3)).toEqual(['model-asked', 'claimed', 'model-asked', 'model-answered', 'finished']);
  });

  it('is let be when it moves between rounds, has ended, or has no money reserved', async () => {
    await admitted();
    const round = await sweeper();
    for (let count = 0; count < 3; count += 1) await round();
    expect((await history()).names).toEqual([]);
    await reserved();
    await round();
    await written('orchestrator', 'run', RUN_ID, [{ type: 'orchestrator.run.closed', data: { runId: RUN_ID, outcome: 'cancelled', because: 'test' } }]);
    for (let count = 0; count < 3; count += 1) await round();
    expect((await history()).names).toEqual([]);
    await recalled();
    await round();
    expect((await history()).names).toEqual([]);
  });
});

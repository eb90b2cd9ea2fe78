import type { GateEvent } from '@soloist/contracts';
import { createMemoryKeyTable, createMemoryLog, isErased } from '@soloist/eventlog';
import { Committer, Dispatcher, systemClock } from '@soloist/service';
import { silentLogger } from '@soloist/telemetry';
import { expect, it } from 'vitest';
import { POLICY_KEY } from '../domain/policy.js';
import { request, RUN, seal, terms } from '../domain/gate.fixture.js';
import { gates } from '../entities.js';
import { governanceService } from '../governance.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

const document = { name: 'test', actions: [], gateExpiresAfterHours: 72, authorizationExpiresAfterMinutes: 60 };

function rig() {
  const keys = createMemoryKeyTable();
  const memory = createMemoryLog({ streams: 1, keys });
  const governance = memory.connect('governance');
  const write = async (context: 'governance' | 'connectors', entity: string, key: string, type: string, data: unknown) => {
    const committer = new Committer(memory.connect(context).log, context, systemClock);
    const origin = { cause: null, seed: type, decider: 'test', traceparent: null };
    const outcome = await committer.commit(origin, { context, entity, initial: null, evolve: () => null }, key, 'write', () => [{ type, data }]);
    if (outcome.kind !== 'committed') throw new Error(outcome.kind);
    return outcome.commit;
  };
  const { effectId, action, args, digest, effectClass, epoch, dataSubject } = request;
  const authorization = seal({ runId: RUN, effectId, generation: 1, action, args, digest, effectClass, epoch, stopGeneration: 0, policyVersion: terms.policyVersion, expiresAt: '2026-11-24T11:00:00.000Z', dataSubject });
  return {
    keys,
    authorized: async () => {
      await write('governance', 'policy', POLICY_KEY, 'governance.policy.adopted', { version: terms.policyVersion, document, origin: 'test' });
      await write('governance', gates.entity, RUN, 'governance.gate.authorized', authorization);
    },
    unknown: () => write('connectors', 'effect', RUN, 'connectors.effect.unknown', { effectId, generation: 1, because: 'The connection broke.', reconcileHint: 'Look into the sent folder.' }),
    governing: () => new Dispatcher<GovernancePorts>(governanceService as never, governance, {} as never, systemClock, silentLogger),
    opened: async () => ((await memory.log.history({ context: 'governance', entity: gates.entity, key: RUN })).flatMap((commit) => commit.events) as GateEvent[]).flatMap((event) => (event.type === 'governance.gate.opened' ? [event.data] : [])),
  };
}

it('[G24] an unknown outcome is asked about with its arguments, and without them once their person was erased', async () => {
  const living = rig();
  await living.authorized();
  await living.governing().reactTo(await living.unknown(), 1);
  expect(await living.opened()).toMatchObject([{ kind: 'unknown-outcome', args: request.args }]);

  const erased = rig();
  await erased.authorized();
  const unknown = await erased.unknown();
  erased.keys.erase(request.dataSubject);
  for (const deliveryCount of [1, 2]) await erased.governing().reactTo(unknown, deliveryCount);
  const cards = await erased.opened();
  expect(cards).toMatchObject([{ kind: 'unknown-outcome', digest: request.digest }]);
  expect(isErased(cards[0]?.args)).toBe(true);
  expect(cards[0]?.reasons.join(' ')).toContain('was erased since');
});

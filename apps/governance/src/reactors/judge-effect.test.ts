/** What governance remembers of a run while it judges its effects, and what becomes of it when others have written since. */
import { AgentDefinition, haltKeyOfStream, PolicyDocument, type AnyEvent, type Context, type GateEvent } from '@soloist/contracts';
import { createMemoryLog, sha256Hex, type Commit, type Delivery, type LogConnection } from '@soloist/eventlog';
import { canonicalJson } from '@soloist/kernel';
import { Committer, Dispatcher, systemClock } from '@soloist/service';
import { silentLogger } from '@soloist/telemetry';
import { describe, expect, it } from 'vitest';
import { RUN } from '../domain/gate.fixture.js';
import { POLICY_KEY } from '../domain/policy.js';
import { governanceService } from '../governance.js';
import { openGovernanceInMemory } from '../in-memory.js';
import { emptyCatalog } from '../ports/catalog.port.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

const ACTION = 'files.look';
const ARGS = { name: 'rates' };
const definition = AgentDefinition.parse({ name: 'desk', purpose: 'Tests.', instructions: 'Act.', model: { alias: 'test', maxOutputTokens: 100 }, actions: [ACTION], budget: { perRunMicros: 1_000 }, limits: { maxSteps: 9 } });
const document = PolicyDocument.parse({ name: 'company', actions: [{ action: ACTION, verdict: 'allow', because: 'It does nothing.' }], outward: 'by-rules', gateExpiresAfterHours: 72, authorizationExpiresAfterMinutes: 60 });
const versions = { definitionVersion: 'd'.repeat(16), policyVersion: 'b'.repeat(16) };
const grant = { runId: RUN, agent: 'desk', ...versions, envelopeMicros: 1_000, currency: 'USD' };

interface Worker {
  /** Hands over a commit as the broker does, and waits until it is settled. */
  deliver(commit: Commit): Promise<void>;
  /** `<entity>` of each history read since the last look. */
  read(): readonly string[];
  conflicts(): number;
}

async function company() {
  const memory = createMemoryLog({ streams: 1 });
  let said = 0;
  const write = async (context: Context, entity: string, key: string, ...events: readonly AnyEvent[]): Promise<Commit> => {
    const origin = { cause: null, seed: `${(said += 1)}`, decider: 'test', traceparent: null };
    const outcome = await new Committer(memory.connect(context).log, context, systemClock).commit(origin, { context, entity, initial: null, evolve: () => null }, key, 'write', () => events);
    if (outcome.kind !== 'committed') throw new Error(outcome.kind);
    return outcome.commit;
  };
  await write('governance', 'definition', 'desk', { type: 'governance.definition.published', data: { version: versions.definitionVersion, definition, origin: 'test' } });
  await write('governance', 'policy', POLICY_KEY, { type: 'governance.policy.adopted', data: { version: versions.policyVersion, document, origin: 'test' } });
  await write('governance', 'hold', RUN, { type: 'governance.hold.granted', data: grant });
  const claim = (epoch: number): Promise<Commit> => write('runtime', 'loop', RUN, { type: 'runtime.loop.claimed', data: { runId: RUN, epoch, inputId: 'input-1', agent: 'desk', definitionVersion: versions.definitionVersion, envelopeMicros: 1_000, currency: 'USD', dataSubject: 'someone' } });
  const ask = (number: number, epoch = 1): Promise<Commit> =>
    write('runtime', 'loop', RUN, {
      type: 'runtime.loop.effect-requested',
      data: { effectId: effect(number), callId: `c${number}`, epoch, action: ACTION, args: ARGS, digest: sha256Hex(canonicalJson({ action: ACTION, args: ARGS })), effectClass: 'read-only', trust: 'owner', dataSubject: 'someone' },
    });
  const go = (): Promise<Commit> => write('runtime', 'loop', RUN, { type: 'runtime.loop.suspended', data: { waitingFor: 'effect', id: effect(1) } });
  const stop = (type: 'raised' | 'lifted', generation: number): Promise<Commit> => write('governance', 'halt', haltKeyOfStream(0, 1), { type: `governance.halt.${type}`, data: { generation, by: 'operator', because: 'test' } });
  const gates = async (): Promise<readonly GateEvent[]> => (await memory.log.history({ context: 'governance', entity: 'gate', key: RUN })).flatMap(({ events }) => events) as readonly GateEvent[];
  return { write, claim, ask, go, stop, gates, worker: () => workerOn(memory.connect('governance')) };
}

const effect = (number: number): string => `${RUN.slice(0, 24)}-e${number}`;

function workerOn(own: LogConnection): Worker {
  const reads: string[] = [];
  let conflicts = 0;
  const log: LogConnection['log'] = {
    ...own.log,
    read: (address) => (reads.push(address.entity), own.log.read(address)),
    append: async (draft) => {
      const appended = await own.log.append(draft);
      if (appended.outcome === 'conflict') conflicts += 1;
      return appended;
    },
  };
  const { ports } = openGovernanceInMemory(own, emptyCatalog).opened;
  const dispatcher = new Dispatcher<GovernancePorts>(governanceService as never, { ...own, log }, ports, systemClock, silentLogger);
  return {
    deliver: async (commit) => {
      const ends: string[] = [];
      await dispatcher.dispatch(deliveryOf(commit, ends));
      expect(ends).toEqual(['ack']);
    },
    read: () => reads.splice(0),
    conflicts: () => conflicts,
  };
}

function deliveryOf(commit: Commit, ends: string[]): Delivery {
  const { subject, address, position, prev, fence, hash, events } = commit;
  const none = (): never => {
    throw new TypeError('this is an event');
  };
  const outline = { types: events.map(({ type }) => type), prev, fence, hash: () => hash };
  return { kind: 'event', subject, address, position, deliveryCount: 1, outline: () => outline, commit: () => commit, command: none, due: none, ack: async () => void ends.push('ack'), retryIn: () => void ends.push('retry'), working: () => {}, terminate: () => void ends.push('terminate') };
}

const judgedIn = (events: readonly GateEvent[]): readonly string[] => events.flatMap((event) => (event.type === 'governance.gate.judged' ? [`${event.data.effectId.slice(25)} ${event.data.verdict} ${event.data.code ?? ''}`] : []));
const generationsIn = (events: readonly GateEvent[]): readonly number[] => events.flatMap((event) => (event.type === 'governance.gate.authorized' ? [event.data.stopGeneration] : []));

describe('a run whose effects one worker judges', () => {
  it('is read once: from then on neither its loop, its judgements nor its contacts are', async () => {
    const { claim, ask, go, gates, worker } = await company();
    const one = worker();
    for (const commit of [await claim(1), await ask(1)]) await one.deliver(commit);
    expect(one.read()).toEqual(expect.arrayContaining(['gate', 'loop', 'contact', 'hold', 'halt']));
    for (const commit of [await go(), await ask(2), await go(), await ask(3)]) await one.deliver(commit);
    expect([...one.read()].sort()).toEqual(['halt', 'halt', 'hold', 'hold']);
    expect(judgedIn(await gates())).toEqual(['e1 allow policy.allowed', 'e2 allow policy.allowed', 'e3 allow policy.allowed']);
    expect(one.conflicts()).toBe(0);
  });

  it('[G25] a stop pressed in between is in the next authorization, and so is its lifting', async () => {
    const { claim, ask, stop, gates, worker } = await company();
    const one = worker();
    for (const commit of [await claim(1), await ask(1)]) await one.deliver(commit);
    await stop('raised', 1);
    await one.deliver(await ask(2));
    await stop('lifted', 1);
    await stop('raised', 2);
    await one.deliver(await ask(3));
    expect(generationsIn(await gates())).toEqual([0, 1, 2]);
  });

  it('counts for a later effect the approvals that its first judgement counted', async () => {
    const { claim, ask, write, gates, worker } = await company();
    const one = worker();
    for (const commit of [await claim(1), await ask(1)]) await one.deliver(commit);
    await write('governance', 'contact', 'someone', { type: 'governance.contact.approved', data: { gateId: 'g1', action: 'mail.send', recipients: ['new@x.example'], dataSubject: 'someone' } });
    for (const who of [one, worker()]) await who.deliver(await ask(who === one ? 2 : 3));
    expect((await gates()).flatMap((event) => (event.type === 'governance.gate.judged' ? [event.data.approvals] : []))).toEqual([0, 0, 0]);
  });

  it('is refused once its hold was released by another worker', async () => {
    const { claim, ask, write, gates, worker } = await company();
    const one = worker();
    for (const commit of [await claim(1), await ask(1)]) await one.deliver(commit);
    await write('governance', 'hold', RUN, { type: 'governance.hold.released', data: { runId: RUN, spentMicros: 1, releasedMicros: 999 } });
    await one.deliver(await ask(2));
    expect(judgedIn(await gates())).toEqual(['e1 allow policy.allowed', 'e2 refuse hold.missing']);
  });

  it('an effect that is delivered again is judged once', async () => {
    const { claim, ask, gates, worker } = await company();
    const one = worker();
    const first = await ask(1);
    for (const commit of [await claim(1), first, await ask(2), first]) await one.deliver(commit);
    expect(judgedIn(await gates()).map((line) => line.slice(0, 2))).toEqual(['e1', 'e2']);
  });
});

describe('a run whose effects two workers judge in turn', () => {
  it('[R5] what one remembers is refused by the log, read again, and each effect is judged once', async () => {
    const { claim, ask, gates, worker } = await company();
    const [one, other] = [worker(), worker()];
    await one.deliver(await claim(1));
    for (const [index, who] of [one, other, one, other].entries()) await who.deliver(await ask(index + 1));
    expect(judgedIn(await gates()).map((line) => line.slice(0, 8))).toEqual(['e1 allow', 'e2 allow', 'e3 allow', 'e4 allow']);
    expect(one.conflicts() + other.conflicts()).toBe(2);
  });

  it('[R5] an effect that the other has judged meanwhile is not judged again', async () => {
    const { claim, ask, gates, worker } = await company();
    const [one, other] = [worker(), worker()];
    for (const commit of [await claim(1), await ask(1)]) await one.deliver(commit);
    const second = await ask(2);
    await other.deliver(second);
    await one.deliver(second);
    expect(one.conflicts()).toBe(1);
    expect(judgedIn(await gates()).map((line) => line.slice(0, 2))).toEqual(['e1', 'e2']);
  });
});

describe('[G10] a run that another worker of runtime took over', () => {
  it.each(['seen here', 'seen elsewhere'])('the new claim, %s, counts: what the replaced worker asks for is refused, what the new one asks for is not', async (where) => {
    const { claim, ask, gates, worker } = await company();
    const one = worker();
    for (const commit of [await claim(1), await ask(1)]) await one.deliver(commit);
    const taken = await claim(2);
    if (where === 'seen here') await one.deliver(taken);
    for (const commit of [await ask(2, 1), await ask(3, 2)]) await one.deliver(commit);
    expect(judgedIn(await gates())).toEqual(['e1 allow policy.allowed', 'e2 refuse effect.stale-epoch', 'e3 allow policy.allowed']);
  });
});

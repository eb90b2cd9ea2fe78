/** Runs whose path breaks off: their money comes back, and never more of it was granted than was reserved. */
import { genaiPriceBook } from '@soloist/catalog';
import type { HoldEvent, LoopEvent, RunEvent } from '@soloist/contracts';
import { createMemoryLog, derivedId, type LogConnection, type MemoryLog } from '@soloist/eventlog';
import { governanceService, openGovernanceInMemory, type Catalog } from '@soloist/governance';
import { Fault } from '@soloist/kernel';
import { openRulebook, orchestratorService } from '@soloist/orchestrator';
import { ajvArgsCheck, runtimeService, type ModelRequest, type RuntimePorts } from '@soloist/runtime';
import { Dispatcher, part, replayEpisode, runInProcess, systemClock, type Service } from '@soloist/service';
import { silentLogger } from '@soloist/telemetry';
import { afterEach, describe, expect, test } from 'vitest';
import { catalog, claimed, desk, eventsOf, finished, gateEvents, HeldTime, openGate, openInProcess, requestRun, runIdOf, say, until } from './company.fixture.js';

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});

const RUN = runIdOf(1);
const limited = (micros: number, perRunMicros: number): Catalog => {
  const definition = { ...desk, budget: { ...desk.budget, perRunMicros } };
  return { ...catalog, companyDayLimit: { micros, currency: 'USD' }, agents: [{ name: desk.name, version: 'a'.repeat(16), definition, origin: 'test' }] };
};
const typesOf = (events: readonly { type: string }[]): string[] => events.map((event) => event.type.replace(/^[a-z]+\.[a-z]+\./, ''));

/** One process of governance that loses its connection before the first commit of this entity. */
function brokenBefore(log: MemoryLog, entity: string): Dispatcher<unknown> {
  const own = log.connect('governance');
  let isBroken = true;
  const append: LogConnection['log']['append'] = (draft) => {
    if (draft.address.entity !== entity || !isBroken) return own.log.append(draft);
    isBroken = false;
    throw new Fault('transient', 'test.gone', 'the process is gone');
  };
  const connection = { ...own, log: { ...own.log, append } };
  const { ports } = openGovernanceInMemory(connection, catalog).opened;
  return new Dispatcher(governanceService as unknown as Service<unknown, unknown>, connection, ports, systemClock, silentLogger);
}

/** A company whose catalog is published and where nobody reacts to anything. */
async function published(terms: Catalog): Promise<MemoryLog> {
  const { log, running } = await openInProcess(terms);
  await running.stop();
  return log;
}

describe('a process that dies between the reservation and the hold', () => {
  test('[G11] [R2] grants what was reserved, whatever was published in between', async () => {
    const log = await published(limited(150, 100));
    const requested = await requestRun(log, RUN);
    const governance = brokenBefore(log, 'hold');
    await expect(governance.reactTo(requested, 1)).rejects.toMatchObject({ code: 'test.gone' });
    expect(typesOf(await eventsOf(log, 'budget', 'company'))).toEqual(['limited', 'reserved']);
    const definition = { ...desk, budget: { ...desk.budget, perRunMicros: 100_000 } };
    await say(log, 'governance', 'definition', 'desk', { type: 'governance.definition.published', data: { version: 'b'.repeat(16), definition, origin: 'test' } });
    await governance.reactTo(requested, 2);
    expect(await eventsOf(log, 'hold', RUN)).toEqual([
      { type: 'governance.hold.granted', data: { runId: RUN, agent: 'desk', definitionVersion: 'a'.repeat(16), policyVersion: catalog.policy.version, envelopeMicros: 100, currency: 'USD', client: 'subject-1' } } satisfies HoldEvent,
    ]);
  });

  test('[G11] and whose run is closed meanwhile leaves no reservation, in whatever order the two come', async () => {
    const closed = { type: 'orchestrator.run.closed', data: { runId: RUN, outcome: 'cancelled', because: 'enough' } } satisfies RunEvent;
    for (const isRedeliveredFirst of [true, false]) {
      const log = await published(limited(150, 100));
      const requested = await requestRun(log, RUN);
      const governance = brokenBefore(log, 'hold');
      await expect(governance.reactTo(requested, 1)).rejects.toMatchObject({ code: 'test.gone' });
      const closing = await say(log, 'orchestrator', 'run', RUN, closed);
      for (const commit of isRedeliveredFirst ? [requested, closing, requested, closing] : [closing, requested, closing, requested]) await governance.reactTo(commit, 2);
      expect(typesOf(await eventsOf(log, 'budget', 'company'))).toEqual(['limited', 'reserved', 'settled']);
      expect(typesOf(await eventsOf(log, 'hold', RUN))).toEqual(isRedeliveredFirst ? ['granted', 'released'] : ['refused']);
    }
  });

  test('[G11] a reservation that is made after its run was refused is given back, after another crash too', async () => {
    const log = await published(limited(150, 100));
    const requested = await requestRun(log, RUN);
    await brokenBefore(log, 'hold').reactTo(requested, 1).catch(() => undefined);
    await say(log, 'governance', 'hold', RUN, { type: 'governance.hold.refused', data: { runId: RUN, code: 'run.closed', because: 'enough' } });
    const governance = brokenBefore(log, 'budget');
    await expect(governance.reactTo(requested, 2)).rejects.toMatchObject({ code: 'test.gone' });
    await governance.reactTo(requested, 3);
    expect(typesOf(await eventsOf(log, 'budget', 'company'))).toEqual(['limited', 'reserved', 'settled']);
  });
});

describe('a run that ends', () => {
  test('[G11] is settled when it is closed, if the word of its loop was lost', async () => {
    const log = await published(limited(150, 100));
    const governance = brokenBefore(log, 'nothing');
    await governance.reactTo(await requestRun(log, RUN), 1);
    await say(log, 'runtime', 'loop', RUN, claimed(RUN), finished(40));
    const closing = await say(log, 'orchestrator', 'run', RUN, { type: 'orchestrator.run.closed', data: { runId: RUN, outcome: 'done', because: 'x' } } satisfies RunEvent);
    await governance.reactTo(closing, 1);
    expect((await eventsOf(log, 'budget', 'company')).at(-1)?.data).toMatchObject({ spentMicros: 40, releasedMicros: 60 });
    expect(typesOf(await eventsOf(log, 'hold', RUN))).toEqual(['granted', 'released']);
  });
});

describe('a run that is settled by two deliveries, each of which died in between', () => {
  test.each(['closed, then finished', 'finished, then closed'])('[K11] is replayed with equal decisions: %s', async (order) => {
    const log = await published(limited(150, 100));
    const healthy = brokenBefore(log, 'nothing');
    await healthy.reactTo(await requestRun(log, RUN), 1);
    const ending = await say(log, 'runtime', 'loop', RUN, claimed(RUN), finished(40));
    const closing = await say(log, 'orchestrator', 'run', RUN, { type: 'orchestrator.run.closed', data: { runId: RUN, outcome: 'done', because: 'x' } } satisfies RunEvent);
    const [first, second] = order.startsWith('closed') ? [closing, ending] : [ending, closing];
    await expect(brokenBefore(log, 'hold').reactTo(first, 1)).rejects.toMatchObject({ code: 'test.gone' });
    for (const commit of [second, first]) await healthy.reactTo(commit, 2);
    expect(typesOf(await eventsOf(log, 'hold', RUN))).toEqual(['granted', 'released']);
    const episode = await log.log.episode(RUN);
    const ids = new Set(episode.map((commit) => commit.id));
    const ledger = (await log.log.history({ context: 'governance', entity: 'budget', key: 'company' })).filter((commit) => commit.cause !== null && ids.has(commit.cause));
    const { ports } = openGovernanceInMemory(log.connect('governance'), catalog).opened;
    const replayed = await replayEpisode({
      source: log.log,
      commits: episode.flatMap((commit) => [commit, ...ledger.filter((line) => line.cause === commit.id)]),
      commands: [],
      parts: [{ service: governanceService as unknown as Service<unknown, unknown>, ports: () => ports }],
      cut: (_address, history) => history,
    });
    expect([replayed.divergences, replayed.equal]).toEqual([[], 4]);
  });
});

describe('a gate that nobody decides', () => {
  const OPENED = '2026-11-24T10:00:00.000Z';
  const DUE = '2026-11-27T10:00:00.000Z';

  test('[G28] is closed when its time is over, also by a process that was not there when it opened; the run is told, once', async () => {
    const time = new HeldTime(OPENED);
    const { log, running } = await openInProcess(catalog, { time });
    await openGate(log, RUN);
    time.at = '2026-11-27T09:59:59.999Z';
    await time.makeRounds();
    expect(typesOf(await gateEvents(log, RUN))).toEqual(['judged', 'opened']);
    await running.stop();
    const later = new HeldTime(DUE);
    const [first, second] = [await openInProcess(catalog, { log, time: later }), await openInProcess(catalog, { log, time: later })];
    stops.push(() => first.running.stop(), () => second.running.stop());
    await Promise.all([later.makeRounds(), later.makeRounds()]);
    expect(typesOf(await gateEvents(log, RUN))).toEqual(['judged', 'opened', 'expired', 'refused']);
    expect((await gateEvents(log, RUN)).at(-1)?.data).toMatchObject({ code: 'gate.expired' });
    const { view } = first.governance.opened.ports;
    await view.refresh();
    expect([await view.gates({ limit: 9, state: 'open' }), (await view.gates({ limit: 9, state: 'expired' })).length, (await view.run(RUN))?.openGates]).toEqual([[], 1, []]);
  });

  test('is closed when its run ends', async () => {
    const { log, running } = await openInProcess();
    stops.push(() => running.stop());
    await openGate(log, RUN);
    await say(log, 'runtime', 'loop', RUN, finished(1));
    const events = await until(() => gateEvents(log, RUN), (found) => found.some((event) => event.type === 'governance.gate.expired'));
    expect(typesOf(events)).toEqual(['judged', 'opened', 'expired', 'refused']);
  });
});

describe('cancelling a run', () => {
  const asked: ModelRequest[] = [];
  const ports: RuntimePorts = {
    // A model that never answers.
    model: { complete: (request) => (asked.push(request), new Promise(() => undefined)) },
    modelOfAlias: () => 'gpt-5-mini',
    windowTokens: 128_000,
    prices: genaiPriceBook(),
    checkArgs: ajvArgsCheck(),
    pause: () => Promise.resolve(),
  };
  const cancel = async (log: MemoryLog, id: string): Promise<void> => {
    const { log: own } = log.connect('governance');
    // The second before the first, to be looked at again.
    await own.command({ context: 'runtime', entity: 'loop', key: RUN }, { id: `look-${id}`, actor: 'operator', body: { type: 'runtime.loop.end-cancelled', runId: RUN } });
    await own.command({ context: 'orchestrator', entity: 'run', key: RUN }, { id, actor: 'operator', body: { type: 'orchestrator.run.cancel', runId: RUN, by: 'operator', because: 'stuck' } });
  };

  async function company(services: readonly ('orchestrator' | 'runtime')[]): Promise<MemoryLog> {
    const { log, running } = await openInProcess();
    stops.push(() => running.stop());
    for (const name of services) await join(log, name);
    return log;
  }
  async function join(log: MemoryLog, name: 'orchestrator' | 'runtime'): Promise<void> {
    const close = (): Promise<void> => Promise.resolve();
    const rulebook = openRulebook({ routingRulesFile: undefined, agentsFolder: undefined });
    await runInProcess([name === 'orchestrator' ? part(orchestratorService, log.connect(name), { ports: { rulebook }, close }) : part(runtimeService, log.connect(name), { ports, close })]);
  }
  const loopOf = async (log: MemoryLog): Promise<readonly LoopEvent[]> => (await log.log.history({ context: 'runtime', entity: 'loop', key: RUN })).flatMap((commit) => commit.events) as readonly LoopEvent[];
  const runOf = async (log: MemoryLog): Promise<readonly RunEvent[]> => (await log.log.history({ context: 'orchestrator', entity: 'run', key: RUN })).flatMap((commit) => commit.events) as readonly RunEvent[];

  test('[G11] [G28] in the middle of a model call: its ceiling is charged, the rest of the envelope is free, and the run is closed', async () => {
    const log = await company(['orchestrator', 'runtime']);
    const inputId = derivedId('input', RUN);
    const mail = { name: '', address: 'jane@client.example' };
    await say(log, 'connectors', 'intake', inputId, {
      type: 'connectors.intake.input-received',
      data: { inputId, source: 'mail', via: 'operator', dataSubject: 'subject-1', messageId: '<a@b>', from: mail, to: [mail], subject: 'Hi', text: 'What?', inReplyTo: null, attachments: [], raw: null, trust: 'third-party-text' },
    });
    await requestRun(log, RUN);
    const [recall] = await until(async () => (await loopOf(log)).flatMap((event) => (event.type === 'runtime.loop.recall-requested' ? [event.data] : [])), (found) => found.length > 0);
    await say(log, 'memory', 'recall', RUN, { type: 'memory.recall.answered', data: { recallId: recall?.recallId, facts: [], session: [], index: 'test', asOf: [], dataSubject: 'subject-1' } });
    const [ask] = await until(async () => (await loopOf(log)).flatMap((event) => (event.type === 'runtime.loop.model-asked' ? [event.data] : [])), (found) => found.length > 0 && asked.length > 0);
    await cancel(log, 'c-1');
    const hold = await until(() => eventsOf(log, 'hold', RUN), (events) => events.some((event) => event.type === 'governance.hold.released'));
    expect(hold.at(-1)?.data).toMatchObject({ spentMicros: ask?.ceilingMicros, releasedMicros: 200_000 - (ask?.ceilingMicros ?? 0) });
    const run = await until(() => runOf(log), (events) => events.some((event) => event.type === 'orchestrator.run.closed'));
    expect(run.at(-1)?.data).toMatchObject({ outcome: 'cancelled', because: 'Cancelled by operator: stuck' });
    expect((await eventsOf(log, 'budget', 'company')).filter((event) => event.type === 'governance.budget.settled')).toHaveLength(1);
  });

  test('[G28] whose delivery was lost before its loop began: asking again tries again, and the money comes back', async () => {
    const log = await company(['orchestrator']);
    await requestRun(log, RUN);
    await until(() => runOf(log), (events) => events.some((event) => event.type === 'orchestrator.run.admitted'));
    await cancel(log, 'c-1');
    await cancel(log, 'c-1');
    await cancel(log, 'c-2');
    await until(() => runOf(log), (events) => events.filter((event) => event.type === 'orchestrator.run.cancelled').length === 2);
    await join(log, 'runtime');
    const hold = await until(() => eventsOf(log, 'hold', RUN), (events) => events.some((event) => event.type === 'governance.hold.released'));
    expect(hold.at(-1)?.data).toMatchObject({ spentMicros: 0, releasedMicros: 200_000 });
    const run = await until(() => runOf(log), (events) => events.some((event) => event.type === 'orchestrator.run.closed'));
    expect(typesOf(run).filter((type) => type === 'closed')).toHaveLength(1);
  });

  test('before it was admitted: it is closed at once and holds nothing', async () => {
    const log = createMemoryLog({ streams: 8 });
    await requestRun(log, RUN);
    await join(log, 'orchestrator');
    await cancel(log, 'c-1');
    await until(() => runOf(log), (events) => events.some((event) => event.type === 'orchestrator.run.closed'));
    const { running } = await openInProcess(catalog, { log });
    stops.push(() => running.stop());
    await until(() => eventsOf(log, 'hold', RUN), (events) => events.some((event) => event.type !== 'governance.hold.granted'));
    const ledger = await until(() => eventsOf(log, 'budget', 'company'), (events) => events.filter((event) => event.type === 'governance.budget.reserved').length === events.filter((event) => event.type === 'governance.budget.settled').length);
    expect(typesOf(await runOf(log))).toEqual(['requested', 'cancelled', 'closed']);
    expect(ledger.filter((event) => event.type === 'governance.budget.settled').length).toBeLessThanOrEqual(1);
  });
});

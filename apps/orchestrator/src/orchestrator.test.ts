import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { AnyEvent, Context, HoldEvent, IntakeEvent, LoopEvent } from '@soloist/contracts';
import { commitIdOf, createMemoryLog, derivedId, type Commit, type MemoryLog } from '@soloist/eventlog';
import { part, runInProcess, type InProcess } from '@soloist/service';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { orchestratorService, openRulebook } from './orchestrator.js';

const inputId = derivedId('mail', '<question@client.example>');
const runId = derivedId('run', inputId);
let log: MemoryLog;
let running: InProcess;

beforeEach(async () => {
  log = createMemoryLog({ streams: 8 });
  const rulebook = openRulebook({ routingRulesFile: undefined, agentsFolder: undefined });
  running = await runInProcess([part(orchestratorService, log.connect('orchestrator'), { ports: { rulebook }, close: async () => {} })]);
});
afterEach(async () => {
  await running.stop();
  await log.close();
});

/** Writes as the owning service would. */
async function write(context: Context, entity: string, key: string, event: AnyEvent): Promise<Commit> {
  const address = { context, entity, key };
  const { log: own } = log.connect(context);
  const head = await own.head(address);
  const appended = await own.append({
    address,
    id: commitIdOf(`test-${head?.position.sequence ?? 0}`, event.type, key),
    cause: null,
    actor: context,
    policy: null,
    at: '2026-01-05T10:00:00.000Z',
    traceparent: null,
    events: [event],
    after: head === null ? null : { sequence: head.position.sequence, hash: head.hash, from: head.from },
    snapshot: false,
  });
  if (appended.outcome !== 'committed') throw new Error(appended.outcome);
  return appended.commit;
}

async function until(entity: string, key: string, type: string): Promise<readonly AnyEvent[]> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const events = (await log.log.history({ context: 'orchestrator', entity, key })).flatMap((commit) => commit.events);
    if (events.some((event) => event.type === type)) return events;
    if (Date.now() > deadline) throw new Error(`${type} did not come; there is ${events.map((event) => event.type).join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function mail(text: string, subject = 'Hello'): IntakeEvent {
  return {
    type: 'connectors.intake.input-received',
    data: {
      inputId,
      source: 'mail',
      via: 'sandbox:operator',
      dataSubject: 'someone',
      messageId: '<question@client.example>',
      from: { name: 'Jane', address: 'jane@client.example' },
      to: [{ name: '', address: 'operator@soloist.example' }],
      subject,
      text,
      inReplyTo: null,
      attachments: [],
      raw: null,
      trust: 'third-party-text',
    },
  };
}
const granted: HoldEvent = {
  type: 'governance.hold.granted',
  data: { runId, agent: 'client-desk', definitionVersion: 'd'.repeat(16), policyVersion: 'e'.repeat(16), envelopeMicros: 1_000, currency: 'USD' },
};
const finished: LoopEvent = { type: 'runtime.loop.finished', data: { outcome: 'done', summary: 'Answered.', spentMicros: 10, steps: 1, dataSubject: 'someone' } };

it('a question is routed by a rule with reasons, becomes a run, is admitted and closed', async () => {
  await write('connectors', 'intake', inputId, mail('Hi,\nwhat would you charge for June?'));
  const request = await until('request', inputId, 'orchestrator.request.routed');
  expect(request.map((event) => event.type)).toEqual(['orchestrator.request.received', 'orchestrator.request.routed']);
  expect(request[1]?.data).toMatchObject({ route: { kind: 'agent', agent: 'client-desk' } });
  expect((request[1]?.data as { reasons: string[] }).reasons).not.toEqual([]);

  await until('run', runId, 'orchestrator.run.requested');
  await write('governance', 'hold', runId, granted);
  const run = await until('run', runId, 'orchestrator.run.admitted');
  expect(run.at(-1)?.data).toMatchObject({ runId, inputId, agent: 'client-desk', envelopeMicros: 1_000, definitionVersion: 'd'.repeat(16) });

  await write('runtime', 'loop', runId, finished);
  expect((await until('run', runId, 'orchestrator.run.closed')).at(-1)?.data).toMatchObject({ outcome: 'done' });
});

it('a refused hold defers and closes the run in one commit', async () => {
  await write('connectors', 'intake', inputId, mail('Could you send me your rate?\n'));
  await until('run', runId, 'orchestrator.run.requested');
  await write('governance', 'hold', runId, { type: 'governance.hold.refused', data: { runId, code: 'agent.unknown', because: 'Nobody described it.' } });
  const run = await until('run', runId, 'orchestrator.run.closed');
  expect(run.map((event) => event.type)).toEqual(['orchestrator.run.requested', 'orchestrator.run.deferred', 'orchestrator.run.closed']);
});

it('what goes to the archive asks for no run', async () => {
  await write('connectors', 'intake', inputId, mail('For your records: the hourly rate is 95 EUR.'));
  const request = await until('request', inputId, 'orchestrator.request.routed');
  expect(request[1]?.data).toMatchObject({ route: { kind: 'archive' } });
  await running.services[0]?.dispatcher.idle();
  expect(await log.log.head({ context: 'orchestrator', entity: 'run', key: runId })).toBeNull();
});

it('[F2] every delivery three times over: the state is the same', async () => {
  const input = await write('connectors', 'intake', inputId, mail('What is your rate?\n'));
  const [request] = [await until('request', inputId, 'orchestrator.request.routed')];
  await until('run', runId, 'orchestrator.run.requested');
  const hold = await write('governance', 'hold', runId, granted);
  await until('run', runId, 'orchestrator.run.admitted');
  const dispatcher = running.services[0]?.dispatcher;
  const routed = await log.log.head({ context: 'orchestrator', entity: 'request', key: inputId });
  if (dispatcher === undefined || routed === null) throw new Error('the service is not running');
  for (let times = 0; times < 3; times += 1) for (const commit of [input, routed, hold]) await dispatcher.reactTo(commit, times + 2);
  expect(await until('request', inputId, 'orchestrator.request.routed')).toEqual(request);
  expect((await until('run', runId, 'orchestrator.run.admitted')).map((event) => event.type)).toEqual(['orchestrator.run.requested', 'orchestrator.run.admitted']);
});

it('lists exactly the reactors of its folder', () => {
  const files = readdirSync(new URL('./reactors/', import.meta.url)).filter((file) => !file.includes('.test.'));
  expect([...orchestratorService.reactors, ...orchestratorService.commands].map(({ name }) => name).sort()).toEqual(files.map((file) => basename(file, '.ts')).sort());
});

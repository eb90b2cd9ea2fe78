/** The service as an operator has it: real broker with its accounts, real PostgreSQL, keys and token in files. */
import { createPublicKey } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '@soloist/contracts';
import { connectLog, derivedId, type LogConnection } from '@soloist/eventlog';
import { governanceService, isAuthentic, PUBLIC_KEY_FILE, TOKEN_FILE, yamlCatalog } from '@soloist/governance';
import { startService, type StartedService } from '@soloist/service';
import { startBroker, startPostgres, type TestBroker, type TestPostgres } from '@soloist/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimed, effectRequested, finished, gateEvents, mailArgs, runIdOf, say, until } from './company.fixture.js';

let broker: TestBroker;
let postgres: TestPostgres;
let folder: string;
const connections: LogConnection[] = [];

beforeAll(async () => {
  [broker, postgres] = await Promise.all([startBroker({ streams: 4 }), startPostgres()]);
  folder = await mkdtemp(join(tmpdir(), 'soloist-governance-'));
});
afterAll(async () => {
  await Promise.allSettled(connections.map((connection) => connection.close()));
  await Promise.all([broker.stop(), postgres.stop(), rm(folder, { recursive: true, force: true })]);
});

async function connectAs(service: Context): Promise<LogConnection> {
  const connection = await connectLog({ servers: broker.url, seedFile: broker.seedFile(service), service, streams: broker.streams, keys: broker.keys, name: `test ${service}` });
  connections.push(connection);
  return connection;
}

async function start(): Promise<{ service: StartedService; get: (path: string) => Promise<any>; post: (path: string, body: unknown) => Promise<any> }> {
  const environment = { SOLOIST_DATA_DIR: folder, SOLOIST_POSTGRES_URL: postgres.url, SOLOIST_HTTP_PORT: '0' };
  const service = await startService(governanceService, environment, await connectAs('governance'));
  const token = (await readFile(join(folder, 'secrets', TOKEN_FILE), 'utf8')).trim();
  const call = async (path: string, init: RequestInit = {}): Promise<any> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return (await fetch(`http://127.0.0.1:${service.address?.port}${path}`, { ...init, headers })).json();
  };
  return { service, get: call, post: (path, body) => call(path, { method: 'POST', body: JSON.stringify(body) }) };
}

test('[V6] [G12] a gate is asked, survives a restart, is approved once, and its authorization holds against the key on disk', async () => {
  const runId = runIdOf(1);
  const speakers = new Map<Context, LogConnection>();
  for (const context of ['orchestrator', 'runtime', 'connectors'] as const) speakers.set(context, await connectAs(context));
  const stage = { connect: (context: Context): LogConnection => speakers.get(context) as LogConnection };
  const first = await start();
  const inputId = derivedId('input', runId);
  const mail = { inputId, source: 'mail' as const, via: 'operator', dataSubject: 'subject-1', messageId: '<m@acme.example>', from: { name: 'Client', address: 'client@acme.example' }, to: [], subject: 'Rate?', text: 'Your rate?', inReplyTo: null, attachments: [], raw: null, trust: 'third-party-text' as const };
  await say(stage, 'connectors', 'intake', inputId, { type: 'connectors.intake.input-received', data: mail });
  await say(stage, 'orchestrator', 'run', runId, { type: 'orchestrator.run.requested', data: { runId, inputId, agent: 'client-desk', dataSubject: 'subject-1' } });
  await until(() => first.get(`/v1/runs/${runId}`), (run) => run.envelopeMicros === 200_000);
  await say(stage, 'runtime', 'loop', runId, claimed(runId), effectRequested(runId));
  await until(() => first.get('/v1/gates?state=open'), ({ gates }) => gates.length === 1);
  await first.service.stop();

  const second = await start();
  const card = await second.get(`/v1/gates/${runId}-g1`);
  expect(card).toMatchObject({ state: 'open', agent: 'client-desk', args: mailArgs, policyVersion: yamlCatalog({ micros: 0, currency: 'USD' }).policy.version });
  const decision = { decision: 'approve', digest: card.digest, surface: 'cli' };
  const answers = await Promise.all([second.post(`/v1/gates/${card.gateId}/decision`, decision), second.post(`/v1/gates/${card.gateId}/decision`, decision)]);
  expect(answers.map(({ alreadyDecided }) => alreadyDecided).sort()).toEqual([false, true]);
  expect(await second.post(`/v1/gates/${card.gateId}/decision`, { ...decision, digest: 'f'.repeat(64) })).toMatchObject({ error: { code: 'gate.digest-mismatch' } });
  await say(stage, 'runtime', 'loop', runId, finished(700));
  await until(() => second.get(`/v1/runs/${runId}`), (run) => run.state === 'done');
  const { commits } = await second.get(`/v1/runs/${runId}/episode`);
  expect(commits[0]).toMatchObject({ type: 'connectors.intake.input-received', events: [{ data: { subject: 'Rate?' } }] });

  const reader = await connectAs('governance');
  const authorizations = (await gateEvents(reader, runId)).flatMap((event) => (event.type === 'governance.gate.authorized' ? [event.data] : []));
  expect(authorizations).toHaveLength(1);
  const publicKey = createPublicKey(await readFile(join(folder, 'secrets', PUBLIC_KEY_FILE), 'utf8'));
  expect(isAuthentic(authorizations[0] as never, publicKey)).toBe(true);
  // The catalog was published by the first start only.
  expect(await reader.log.history({ context: 'governance', entity: 'policy', key: 'company' })).toHaveLength(1);
  await second.service.stop();
});

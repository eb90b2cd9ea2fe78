/** The public API as Nest serves it, on the in-memory log. */
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryLog, derivedId } from '@soloist/eventlog';
import { governanceService, openGovernanceInMemory } from '@soloist/governance';
import { defineService, startService } from '@soloist/service';
import { catalog, claimed, eventsOf, finished, gateEvents, mailArgs, openCompany, openGate, requestRun, runIdOf, say, until, type Company } from './company.fixture.js';

let company: Company;
let next = 100;
const freshRun = (): string => runIdOf((next += 1));

beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.stop());

interface Answer {
  readonly status: number;
  readonly body: any;
  readonly headers: IncomingMessage['headers'];
}

/** Plain HTTP, so that Host and Origin are the test's to choose. */
function call(method: string, path: string, options: { body?: unknown; raw?: string; headers?: Record<string, string>; token?: string | null } = {}): Promise<Answer> {
  const token = options.token === undefined ? company.governance.token : options.token;
  const text = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  const headers = {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${company.api}${path}`, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const received = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, body: received === '' ? null : JSON.parse(received), headers: response.headers });
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}
const get = (path: string): Promise<Answer> => call('GET', path);
const decide = (gateId: string, body: unknown): Promise<Answer> => call('POST', `/v1/gates/${gateId}/decision`, { body });

describe('the door', () => {
  const routes = ['/v1/runs', '/v1/gates', '/v1/agents', '/v1/inbox', '/openapi.json', '/v1/nothing', '/health/', '/HEALTH', '/'];

  test.each(routes)('%s answers 401 without a token and with a wrong one, and says what to do', async (path) => {
    for (const token of [null, 'A'.repeat(43), company.governance.token.slice(0, -1), `${company.governance.token}A`]) {
      const { status, body, headers } = await call('GET', path, { token });
      expect([status, body.error.code, headers['www-authenticate']]).toEqual([401, 'token.needed', 'Bearer']);
      expect(body.error.next).toContain('api-token');
    }
  });

  test('a token in the address or under another scheme is none', async () => {
    expect((await call('GET', `/v1/runs?token=${company.governance.token}`, { token: null })).status).toBe(401);
    expect((await call('GET', '/v1/runs', { token: null, headers: { authorization: `Basic ${company.governance.token}` } })).status).toBe(401);
  });

  test('health is open, and the only route that is', async () => {
    expect(await call('GET', '/health', { token: null })).toMatchObject({ status: 200, body: { status: 'ok', service: 'governance' } });
    expect((await call('POST', '/health', { token: null })).status).toBe(401);
  });

  test.each(['evil.example', '127.0.0.1', '127.0.0.1:1', 'localhost.evil.example', '10.0.0.1:80', '0.0.0.0'])('a request for the host %s is refused, with a token too', async (host) => {
    for (const path of ['/v1/runs', '/health']) {
      expect(await call('GET', path, { headers: { host } })).toMatchObject({ status: 403, body: { error: { code: 'host.foreign' } } });
    }
  });

  test('pages of this address may call, pages elsewhere may not', async () => {
    expect((await call('GET', '/v1/runs', { headers: { origin: company.api } })).status).toBe(200);
    for (const origin of ['https://evil.example', 'null', 'http://localhost', company.api.replace('http', 'https')]) {
      expect(await call('GET', '/v1/runs', { headers: { origin } })).toMatchObject({ status: 403, body: { error: { code: 'origin.foreign' } } });
    }
  });

  test('answers are not cached, sniffed or framed, and name no framework', async () => {
    const { headers } = await get('/v1/runs');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(headers['x-powered-by']).toBeUndefined();
  });
});

describe('requests that are not right', () => {
  const code = ({ status, body }: Answer): unknown[] => [status, body.error.code];

  test('are answered in the one error form, with the field named', async () => {
    expect(code(await get('/v1/nothing'))).toEqual([404, 'route.unknown']);
    expect(code(await get(`/v1/runs/${runIdOf(9_999)}`))).toEqual([404, 'run.unknown']);
    expect(code(await get(`/v1/runs/${runIdOf(9_999)}/episode`))).toEqual([404, 'run.unknown']);
    expect(code(await get(`/v1/gates/${runIdOf(9_999)}-g1`))).toEqual([404, 'gate.unknown']);
    expect(code(await decide(`${runIdOf(9_999)}-g1`, { decision: 'approve', digest: 'a'.repeat(64) }))).toEqual([404, 'gate.unknown']);
    const wrong = await get('/v1/runs?limit=0&state=sleeping');
    expect(wrong.status).toBe(400);
    expect(wrong.body.error.message).toMatch(/limit: .*state: /);
    expect(code(await get('/v1/runs?order=up'))).toEqual([400, 'request.invalid']);
    expect(code(await get('/v1/gates/..%2f..%2fetc'))).toEqual([400, 'request.invalid']);
  });

  test('bodies that are no decision are refused before anything is published', async () => {
    const { gateId, digest } = await openGate(company.log, freshRun());
    const bodies = [{}, { decision: 'allow', digest }, { decision: 'approve' }, { decision: 'approve', digest: 'short' }, { decision: 'approve', digest, by: 'me' }, [], { decision: 'approve', digest, reason: 'x'.repeat(2_001) }];
    for (const body of bodies) expect(code(await decide(gateId, body))).toEqual([400, 'request.invalid']);
    expect(code(await call('POST', `/v1/gates/${gateId}/decision`, { raw: '{"decision":' }))).toEqual([400, 'request.invalid']);
    expect(code(await call('POST', `/v1/gates/${gateId}/decision`, { raw: JSON.stringify({ decision: 'approve', digest, reason: 'x'.repeat(20_000) }) }))).toEqual([413, 'request.too-large']);
    expect((await get(`/v1/gates/${gateId}`)).body.state).toBe('open');
  });
});

describe('gates', () => {
  test('[V4] the card shows the action itself, to whom, why, the cost so far and the digest', async () => {
    const runId = freshRun();
    const { gateId, digest } = await openGate(company.log, runId);
    const { status, body } = await get(`/v1/gates/${gateId}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ gateId, runId, agent: 'desk', state: 'open', action: 'mail.send', args: mailArgs, to: mailArgs.to, digest, costMicros: 0, currency: 'USD', decidedBy: null, isAuthorized: false });
    expect(body.why.length).toBeGreaterThan(0);
    expect(body.undo).toContain('cannot be called back');
    const open = (await get('/v1/gates?state=open')).body.gates as { gateId: string }[];
    expect(open.map((row) => row.gateId)).toContain(gateId);
  });

  test('[V6] an approval by the digest of the card authorizes; the same again gives the same terminal state and causes nothing', async () => {
    const runId = freshRun();
    const { gateId, digest } = await openGate(company.log, runId);
    const first = await decide(gateId, { decision: 'approve', digest, surface: 'cli' });
    expect(first).toMatchObject({ status: 200, body: { gateId, state: 'approved', decidedBy: { by: 'operator', surface: 'cli' }, alreadyDecided: false, authorized: true } });
    const before = await gateEvents(company.log, runId);
    for (const decision of ['approve', 'reject']) {
      const again = await decide(gateId, { decision, digest, surface: 'page' });
      expect(again).toMatchObject({ status: 200, body: { gateId, state: 'approved', decidedBy: { by: 'operator', surface: 'cli' }, alreadyDecided: true, authorized: true } });
    }
    expect(await gateEvents(company.log, runId)).toEqual(before);
    expect((await get('/v1/gates?state=open')).body.gates.map((row: { gateId: string }) => row.gateId)).not.toContain(gateId);
  });

  test('[V6] a rejection is recorded with its reason and authorizes nothing', async () => {
    const runId = freshRun();
    const { gateId, digest } = await openGate(company.log, runId);
    expect(await decide(gateId, { decision: 'reject', digest, reason: 'wrong tone' })).toMatchObject({ status: 200, body: { state: 'rejected', authorized: false, alreadyDecided: false } });
    const events = await gateEvents(company.log, runId);
    expect(events.map((event) => event.type.replace('governance.gate.', ''))).toEqual(['judged', 'opened', 'decided', 'refused']);
    expect(events[2]?.data).toMatchObject({ reason: 'wrong tone' });
  });

  test('[V6] [G12] another digest is answered 409 and recorded as a refused decision; the gate stays open', async () => {
    const runId = freshRun();
    const { gateId } = await openGate(company.log, runId);
    expect(await decide(gateId, { decision: 'approve', digest: 'f'.repeat(64) })).toMatchObject({ status: 409, body: { error: { code: 'gate.digest-mismatch' } } });
    expect((await gateEvents(company.log, runId)).at(-1)).toMatchObject({ type: 'governance.gate.decision-refused', data: { gateId, code: 'gate.digest-mismatch' } });
    expect((await get(`/v1/gates/${gateId}`)).body.state).toBe('open');
  });

  test('[V6] two surfaces at once, 20 times: one decision each, and both hear the same end', async () => {
    for (let round = 0; round < 20; round += 1) {
      const runId = freshRun();
      const { gateId, digest } = await openGate(company.log, runId);
      const answers = await Promise.all([decide(gateId, { decision: 'approve', digest, surface: 'cli' }), decide(gateId, { decision: round % 2 === 0 ? 'approve' : 'reject', digest, surface: 'page' })]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(answers.filter(({ body }) => !body.alreadyDecided)).toHaveLength(1);
      expect(new Set(answers.map(({ body }) => `${body.state} ${body.decidedBy.surface} ${body.authorized}`)).size).toBe(1);
      const types = (await gateEvents(company.log, runId)).map((event) => event.type);
      expect(types.filter((type) => type === 'governance.gate.decided')).toHaveLength(1);
      expect(types.filter((type) => type === 'governance.gate.authorized').length + types.filter((type) => type === 'governance.gate.refused').length).toBe(1);
    }
  });

  test('[V6] reading decides nothing: whatever a link carries, GET leaves the gate as it is', async () => {
    const runId = freshRun();
    const { gateId, digest } = await openGate(company.log, runId);
    const before = await gateEvents(company.log, runId);
    for (const path of [`/v1/gates/${gateId}`, `/v1/gates/${gateId}/decision`, `/v1/gates/${gateId}/decision?decision=approve&digest=${digest}`, `/v1/gates/${gateId}?decision=approve&digest=${digest}`]) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) await call(method, path).catch(() => null);
    }
    expect(await gateEvents(company.log, runId)).toEqual(before);
  });
});

describe('runs, agents and the inbox', () => {
  test('a run is shown from request to end, at once after each step', async () => {
    const runId = freshRun();
    const stateNow = async (): Promise<string> => (await get(`/v1/runs/${runId}`)).body.state;
    const card = await openGate(company.log, runId);
    expect((await get(`/v1/runs/${runId}`)).body).toMatchObject({ state: 'waiting for gate', waitingFor: card.gateId, envelopeMicros: 200_000, agent: 'desk' });
    await decide(card.gateId, { decision: 'approve', digest: card.digest });
    expect(await stateNow()).toBe('running');
    await say(company.log, 'runtime', 'loop', runId, finished(1_500));
    await say(company.log, 'orchestrator', 'run', runId, { type: 'orchestrator.run.closed', data: { runId, outcome: 'done', because: 'finished' } });
    const { body } = await get(`/v1/runs/${runId}`);
    expect(body).toMatchObject({ state: 'done', waitingFor: null, spentMicros: 1_500, outcome: 'done', versions: { agent: `desk@${catalog.agents[0]?.version}`, policy: catalog.policy.version } });
    expect((await get('/v1/runs?state=done&limit=500')).body.runs.map((row: { runId: string }) => row.runId)).toContain(runId);
  });

  test('its episode holds everything on record, what came in first', async () => {
    const runId = freshRun();
    const inputId = derivedId('input', runId);
    const input = { inputId, source: 'mail' as const, via: 'operator', dataSubject: 'subject-1', messageId: '<m@acme.example>', from: { name: 'Client', address: 'client@acme.example' }, to: [], subject: 'Rate?', text: 'What is your rate?', inReplyTo: null, attachments: [], raw: null, trust: 'third-party-text' as const };
    await say(company.log, 'connectors', 'intake', inputId, { type: 'connectors.intake.input-received', data: input });
    await openGate(company.log, runId);
    const { body } = await get(`/v1/runs/${runId}/episode`);
    expect(body.commits.map((commit: { type: string }) => commit.type)).toEqual([
      'connectors.intake.input-received',
      'orchestrator.run.requested',
      'governance.hold.granted',
      'runtime.loop.claimed,runtime.loop.effect-requested',
      'governance.gate.judged,governance.gate.opened',
    ]);
    expect(body.commits[0].events[0].data).toMatchObject({ subject: 'Rate?' });
    expect(body.commits[4]).toMatchObject({ actor: 'governance', cause: body.commits[3].id, policy: catalog.policy.version });
  });

  test('a refused run says why', async () => {
    const runId = freshRun();
    await requestRun(company.log, runId, 'ghost');
    await until(() => eventsOf(company.log, 'hold', runId), (events) => events.length > 0);
    await say(company.log, 'orchestrator', 'run', runId, { type: 'orchestrator.run.deferred', data: { runId, code: 'agent.unknown', because: 'no agent' } });
    expect((await get(`/v1/runs/${runId}`)).body).toMatchObject({ state: 'refused', outcome: 'agent.unknown' });
  });

  test('agents stand there in their latest version', async () => {
    expect((await get('/v1/agents')).body.agents).toEqual([expect.objectContaining({ name: 'desk', version: catalog.agents[0]?.version, actions: ['mail.send', 'mail.search'] })]);
  });

  test('the inbox shows what was routed to the operator, with sender and subject from the log', async () => {
    const inputId = derivedId('input', 'inbox');
    const input = { inputId, source: 'mail' as const, via: 'operator', dataSubject: 'subject-2', messageId: '<i@x.example>', from: { name: 'Stranger', address: 's@x.example' }, to: [], subject: 'Hello', text: 'Hi', inReplyTo: null, attachments: [], raw: null, trust: 'third-party-text' as const };
    await say(company.log, 'connectors', 'intake', inputId, { type: 'connectors.intake.input-received', data: input });
    await say(company.log, 'orchestrator', 'request', inputId, { type: 'orchestrator.request.routed', data: { inputId, route: { kind: 'inbox' }, rule: 'default', reasons: ['no rule matched'], dataSubject: 'subject-2' } });
    expect((await get('/v1/inbox')).body.inbox).toEqual([{ inputId, rule: 'default', reasons: ['no rule matched'], routedAt: expect.any(String), from: input.from, subject: 'Hello' }]);
  });

  test('a loop that goes on after recall is running again', async () => {
    const runId = freshRun();
    await requestRun(company.log, runId);
    await until(() => eventsOf(company.log, 'hold', runId), (events) => events.length > 0);
    await say(company.log, 'runtime', 'loop', runId, claimed(runId), { type: 'runtime.loop.suspended', data: { waitingFor: 'recall', id: `${runId.slice(0, 24)}-r1` } });
    expect((await get(`/v1/runs/${runId}`)).body).toMatchObject({ state: 'waiting for memory', waitingFor: `${runId.slice(0, 24)}-r1` });
  });
});

test('[V6] [G12] 200 mutated and replayed approvals by the API: none is accepted', async () => {
  const runId = freshRun();
  const { gateId, digest } = await openGate(company.log, runId);
  const other = await openGate(company.log, freshRun());
  const spoilt = (n: number): string => `${digest.slice(0, n % 64)}${digest[n % 64] === '0' ? '1' : '0'}${digest.slice((n % 64) + 1)}`;
  const attacks: readonly ((n: number) => [gate: string, body: unknown, status: number])[] = [
    (n) => [gateId, { decision: 'approve', digest: spoilt(n) }, 409],
    (n) => [`${runId}-g${n + 2}`, { decision: 'approve', digest }, 404],
    (n) => [`${runIdOf(5_000 + n)}-g1`, { decision: 'approve', digest }, 404],
    () => [gateId, { decision: 'approve', digest: digest.toUpperCase().replace(/^[0-9]+$/, 'X') }, 400],
    (n) => [gateId, { decision: 'approve', digest, gateId: `${runId}-g${n}` }, 400],
    () => [gateId, { decision: 'approved', digest }, 400],
  ];
  for (let n = 0; n < 120; n += 1) {
    const attack = attacks[n % attacks.length];
    if (attack === undefined) throw new Error('no attack');
    const [gate, body, status] = attack(n);
    expect((await decide(gate, body)).status, JSON.stringify(body)).toBe(status);
  }
  expect((await get(`/v1/gates/${gateId}`)).body).toMatchObject({ state: 'open', isAuthorized: false });
  expect(await decide(gateId, { decision: 'approve', digest })).toMatchObject({ status: 200, body: { alreadyDecided: false, authorized: true } });
  const before = (await gateEvents(company.log, runId)).length;
  for (let n = 0; n < 80; n += 1) expect(await decide(gateId, { decision: 'approve', digest })).toMatchObject({ status: 200, body: { state: 'approved', alreadyDecided: true } });
  expect((await gateEvents(company.log, runId)).length).toBe(before);
  // The digests are equal here, so only the address keeps the one approval from opening the other gate.
  expect(other.digest).toBe(digest);
  expect((await get(`/v1/gates/${other.gateId}`)).body).toMatchObject({ state: 'open', isAuthorized: false });
});

test('a port that is taken is named in the error', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  const connection = createMemoryLog({ streams: 1 }).connect('governance');
  const service = defineService({ ...governanceService, open: () => Promise.resolve(openGovernanceInMemory(connection, catalog).opened) });
  const starting = startService(service, { SOLOIST_POSTGRES_URL: 'postgresql://nobody@127.0.0.1:1/none', SOLOIST_HTTP_PORT: String(port) }, connection);
  await expect(starting).rejects.toThrow(String(port));
  await new Promise((resolve) => taken.close(resolve));
});

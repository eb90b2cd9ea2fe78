/** The public API as Nest serves it, on the in-memory log. */
import { derivedId } from '@soloist/eventlog';
import { openRulebook, orchestratorService } from '@soloist/orchestrator';
import { runtimeService, type RuntimePorts } from '@soloist/runtime';
import { part, runInProcess } from '@soloist/service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, type Answer } from './api-client.fixture.js';
import { catalog, claimed, eventsOf, finished, gateEvents, mailArgs, openCompany, openGate, requestRun, runIdOf, say, until, type Company } from './company.fixture.js';

let company: Company;
let next = 100;
const freshRun = (): string => runIdOf((next += 1));

beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.stop());

const get = (path: string): Promise<Answer> => call(company, 'GET', path);
const decide = (gateId: string, body: unknown): Promise<Answer> => call(company, 'POST', `/v1/gates/${gateId}/decision`, { body });

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
      for (const method of ['GET', 'HEAD', 'OPTIONS']) await call(company, method, path).catch(() => null);
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

  test('[G28] a run is cancelled by a command; what has ended is answered from the record, and what never was is 404', async () => {
    const runId = freshRun();
    await requestRun(company.log, runId);
    const orchestrator = part(orchestratorService, company.log.connect('orchestrator'), { ports: { rulebook: openRulebook({ routingRulesFile: undefined, agentsFolder: undefined }) }, close: () => Promise.resolve() });
    const running = await runInProcess([orchestrator]);
    const runtime = await runInProcess([part(runtimeService, company.log.connect('runtime'), { ports: { model: { complete: () => Promise.reject(new Error('not asked')) } } as unknown as RuntimePorts, close: () => Promise.resolve() })]);
    const cancelled = await call(company, 'POST', `/v1/runs/${runId}/cancel`, { body: { because: 'not wanted any more' } });
    expect(cancelled).toMatchObject({ status: 200, body: { runId, outcome: 'cancelled' } });
    expect(await call(company, 'POST', `/v1/runs/${runId}/cancel`, { body: {} })).toMatchObject({ status: 200, body: { runId, outcome: 'cancelled' } });
    expect((await get(`/v1/runs/${runId}`)).body).toMatchObject({ state: 'failed', outcome: 'cancelled' });
    expect(await call(company, 'POST', '/v1/runs/nobody/cancel', { body: {} })).toMatchObject({ status: 404, body: { error: { code: 'run.unknown' } } });
    await running.stop();
    await runtime.stop();
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

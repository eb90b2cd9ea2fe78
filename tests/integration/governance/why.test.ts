/** Why a mail went out, asked by every id that an operator may have at hand: governance as it is, the others played under their rights. */
import { derivedId } from '@soloist/eventlog';
import { apiShapes } from '@soloist/governance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call } from './api-client.fixture.js';
import { claimed, desk, effectRequested, eventsOf, finished, gateEvents, openCompany, requestRun, runIdOf, say, until, type Company, type Gate } from './company.fixture.js';

const RECEIVED = '<question-1@acme.example>';
const inputId = derivedId('mail', RECEIVED);
const runId = derivedId('run', inputId);
const short = runId.slice(0, 24);
const effectId = `${short}-e1`;
const gateId = `${runId}-g1`;
const SENT = `<${effectId}-g1@soloist.local>`;
const subject = { dataSubject: 'subject-1' };
const price = { source: 'test', version: '1' };
const ask = { askId: `${short}-a1`, step: 1, epoch: 1, model: 'rehearsal', messages: [{ role: 'user' as const, content: 'What is your rate?', trust: 'third-party-text' as const, toolCalls: [], callId: null }], messagesBlob: null, tools: ['mail.send'], promptDigest: 'a'.repeat(64), maxOutputTokens: 100, ceilingMicros: 5_000, price };
let company: Company;
let factSource = '';

const why = async (id: string): Promise<{ status: number; body: any }> => call(company, 'GET', `/v1/why/${encodeURIComponent(id)}`);

beforeAll(async () => {
  company = await openCompany();
  const { log } = company;
  const input = { inputId, source: 'mail' as const, via: 'operator', ...subject, messageId: RECEIVED, from: { name: 'Client', address: 'client@acme.example' }, to: [], subject: 'Rate?', text: 'What is your rate?', inReplyTo: null, attachments: [], raw: null, trust: 'third-party-text' as const };
  factSource = (await say(log, 'connectors', 'intake', inputId, { type: 'connectors.intake.input-received', data: input })).id;
  await say(log, 'orchestrator', 'request', inputId, { type: 'orchestrator.request.received', data: { inputId, source: 'mail', ...subject } }, { type: 'orchestrator.request.routed', data: { inputId, route: { kind: 'agent', agent: desk.name }, rule: 'clients', reasons: ['from matches *@acme.example'], ...subject } });
  await say(log, 'orchestrator', 'run', runId, { type: 'orchestrator.run.requested', data: { runId, inputId, agent: desk.name, ...subject } });
  await until(() => eventsOf(log, 'hold', runId), (events) => events.length > 0);
  const recallId = `${short}-r1`;
  await say(log, 'runtime', 'loop', runId, { ...claimed(runId), data: { ...claimed(runId).data, inputId } } as never, { type: 'runtime.loop.recall-requested', data: { recallId, query: 'rate', limit: 5, inputId, ...subject } });
  const fact = { factId: 'fact-1', text: 'The hourly rate is 95 EUR.', score: 4.5, trust: 'third-party-text' as const, source: { commit: factSource, index: 0, start: 0, end: 26 } };
  await say(log, 'memory', 'recall', runId, { type: 'memory.recall.answered', data: { recallId, facts: [fact], session: [], index: 'words-1', asOf: [], ...subject } });
  await say(log, 'runtime', 'loop', runId, { type: 'runtime.loop.model-asked', data: { ...ask, ...subject } });
  await say(log, 'runtime', 'loop', runId, { type: 'runtime.loop.model-answered', data: { askId: ask.askId, model: 'rehearsal', rehearsal: true, text: '', toolCalls: [{ callId: 'c1', tool: 'mail.send', args: {} }], finishReason: 'tool', inputTokens: 10, outputTokens: 5, costMicros: 1_500, ...subject } }, effectRequested(runId));
  const opened = await until(() => gateEvents(log, runId), (events) => events.some(({ type }) => type === 'governance.gate.opened'));
  const { digest } = opened.find((event): event is Extract<Gate, { type: 'governance.gate.opened' }> => event.type === 'governance.gate.opened')!.data;
  expect((await call(company, 'POST', `/v1/gates/${gateId}/decision`, { body: { decision: 'approve', digest, surface: 'cli' } })).status).toBe(200);
  const authorized = (await gateEvents(log, runId)).find((event): event is Extract<Gate, { type: 'governance.gate.authorized' }> => event.type === 'governance.gate.authorized')!.data;
  const which = { effectId, generation: 1 };
  await say(log, 'connectors', 'effect', runId, { type: 'connectors.effect.attempted', data: { ...which, action: 'mail.send', digest, nonce: authorized.nonce, effectClass: 'check-first', idempotencyKey: `${effectId}-g1`, epoch: 1, claimName: 'claim-1' } });
  await say(log, 'connectors', 'arming', runId, { type: 'connectors.arming.armed', data: { ...which, haltSequence: 0 } });
  await say(log, 'connectors', 'effect', runId, { type: 'connectors.effect.succeeded', data: { ...which, ...subject, receipt: { messageId: SENT, accepted: ['client@acme.example'] }, knownBy: 'wire' } });
  await say(log, 'runtime', 'loop', runId, finished(1_500));
  await until(() => eventsOf(log, 'hold', runId), (events) => events.some(({ type }) => type === 'governance.hold.released'));
});
afterAll(() => company.stop());

const STEPS = ['trigger', 'routing', 'run', 'budget', 'admission', 'policy', 'recall', 'source', 'ask', 'answer', 'request', 'draft', 'verdict', 'gate', 'decision', 'authorization', 'attempt', 'arming', 'outcome', 'cost', 'cost'];

test('one mail, asked about by each kind of id: the same whole chain, from what came in to the receipt and the cost', async () => {
  const episode = await company.connection.log.episode(runId);
  const outcome = episode.find(({ events }) => events.some(({ type }) => type === 'connectors.effect.succeeded'))!;
  const place = `EVENTS-${outcome.position.stream}:${outcome.position.sequence}`;
  const ids = { [gateId]: 'gate', [effectId]: 'effect', [SENT]: 'sent-mail', [outcome.id]: 'commit', [place]: 'commit' };
  const answers = await Promise.all(Object.keys(ids).map(why));
  for (const [index, kind] of Object.values(ids).entries()) {
    expect(answers[index]).toMatchObject({ status: 200, body: { kind, runId, effectId, isWhole: true } });
    expect(answers[index]?.body.lines.map(({ step }: { step: string }) => step)).toEqual(STEPS);
    expect(answers[index]?.body.lines).toEqual(answers[0]?.body.lines);
    apiShapes.WhyAnswer.parse(answers[index]?.body);
  }
  for (const [id, kind] of [[runId, 'run'], [RECEIVED, 'received-mail']] as const) {
    const { body } = await why(id);
    expect(body).toMatchObject({ kind, runId, effectId: null, isWhole: true });
    expect(body.lines.map(({ step }: { step: string }) => step)).toEqual(STEPS.slice(0, -1));
  }
  expect(answers[2]?.body.found).toBe('the receipt of generation 1 names it');
});

test('[M5] every link names a commit that lies at that place, in the unbroken chain of its entity, and holds that event', async () => {
  const { lines } = (await why(SENT)).body;
  for (const { evidence } of lines) {
    const commit = await company.connection.log.commitAt(evidence);
    expect(commit).toMatchObject({ id: evidence.commit, at: evidence.at });
    // Reading a history checks its chain from the head down.
    const history = await company.connection.log.history(commit!.address);
    expect(history.filter(({ id, hash }) => id === evidence.commit && hash === commit?.hash)).toHaveLength(1);
    expect(commit?.events.map(({ type }) => type)).toContain(evidence.event);
  }
});

test('[V11] the draft names the source of each sentence, and the source its place; the verdict its policy, rule and facts', async () => {
  const { lines } = (await why(effectId)).body;
  const of = (step: string): any => {
    const { text, standing, details } = lines.find((line: { step: string }) => line.step === step);
    return { text, standing, ...Object.fromEntries(details.map(({ name, value }: { name: string; value: string }) => [name, value])) };
  };
  expect(of('source')).toMatchObject({ text: '[1] The hourly rate is 95 EUR.', from: `commit ${factSource}, event 0, characters 0 to 26` });
  expect(of('draft')).toMatchObject({ text: 'The hourly rate is 95 EUR.', 'rests on': '[1]' });
  expect(of('ask')).toMatchObject({ 'drawing from': 'what came in, [1]' });
  expect(of('budget')).toMatchObject({ 'company/day/money': 'limit 1000000000 micro-units, hard' });
  expect(of('verdict')).toMatchObject({ text: 'The policy asked for a decision.', policy: expect.stringMatching(/^company@[0-9a-f]{16}$/), rule: expect.any(String), 'fact effect': expect.any(String), 'fact hasNewRecipient': expect.any(String) });
  expect(of('decision')).toMatchObject({ text: 'operator approved it on the surface cli.' });
  expect(of('outcome').receipt).toContain(SENT);
});

test('the reservation is found again after the ledger has gone on past its next snapshot', async () => {
  const { log } = company;
  const before = (await why(SENT)).body.lines;
  const others = Array.from({ length: 60 }, (_, number) => runIdOf(9_000 + number));
  for (const other of others) await requestRun(log, other);
  await until(async () => (await Promise.all(others.map((other) => eventsOf(log, 'hold', other)))).flat().length, (count) => count >= others.length);
  const ledger = { context: 'governance', entity: 'budget', key: 'company' } as const;
  const reservation = before.find((line: { step: string }) => line.step === 'budget').evidence;
  expect((await company.connection.log.read(ledger)).map(({ id }) => id)).not.toContain(reservation.commit);
  expect((await why(SENT)).body.lines).toEqual(before);
});

test('what is not on record is 404 and says so; a route without the token is 401', async () => {
  for (const id of ['nothing', 'f'.repeat(32), `${short}-e9`, `${runId}-g9`, `<${short}-e1-g7x@soloist.local>`, '<nobody@acme.example>', 'EVENTS-99:1', 'EVENTS-0:999999', 'NO ID']) {
    expect(await why(id), id).toMatchObject({ status: 404, body: { error: { code: 'why.unknown' } } });
  }
  expect((await why('f'.repeat(32))).body.error.message).toContain('EVENTS-STREAM:SEQUENCE');
  expect((await call(company, 'GET', `/v1/why/${runId}`, { token: null })).status).toBe(401);
});

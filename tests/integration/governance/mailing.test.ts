/** What is mailed to the operator, over the API; and digests, on the broker's own timers with a clock that the test moves. */
import type { MailDigest, MailingEvent } from '@soloist/contracts';
import { createMemoryLog, type MemoryLog } from '@soloist/eventlog';
import { apiShapes } from '@soloist/governance';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, type Answer } from './api-client.fixture.js';
import { catalog, document, eventsOf, HeldTime, openGate, openInProcess, requestRun, runIdOf, say, until } from './company.fixture.js';
import { startReplica, type Replica } from './event-stream.fixture.js';
import { HeldScheduler } from './held-scheduler.fixture.js';

const START = Date.parse('2026-12-01T06:00:00.000Z');
const HOUR_MS = 3_600_000;
const ADA = 'ada@phone.example';
const berlin = { at: '08:00', timeZone: 'Europe/Berlin' };
const LEDGER_SETTLED = 1;

async function mailingEvents(log: MemoryLog): Promise<readonly MailingEvent[]> {
  return ((await eventsOf(log, 'mailing', 'company')) as readonly MailingEvent[]).filter(({ type }) => type !== 'governance.mailing.snapshotted');
}
const typesOf = async (log: MemoryLog): Promise<readonly string[]> => (await mailingEvents(log)).map(({ type }) => type.replace('governance.mailing.', ''));
const digestsOf = async (log: MemoryLog): Promise<readonly MailDigest[]> => (await mailingEvents(log)).flatMap((event) => (event.type === 'governance.mailing.digested' ? [event.data] : []));

describe('mails to the operator, over the API', () => {
  let company: Replica;
  beforeAll(async () => {
    company = await startReplica(createMemoryLog({ streams: 8 }));
  });
  afterAll(() => company.stop());
  const post = (path: string, body: unknown, token?: string): Promise<Answer> => call(company, 'POST', path, { body, ...(token === undefined ? {} : { token }) });
  const shown = async (): Promise<any> => apiShapes.MailingCard.parse((await call(company, 'GET', '/v1/mailing')).body);

  test('[C14] are set, shown and ended, each a fact with who did it; the address lies sealed on the log', async () => {
    expect(await shown()).toEqual({ address: null, reminders: false, digest: null, nextDigestAt: null, state: 'good', failuresInARow: 0, lastCode: null });
    expect(await post('/v1/mailing', { address: ADA, digest: berlin })).toMatchObject({ status: 200, body: { address: ADA, reminders: true, digest: berlin, nextDigestAt: '2026-11-25T07:00:00.000Z' } });
    expect((await shown()).address).toBe(ADA);
    expect(JSON.stringify(company.log.broker.stored('EVENTS-0').concat(...Array.from({ length: 7 }, (_, stream) => company.log.broker.stored(`EVENTS-${stream + 1}`))).map(({ body }) => Buffer.from(body).toString()))).not.toContain('phone.example');
    expect(await post('/v1/mailing', { address: 'ada@elsewhere.example', reminders: false, digest: { at: '19:30', timeZone: 'UTC' } })).toMatchObject({ body: { address: 'ada@elsewhere.example', reminders: false } });
    expect(await post('/v1/mailing/off', {})).toMatchObject({ status: 200, body: { address: null, reminders: false, digest: null, nextDigestAt: null } });
    expect(await post('/v1/mailing/off', {})).toMatchObject({ status: 404, body: { error: { code: 'mailing.not-set' } } });
    expect(await post('/v1/mailing/test', {})).toMatchObject({ status: 404, body: { error: { code: 'mailing.not-set' } } });
    const history = await company.log.log.history({ context: 'governance', entity: 'mailing', key: 'company' });
    const his = history.filter(({ actor }) => actor === 'operator');
    expect(his.map(({ actor, events }) => [actor, events[0]?.type.replace('governance.mailing.', '')])).toEqual([['operator', 'wished'], ['operator', 'wished'], ['operator', 'ended']]);
  });

  test('[X3] that are not right are refused with the field named, and nothing is on record', async () => {
    const before = (await mailingEvents(company.log)).length;
    const bodies = [{}, { address: 'ada' }, { address: `${ADA}\r\nBcc: eve@evil.example` }, { address: `${ADA}, eve@evil.example` }, { address: `Ada <${ADA}>` }, { address: ADA, reminders: false }, { address: ADA, digest: { at: '8:00', timeZone: 'UTC' } }, { address: ADA, digest: { at: '08:00', timeZone: 'Moon/Base' } }, { address: ADA, digest: { at: '08:00' } }, { address: ADA, copy: 'eve@evil.example' }];
    for (const body of bodies) expect(await post('/v1/mailing', body), JSON.stringify(body)).toMatchObject({ status: 400, body: { error: { code: 'request.invalid' } } });
    expect((await mailingEvents(company.log)).length).toBe(before);
  });

  test('are the operator\'s alone, to set and to see: no token has them', async () => {
    const { token } = (await post('/v1/tokens', { name: 'helpful', scopes: ['read', 'decide', 'operate', 'admin'] })).body;
    expect(await post('/v1/mailing', { address: 'eve@evil.example' }, token)).toMatchObject({ status: 403, body: { error: { code: 'token.not-owner' } } });
    for (const path of ['/v1/mailing/off', '/v1/mailing/test']) expect((await post(path, {}, token)).status).toBe(403);
    expect((await call(company, 'GET', '/v1/mailing', { token })).status).toBe(403);
  });

  test('are tried by a wish to the connectors, and how they go is what those recorded', async () => {
    await post('/v1/mailing', { address: ADA });
    const asked = post('/v1/mailing/test', {});
    const wish = await new Promise<any>((resolve) => {
      void company.log.connect('connectors').deliveries.consume('connectors', 'commands', (delivery) => resolve(delivery.command()));
    });
    expect(wish).toMatchObject({ actor: 'operator', body: { type: 'connectors.posting.test-mail', by: 'operator' } });
    await say(company.log, 'connectors', 'posting', 'operator-mail', { type: 'connectors.posting.snapshotted', data: { state: 'failing', inARow: 6, lastCode: 'mail.refused', settled: [], tests: [{ commandId: wish.id, code: 'mail.refused' }] } });
    expect(await asked).toMatchObject({ status: 200, body: { isDelivered: false, code: 'mail.refused' } });
    expect(await shown()).toMatchObject({ state: 'failing', failuresInARow: 6, lastCode: 'mail.refused' });
  });
});

describe('a digest', () => {
  interface World {
    readonly log: MemoryLog;
    readonly time: HeldTime;
    readonly pass: (hours: number) => void;
    readonly restart: () => Promise<void>;
    readonly stop: () => Promise<void>;
  }

  /** So many processes of governance on one log. */
  async function world({ processes = 1, quietHours }: { processes?: number; quietHours?: typeof document.quietHours } = {}): Promise<World> {
    const scheduler = new HeldScheduler(START);
    const log = createMemoryLog({ streams: 8, scheduler });
    const time = new HeldTime(new Date(START).toISOString());
    const policy = { ...catalog.policy, document: { ...document, ...(quietHours === undefined ? {} : { quietHours }) } };
    const open = (): Promise<Awaited<ReturnType<typeof openInProcess>>[]> => Promise.all(Array.from({ length: processes }, () => openInProcess({ ...catalog, policy }, { log, time })));
    let running = await open();
    await until(() => eventsOf(log, 'budget', 'company'), (events) => events.length >= LEDGER_SETTLED);
    await until(() => eventsOf(log, 'policy', 'company'), (events) => events.length > 0);
    const stop = async (): Promise<void> => {
      await Promise.all(running.map(({ running: one }) => one.stop()));
    };
    return {
      ...{ log, time, stop },
      pass: (hours) => {
        time.at = new Date(START + hours * HOUR_MS).toISOString();
        scheduler.moveTo(hours * HOUR_MS);
      },
      restart: async () => {
        await stop();
        running = await open();
      },
    };
  }

  /** As the desk does it: what is wished for is on record, and the rounds see to the timer. */
  async function wish({ log, time }: World, change: Partial<Extract<MailingEvent, { type: 'governance.mailing.snapshotted' }>['data']> = {}): Promise<void> {
    const data = { address: ADA, dataSubject: 'subject-1', reminders: true, digest: berlin, setAt: time.at, lookedAt: time.at, open: [], days: [], ...change };
    await say(log, 'governance', 'mailing', 'company', { type: 'governance.mailing.wished', data: { address: ADA, dataSubject: 'subject-1', reminders: true, digest: data.digest, at: time.at, by: 'operator' } }, { type: 'governance.mailing.snapshotted', data });
    await time.makeRounds();
  }

  test('[V9] comes each day at its hour, over restarts, with what is open; not on a day with nothing to say', async () => {
    const here = await world();
    await wish(here);
    here.pass(0.9);
    await here.restart();
    expect(await typesOf(here.log)).toEqual(['wished']);
    here.pass(1.1);
    await until(() => typesOf(here.log), (types) => types.length === 2);
    expect(await typesOf(here.log)).toEqual(['wished', 'passed']);
    const { gateId } = await openGate(here.log, runIdOf(8_001));
    here.pass(25.1);
    await until(() => digestsOf(here.log), (digests) => digests.length === 1);
    await here.restart();
    here.pass(49.1);
    const digests = await until(() => digestsOf(here.log), (found) => found.length === 2);
    expect(digests.map(({ day }) => day)).toEqual(['2026-12-02', '2026-12-03']);
    expect(digests[0]).toMatchObject({ open: { count: 1, gates: [{ gateId, kind: 'outward-effect', agent: 'desk' }] }, closed: { approved: 0, rejected: 0, expired: 0, gates: [] } });
    expect(JSON.stringify(digests)).not.toMatch(/acme|hourly rate|95 EUR/);
    await here.stop();
  });

  test('[V9] tells once that a gate was closed, and then no more', async () => {
    const here = await world();
    await wish(here);
    const { gateId, digest } = await openGate(here.log, runIdOf(8_002));
    here.pass(1.1);
    await until(() => digestsOf(here.log), (digests) => digests.length === 1);
    const body = { type: 'governance.gate.decide', runId: runIdOf(8_002), gateId, decision: 'reject', digest, by: 'operator', surface: 'api', reason: null };
    await here.log.connect('governance').log.command({ context: 'governance', entity: 'gate', key: runIdOf(8_002) }, { id: 'decide-1', actor: 'operator', body });
    await until(() => eventsOf(here.log, 'gate', runIdOf(8_002)), (events) => events.some(({ type }) => type === 'governance.gate.decided'));
    here.pass(25.1);
    const [, second] = await until(() => digestsOf(here.log), (digests) => digests.length === 2);
    expect(second).toMatchObject({ open: { count: 0 }, closed: { approved: 0, rejected: 1, expired: 0, gates: [{ gateId, as: 'rejected' }] } });
    here.pass(49.1);
    await until(() => typesOf(here.log), (types) => types.at(-1) === 'passed');
    expect(await digestsOf(here.log)).toHaveLength(2);
    await here.stop();
  });

  test('[V9] is one a day with two processes, and when the clock goes a year ahead and comes back', async () => {
    const here = await world({ processes: 2 });
    await wish(here);
    await openGate(here.log, runIdOf(8_003));
    // Many looks at the same hour, shared by both.
    const looks = Array.from({ length: 16 }, (_, number) => ({ timerId: `look-${number}`, address: { context: 'governance', entity: 'mailing', key: 'company' } as const, dueAt: new Date(START + 1.01 * HOUR_MS).toISOString(), body: null }));
    for (const look of looks) await here.log.connect('governance').log.arm(look);
    here.pass(1.1);
    await until(() => Promise.resolve(here.log.broker.stored('TIMERS-governance').filter(({ body }) => Buffer.from(body).toString().includes('look-'))), (timers) => timers.length === 0);
    await until(() => digestsOf(here.log), (digests) => digests.length === 1);
    await here.restart();
    expect(await digestsOf(here.log)).toHaveLength(1);
    here.pass(24 * 365);
    await until(() => typesOf(here.log), (types) => types.length === 3);
    here.pass(24 * 365 + 0.1);
    await until(() => typesOf(here.log), (types) => types.length === 4);
    const days = (await mailingEvents(here.log)).flatMap((event) => ('day' in event.data ? [event.data.day] : []));
    expect(days).toEqual(['2026-12-01', '2026-12-02', '2027-11-30']);
    // Back again: what the rounds arm is by the clock of now.
    here.time.at = new Date(START + 26 * HOUR_MS).toISOString();
    await here.time.makeRounds();
    const armed = here.log.broker.stored('TIMERS-governance').filter(({ subject }) => subject.includes('digest-2026-12-03'));
    expect(armed).toHaveLength(1);
    await here.stop();
  });

  test('[V9] tells of runs that ask for more than a budget line has, with the amounts', async () => {
    const here = await world();
    await wish(here);
    await here.log.connect('governance').log.command({ context: 'governance', entity: 'budget', key: 'company' }, { id: 'limit-1', actor: 'operator', body: { type: 'governance.budget.limit', line: 'agent/desk/day/money', limit: 50_000, mode: 'ask', by: 'operator' } });
    await until(() => eventsOf(here.log, 'budget', 'company'), (events) => events.some((event) => (event.data as { line?: string }).line === 'agent/desk/day/money'));
    await requestRun(here.log, runIdOf(8_006));
    await until(() => eventsOf(here.log, 'hold', runIdOf(8_006)), (events) => events.length > 0);
    here.pass(1.1);
    const [digest] = await until(() => digestsOf(here.log), (digests) => digests.length === 1);
    expect(digest?.asks).toEqual({ count: 1, runs: [{ runId: runIdOf(8_006), agent: 'desk', currency: 'USD', lines: [{ line: 'agent/desk/day/money', limit: 50_000, committed: 0, needed: 200_000 }] }] });
    await here.stop();
  });

  test('[V8] waits for the end of quiet hours', async () => {
    const here = await world({ quietHours: { from: '22:00', to: '09:30', timeZone: 'Europe/Berlin' } });
    await wish(here);
    await openGate(here.log, runIdOf(8_004));
    here.pass(2.4);
    await here.restart();
    expect(await digestsOf(here.log)).toEqual([]);
    here.pass(2.6);
    expect(await until(() => digestsOf(here.log), (digests) => digests.length === 1)).toMatchObject([{ day: '2026-12-01' }]);
    await here.stop();
  });

  test('is none once it is off, nor for an hour that was over when it was wished for', async () => {
    const here = await world();
    await wish(here, { digest: { at: '06:30', timeZone: 'Europe/Berlin' } });
    await openGate(here.log, runIdOf(8_005));
    here.pass(20);
    await here.restart();
    expect(await typesOf(here.log)).toEqual(['wished']);
    await say(here.log, 'governance', 'mailing', 'company', { type: 'governance.mailing.ended', data: { by: 'operator' } }, { type: 'governance.mailing.snapshotted', data: { address: null, dataSubject: 'subject-1', reminders: false, digest: null, setAt: here.time.at, lookedAt: here.time.at, open: [], days: [] } });
    here.pass(72);
    await until(() => Promise.resolve(here.log.broker.stored('TIMERS-governance').filter(({ subject }) => subject.includes('.mailing.'))), (timers) => timers.length === 0);
    await here.restart();
    expect(await typesOf(here.log)).toEqual(['wished', 'ended']);
    await here.stop();
  });
});
